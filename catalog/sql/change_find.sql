-- A change as far as rules need it.
--
-- $1 bigint the number of CR-n
SELECT c.id, c.kind, c.event_id, c.line_id, l.team_id AS owner_id, t.slug AS owner, c.author_team, r.id AS revision_id, c.new_line_id, l.event_name, l.name AS line,
       l.state AS line_state, c.title, c.author, c.state, c.class, c.context, c.plan, c.suggestion, c.strategy = 'new_line' AS new_line, c.auto_apply,
       c.revision, c.override IS NOT NULL AS overridden, v.id AS applied_id, vl.name || '.' || v.minor || '.' || v.patch AS applied_version,
       r.format, r.text, r.refs, r.terms, r.target, r.content_hash, r.class AS revision_class,
       coalesce((SELECT subject FROM line_version WHERE id = r.base_version),
                (SELECT subject FROM line_subject s WHERE s.line_id = c.line_id ORDER BY role DESC, s.id LIMIT 1)) AS subject,
       n.name AS new_line_name, n.state AS new_line_state,
       coalesce(c.plan ->> 'retire', '') AS retire, catalog_instant((c.plan #>> '{dual_publish,until}')::timestamptz) AS dual_until,
       c.plan ->> 'migration_guide' AS migration_guide, c.plan ->> 'subject' AS new_subject
  FROM change c
  JOIN line_named l ON l.id = c.line_id
  JOIN team t ON t.id = l.team_id
  JOIN revision r ON r.change_id = c.id AND r.n = c.revision
  LEFT JOIN line_version v ON v.id = c.applied_version
  LEFT JOIN line_named vl ON vl.id = v.line_id
  LEFT JOIN line_named n ON n.id = c.new_line_id
 WHERE c.id = $1::bigint
