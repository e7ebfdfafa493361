-- All that the page of an event shows.
--
-- $1 bigint event   $2 jsonb what the policy requires to be documented
SELECT e.rev,
       event_item(e.id)
       || jsonb_build_object(
              'description', e.description, 'reason_to_exist', e.reason_to_exist, 'docs', e.docs, 'replacement', e.replacement, 'labels', e.labels,
              'aliases', (SELECT coalesce(jsonb_agg(n.name ORDER BY n.id), '[]') FROM event_name n WHERE n.event_id = e.id AND n.name <> e.name),
              'domain', (SELECT slug FROM domain WHERE id = e.domain_id),
              'owner', t.slug,
              'team', jsonb_build_object(
                  'slug', t.slug, 'name', t.name, 'contact', t.contact, 'dissolved', t.dissolved_at IS NOT NULL,
                  'members', (SELECT count(*) FROM membership m JOIN person p ON p.id = m.person_id AND NOT p.disabled WHERE m.team_id = t.id),
                  'links', jsonb_build_object('self', '/api/v1/teams/' || t.slug, 'ui', '/ui/teams/' || t.slug)),
              'contact', CASE WHEN e.contact <> '{}' THEN e.contact ELSE t.contact END,
              'oncall', CASE WHEN e.oncall <> '{}' THEN e.oncall ELSE t.oncall END
                        || jsonb_build_object('current', catalog_oncall(CASE WHEN e.oncall <> '{}' THEN e.oncall ELSE t.oncall END, catalog_now())),
              'own', jsonb_build_object('contact', e.contact, 'oncall', e.oncall),
              'transfer', (SELECT jsonb_build_object('to', slug) FROM team WHERE id = e.transfer_to),
              'lines', (SELECT coalesce(jsonb_agg(line_json(l.id) ORDER BY l.major), '[]') FROM line l WHERE l.event_id = e.id),
              'contract', (SELECT jsonb_build_object('line', e.name || '@' || l.major, 'n', k.n, 'terms', k.terms)
                             FROM contract k JOIN line l ON l.id = k.line_id
                            WHERE k.line_id = event_line(e.id) ORDER BY k.n DESC LIMIT 1),
              'current', (SELECT version_json(line_current(event_line(e.id), 'value'), true)),
              'counts', jsonb_build_object(
                  'consumers', event_item(e.id) -> 'consumers', 'producers', event_item(e.id) -> 'producers',
                  'versions', (SELECT count(*) FROM line_version v JOIN line l ON l.id = v.line_id
                                WHERE l.event_id = e.id AND v.state IN ('active', 'superseded')),
                  'fields', (SELECT count(*) FROM line_field f WHERE f.line_id = event_line(e.id) AND f.removed IS NULL)),
              'readiness', coalesce(line_readiness(event_line(e.id), $2::jsonb), '{"complete": false, "missing": ["line"], "calls": []}'),
              'changes', (SELECT coalesce(jsonb_agg('CR-' || ch.id ORDER BY ch.id), '[]') FROM change ch
                           WHERE ch.event_id = e.id AND ch.state IN ('draft', 'open')),
              'created_at', catalog_instant(e.created_at), 'created_by', e.created_by, 'updated_by', e.updated_by, 'rev', e.rev) AS body
  FROM event e JOIN team t ON t.id = e.team_id
 WHERE e.id = $1::bigint
