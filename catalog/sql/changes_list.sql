-- Changes, the newest first.
--
-- $1 bigint before which, or null   $2 bigint limit   $3 text state or null   $4 text team or null: the owner, the author's, or one that is asked
-- $5 text event or null   $6 text author or null   $7 text[] teams of who asks, or null: those that concern them   $8 text who asks
SELECT c.id::text AS key,
       jsonb_build_object('id', 'CR-' || c.id, 'kind', c.kind, 'state', c.state, 'title', c.title, 'event', l.event_name, 'line', l.name,
           'class', c.class, 'strategy', c.strategy, 'revision', c.revision, 'semver', c.semver, 'author', c.author, 'suggestion', c.suggestion,
           'owner', o.slug, 'summary', (SELECT summary FROM revision r WHERE r.change_id = c.id AND r.n = c.revision),
           'waiting', (SELECT coalesce(jsonb_agg(t.slug ORDER BY t.slug), '[]') FROM requirement_now q JOIN team t ON t.id = team_acting(q.team_id)
                        WHERE q.change_id = c.id AND q.status = 'waiting' AND c.state = 'open'),
           'due', (SELECT catalog_instant(min(q.due_at)) FROM requirement_now q WHERE q.change_id = c.id AND q.status = 'waiting' AND c.state = 'open'),
           'blockers', (SELECT coalesce(jsonb_agg(DISTINCT b -> 'code'), '[]') FROM jsonb_array_elements(change_blockers(c.id)) b),
           'opened_at', catalog_instant(c.opened_at), 'updated_at', catalog_instant(c.updated_at), 'closed_at', catalog_instant(c.closed_at),
           'links', jsonb_build_object('self', '/api/v1/changes/CR-' || c.id, 'ui', '/ui/changes/CR-' || c.id)) AS item
  FROM change c
  JOIN line_named l ON l.id = c.line_id
  JOIN team o ON o.id = l.team_id
 WHERE ($1::bigint IS NULL OR c.id < $1::bigint)
   AND ($3::text IS NULL OR c.state = $3::text)
   AND ($5::text IS NULL OR l.event_name = $5::text OR l.name = $5::text)
   AND ($6::text IS NULL OR c.author = $6::text)
   AND ($4::text IS NULL OR o.slug = $4::text
        OR EXISTS (SELECT FROM team t WHERE t.id = c.author_team AND t.slug = $4::text)
        OR EXISTS (SELECT FROM requirement_now q JOIN team t ON t.id = team_acting(q.team_id)
                    WHERE q.change_id = c.id AND q.status <> 'not_needed' AND t.slug = $4::text))
   AND ($7::text[] IS NULL OR c.author = $8::text OR o.slug = ANY ($7::text[])
        OR EXISTS (SELECT FROM requirement_now q JOIN team t ON t.id = team_acting(q.team_id)
                    WHERE q.change_id = c.id AND q.status <> 'not_needed' AND t.slug = ANY ($7::text[])))
 ORDER BY c.id DESC
 LIMIT $2::bigint
