-- Everything that the page of a change shows, in one object.
--
-- $1 bigint change
WITH c AS (
    SELECT c.*, l.name AS line, l.event_name AS event, l.team_id AS owner_id, change_blockers(c.id) AS blockers
      FROM change c JOIN line_named l ON l.id = c.line_id
     WHERE c.id = $1::bigint
), r AS (
    SELECT r.* FROM c JOIN revision r ON r.change_id = c.id AND r.n = c.revision
), rows AS (
    SELECT i.*, k.public_id, k.criticality, s.slug AS service, t.slug AS team
      FROM r
      JOIN impact i ON i.revision_id = r.id
      JOIN consumption k ON k.id = i.consumption_id
      JOIN service s ON s.id = k.service_id
      JOIN team t ON t.id = team_acting(s.team_id)
), board AS (
    SELECT jsonb_agg(jsonb_build_object(
               'id', 'rq_' || q.id, 'team', t.slug, 'asked_as', nullif(a.slug, t.slug), 'act', q.act, 'status', q.status, 'reason', q.reason,
               'covers', (SELECT coalesce(jsonb_agg(s.slug ORDER BY s.slug), '[]') FROM consumption k JOIN service s ON s.id = k.service_id
                           WHERE k.id = ANY (q.covers)),
               'fingerprints', q.fingerprints, 'asked', catalog_instant(q.created_at),
               'seen', (SELECT catalog_instant(min(n.delivered_at)) FROM notice n WHERE n.change_id = q.change_id AND n.consumption_id = ANY (q.covers)),
               'decided', catalog_instant(q.said_at), 'by', q.person, 'automatic', q.automatic, 'comment', q.comment,
               'not_before', catalog_instant(q.not_before), 'due', catalog_instant(q.due_at), 'reminded', q.reminded) ORDER BY q.act DESC, t.slug) AS body
      FROM c
      JOIN requirement_now q ON q.change_id = c.id AND q.status <> 'not_needed'
      JOIN team a ON a.id = q.team_id
      JOIN team t ON t.id = team_acting(q.team_id)
)
SELECT c.rev, jsonb_build_object(
           'id', 'CR-' || c.id, 'kind', c.kind, 'state', c.state, 'title', c.title, 'rationale', c.rationale, 'summary', r.summary,
           'event', c.event, 'line', c.line, 'owner', (SELECT slug FROM team WHERE id = c.owner_id), 'author', c.author,
           'author_team', (SELECT slug FROM team WHERE id = c.author_team), 'suggestion', c.suggestion, 'class', c.class, 'strategy', c.strategy,
           'plan', c.plan, 'source', c.source, 'context', c.context, 'revision', c.revision, 'semver', c.semver, 'labels', c.labels)
       || jsonb_build_object(
           'candidate', CASE c.kind WHEN 'schema' THEN jsonb_build_object('format', r.format, 'text', r.text, 'references', r.refs)
                                    WHEN 'contract' THEN r.terms ELSE r.target END,
           'base', (SELECT v.semver FROM line_version v WHERE v.id = r.base_version), 'content_hash', r.content_hash,
           'findings', (SELECT coalesce(jsonb_agg(jsonb_build_object('fingerprint', f.fingerprint, 'rule', f.rule, 'class', f.class, 'direction', f.direction,
                                'path', f.path, 'message', f.message, 'hint', f.hint, 'source', f.source, 'counterexample', f.counterexample)
                                ORDER BY f.position), '[]') FROM finding f WHERE f.revision_id = r.id),
           'impact', (SELECT coalesce(jsonb_agg(jsonb_build_object('consumption', public_id, 'service', service, 'team', team, 'criticality', criticality,
                                'verdict', verdict, 'evidence', evidence, 'act', act, 'stale', stale, 'because', because, 'counterexample', counterexample,
                                'last_seen', last_seen, 'note', note)
                                ORDER BY array_position('{broken,unknown,at_risk,unaffected}', verdict), service), '[]') FROM rows),
           'counts', (SELECT jsonb_build_object('broken', count(*) FILTER (WHERE verdict = 'broken' AND NOT stale),
                                'unknown', count(*) FILTER (WHERE verdict = 'unknown' AND NOT stale),
                                'at_risk', count(*) FILTER (WHERE verdict = 'at_risk' AND NOT stale),
                                'unaffected', count(*) FILTER (WHERE verdict = 'unaffected' AND NOT stale),
                                'stale', count(*) FILTER (WHERE stale)) FROM rows),
           'alternatives', r.alternatives, 'requirements', coalesce((SELECT body FROM board), '[]'),
           'blockers', c.blockers, 'ready', c.state = 'open' AND c.blockers = '[]', 'may_apply_now', change_may_apply(c.id, c.blockers),
           'you_can', CASE WHEN c.state IN ('draft', 'open') THEN change_you_can(c.id, c.blockers) ELSE '[]' END)
       || jsonb_build_object(
           'decisions', (SELECT coalesce(jsonb_agg(jsonb_build_object('requirement', 'rq_' || q.id, 'team', t.slug, 'revision', d.revision, 'act', d.act, 'by', d.person,
                                'at', catalog_instant(d.created_at), 'not_before', catalog_instant(d.not_before), 'comment', d.comment,
                                'automatic', d.automatic, 'reset_at', catalog_instant(d.reset_at)) ORDER BY d.id), '[]')
                           FROM requirement q JOIN decision d ON d.requirement_id = q.id JOIN team t ON t.id = q.team_id WHERE q.change_id = c.id),
           'comments', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'author', m.author, 'body', m.body, 'at', catalog_instant(m.created_at))
                                ORDER BY m.id), '[]') FROM remark m WHERE m.change_id = c.id),
           'revisions', (SELECT jsonb_agg(jsonb_build_object('n', v.n, 'class', v.class, 'semver', v.semver, 'summary', v.summary,
                                'content_hash', v.content_hash, 'at', catalog_instant(v.created_at), 'by', v.created_by) ORDER BY v.n)
                           FROM revision v WHERE v.change_id = c.id),
           'opened_at', catalog_instant(c.opened_at), 'created_at', catalog_instant(c.created_at), 'updated_at', catalog_instant(c.updated_at),
           'effective_not_before', catalog_instant(c.effective_not_before), 'expires_at', catalog_instant(c.expires_at),
           'auto_apply', c.auto_apply, 'closed_at', catalog_instant(c.closed_at), 'closed_by', c.closed_by, 'close_reason', c.close_reason,
           'overridden', c.override,
           'applied', (SELECT jsonb_build_object('line', l.name, 'version', v.semver, 'subject', v.subject, 'number', v.version, 'schema_id', v.schema_id)
                         FROM line_version v JOIN line_named l ON l.id = v.line_id WHERE v.id = c.applied_version),
           'new_line', (SELECT name FROM line_named WHERE id = c.new_line_id), 'rev', c.rev,
           'links', jsonb_build_object('self', '/api/v1/changes/CR-' || c.id, 'ui', '/ui/changes/CR-' || c.id,
                                       'line', '/api/v1/lines/' || c.line, 'audit', '/api/v1/audit?object=change:CR-' || c.id)) AS body
  FROM c, r
