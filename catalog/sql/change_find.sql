-- A change as far as rules need it.
--
-- $1 bigint the number of CR-n
--
-- sunset_at: as the plan says, and never sooner than the policy allows.
SELECT c.id, c.kind, c.event_id, c.line_id, l.team_id AS owner_id, t.slug AS owner, c.author_team, r.id AS revision_id, c.new_line_id, l.event_name, l.name AS line,
       l.state AS line_state, c.title, c.author, c.state, c.class, c.context, c.suggestion, c.strategy = 'new_line' AS new_line, c.auto_apply,
       c.revision, c.override IS NOT NULL AS overridden, c.ready_told, vl.name || '.' || v.minor || '.' || v.patch AS applied_version,
       r.format, r.text, r.refs, r.terms, r.target, r.content_hash, r.created_by AS revised_by,
       coalesce((SELECT subject FROM line_version WHERE id = r.base_version),
                (SELECT subject FROM line_subject s WHERE s.line_id = c.line_id ORDER BY role DESC, s.id LIMIT 1)) AS subject,
       n.name AS new_line_name, n.state AS new_line_state,
       c.plan ->> 'retire' AS retire,
       catalog_instant(greatest((c.plan #>> '{dual_publish,until}')::timestamptz,
           catalog_now() + make_interval(days => (change_rules(c.event_id) ->> 'deprecation_min_days')::integer, hours => 1))) AS sunset_at,
       c.plan ->> 'migration_guide' AS migration_guide, c.plan ->> 'subject' AS plan_subject,
       (SELECT max(major) + 1 FROM line WHERE event_id = c.event_id) AS next_major
  FROM change c
  JOIN line_named l ON l.id = c.line_id
  JOIN team t ON t.id = l.team_id
  JOIN revision r ON r.change_id = c.id AND r.n = c.revision
  LEFT JOIN line_version v ON v.id = c.applied_version
  LEFT JOIN line_named vl ON vl.id = v.line_id
  LEFT JOIN line_named n ON n.id = c.new_line_id
 WHERE c.id = $1::bigint
