-- Lines with everything that an export tells of them, one a row.
--
-- $1 text event or null   $2 text domain or null   $3 text team or null   $4 bool those without a version as well
--
-- item: JSON; version is that of the value's schema, null where the line has none yet.
SELECT json_build_object(
           'name', e.name || '@' || l.major, 'event', e.name, 'major', l.major, 'title', coalesce(nullif(e.title, ''), e.name),
           'summary', e.summary, 'description', e.description, 'reason', e.reason_to_exist, 'category', e.category,
           'audience', e.audience, 'classification', e.classification, 'tags', e.tags, 'docs', e.docs,
           'domain', d.slug, 'team', t.slug, 'team_name', t.name,
           'contact', CASE WHEN e.contact = '{}' THEN t.contact ELSE e.contact END,
           'state', l.state, 'level', l.level, 'activated_at', l.activated_at, 'deprecated_at', l.deprecated_at,
           'sunset_at', l.sunset_at, 'removed_at', l.removed_at, 'replacement', l.replacement,
           'migration_guide', l.migration_guide,
           'contract', coalesce((SELECT terms FROM contract WHERE line_id = l.id ORDER BY n DESC LIMIT 1), '{}'),
           'subjects', (SELECT json_agg(json_build_object('subject', subject, 'role', role) ORDER BY subject)
                          FROM line_subject WHERE line_id = l.id),
           'version', row_to_json(v),
           'fields', (SELECT json_agg(json_build_object('path', path, 'name', name, 'type', type, 'required', required,
                                                        'logical', logical, 'unit', unit, 'tags', tags, 'doc', doc)
                                      ORDER BY position)
                        FROM line_field WHERE line_id = l.id AND role = 'value' AND removed IS NULL),
           'producers', (SELECT json_agg(s.slug ORDER BY s.slug)
                           FROM production p JOIN service s ON s.id = p.service_id
                          WHERE p.line_id = l.id AND p.ended_at IS NULL),
           'consumers', (SELECT json_agg(s.slug ORDER BY s.slug)
                           FROM consumption c JOIN service s ON s.id = c.service_id
                          WHERE c.line_id = l.id AND c.state = 'active'),
           'channels', (SELECT json_agg(json_build_object('slug', ch.slug, 'broker', ch.broker, 'address', ch.address,
                                                          'environments', ch.environments, 'settings', ch.settings)
                                        ORDER BY ch.slug)
                          FROM channel_line cl JOIN channel ch ON ch.id = cl.channel_id
                         WHERE cl.line_id = l.id)) AS item
  FROM event e
  JOIN line l ON l.event_id = e.id
  JOIN team t ON t.id = e.team_id
  LEFT JOIN domain d ON d.id = e.domain_id
  LEFT JOIN LATERAL (
       SELECT lv.semver, lv.subject, lv.version, lv.schema_id, lv.format, lv.text
         FROM line_version lv
        WHERE lv.line_id = l.id AND lv.state = 'active'
          AND lv.subject NOT IN (SELECT ls.subject FROM line_subject ls WHERE ls.line_id = l.id AND ls.role = 'key')
        ORDER BY lv.major DESC, lv.minor DESC, lv.patch DESC, lv.id DESC
        LIMIT 1) v ON true
 WHERE ($1::text IS NULL OR e.name = $1::text)
   AND ($2::text IS NULL OR d.slug = $2::text)
   AND ($3::text IS NULL OR t.slug = $3::text)
   AND l.state <> 'abandoned'
   AND ($4::boolean OR v.text IS NOT NULL)
 ORDER BY e.name, l.major
