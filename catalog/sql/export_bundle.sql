-- Everything that a catalog needs to stand again elsewhere, by names alone: no ids but those of schemas, no secrets.
--
-- body: JSON; POST /api/v1/import takes it.
SELECT json_build_object(
           'avow', 1,
           'exported_at', now(),
           'environments', (SELECT json_agg(json_build_object('name', name, 'order', position, 'production', production)
                                            ORDER BY position, name) FROM environment),
           'users', (SELECT json_agg(json_build_object('login', login, 'name', name, 'email', email, 'role', role,
                                                       'disabled', disabled) ORDER BY login) FROM person),
           'teams', (SELECT json_agg(json_build_object('slug', t.slug, 'name', t.name, 'description', t.description,
                                                       'contact', t.contact, 'oncall', t.oncall, 'labels', t.labels,
                                                       'members', (SELECT json_agg(json_build_object('login', p.login, 'role', m.role)
                                                                                   ORDER BY p.login)
                                                                     FROM membership m JOIN person p ON p.id = m.person_id
                                                                    WHERE m.team_id = t.id)) ORDER BY t.slug)
                       FROM team t WHERE dissolved_at IS NULL),
           'domains', (SELECT json_agg(json_build_object('slug', d.slug, 'name', d.name, 'description', d.description,
                                                         'team', t.slug, 'labels', d.labels) ORDER BY d.slug)
                         FROM domain d LEFT JOIN team t ON t.id = d.team_id),
           'policies', (SELECT json_agg(json_build_object('scope', scope, 'settings', settings) ORDER BY scope) FROM policy),
           'services', (SELECT json_agg(json_build_object('slug', s.slug, 'name', s.name, 'description', s.description,
                                                          'kind', s.kind, 'repo', s.repo, 'tier', s.tier, 'team', t.slug,
                                                          'labels', s.labels) ORDER BY s.slug)
                          FROM service s JOIN team t ON t.id = s.team_id),
           'channels', (SELECT json_agg(json_build_object('slug', slug, 'broker', broker, 'address', address,
                                                          'environments', environments, 'settings', settings,
                                                          'lines', (SELECT json_agg(n.name ORDER BY n.name)
                                                                      FROM channel_line cl JOIN line_named n ON n.id = cl.line_id
                                                                     WHERE cl.channel_id = c.id)) ORDER BY slug)
                          FROM channel c),
           'events', (SELECT json_agg(json_build_object(
                                 'name', e.name, 'title', e.title, 'summary', e.summary, 'description', e.description,
                                 'reason_to_exist', e.reason_to_exist, 'domain', d.slug, 'owner', t.slug, 'contact', e.contact,
                                 'oncall', e.oncall, 'category', e.category, 'audience', e.audience,
                                 'classification', e.classification, 'tags', e.tags, 'docs', e.docs, 'labels', e.labels,
                                 'lines', (SELECT json_agg(json_build_object(
                                                      'major', l.major, 'state', l.state, 'compatibility', l.level,
                                                      'activated_at', l.activated_at, 'deprecated_at', l.deprecated_at,
                                                      'sunset_at', l.sunset_at, 'removed_at', l.removed_at, 'reason', l.reason,
                                                      'replacement', l.replacement, 'migration_guide', l.migration_guide,
                                                      'contract', (SELECT terms FROM contract WHERE line_id = l.id ORDER BY n DESC LIMIT 1),
                                                      'subjects', (SELECT json_agg(json_build_object('subject', subject, 'role', role)
                                                                                   ORDER BY subject)
                                                                     FROM line_subject WHERE line_id = l.id),
                                                      'versions', (SELECT json_agg(json_build_object(
                                                                              'semver', v.semver, 'subject', v.subject,
                                                                              'version', v.version, 'id', v.schema_id,
                                                                              'state', v.state, 'accepted_break', v.accepted_break)
                                                                          ORDER BY v.id)
                                                                     FROM line_version v WHERE v.line_id = l.id))
                                                  ORDER BY l.major)
                                             FROM line l WHERE l.event_id = e.id)) ORDER BY e.name)
                        FROM event e JOIN team t ON t.id = e.team_id LEFT JOIN domain d ON d.id = e.domain_id),
           'productions', (SELECT json_agg(json_build_object('service', s.slug, 'line', n.name, 'environments', p.environments,
                                                             'evidence', p.evidence) ORDER BY n.name, s.slug)
                             FROM production p JOIN service s ON s.id = p.service_id JOIN line_named n ON n.id = p.line_id
                            WHERE p.ended_at IS NULL),
           'consumptions', (SELECT json_agg(json_build_object(
                                       'service', s.slug, 'line', n.name, 'version_range', c.version_range,
                                       'environments', c.environments, 'purpose', c.purpose, 'criticality', c.criticality,
                                       'reader', c.reader, 'reader_format', c.reader_format, 'reader_text', c.reader_text,
                                       'not_relied_on', c.not_relied_on, 'state', c.state,
                                       'fields', (SELECT json_agg(json_build_object('path', path, 'need', need,
                                                                                    'enum_handling', enum_handling, 'use', use)
                                                                  ORDER BY path)
                                                    FROM consumption_field WHERE consumption_id = c.id))
                                   ORDER BY n.name, s.slug)
                              FROM consumption c JOIN service s ON s.id = c.service_id JOIN line_named n ON n.id = c.line_id
                             WHERE c.state IN ('active', 'requested')),
           'schemas', (SELECT json_agg(json_build_object(
                                  'subject', s.qualified, 'version', v.version, 'id', v.schema_id, 'schemaType', sc.type,
                                  'schema', sc.text, 'references', sc.refs::json, 'metadata', sc.metadata::json,
                                  'ruleSet', sc.rule_set::json, 'deleted', v.deleted_at IS NOT NULL)
                              ORDER BY v.schema_id, s.qualified, v.version)
                         FROM subject_version v
                         JOIN subject s ON s.id = v.subject_id
                         JOIN schema sc ON sc.context_id = v.context_id AND sc.id = v.schema_id),
           'settings', (SELECT json_agg(json_strip_nulls(json_build_object(
                                   'scope', s.scope, 'mode', s.mode,
                                   'config', json_build_object(
                                       'compatibility', s.level, 'normalize', s.normalize, 'validateFields', s.validate_fields,
                                       'compatibilityPolicy', s.policy, 'verdictMode', s.verdict_mode,
                                       'compatibilityGroup', s.compatibility_group, 'alias', s.alias,
                                       'defaultMetadata', s.default_metadata::json, 'overrideMetadata', s.override_metadata::json,
                                       'defaultRuleSet', s.default_rule_set::json, 'overrideRuleSet', s.override_rule_set::json)))
                               ORDER BY s.scope)
                          FROM setting s)) AS body
