-- What is due because time has passed: the kind of each, what it is about, and its name. Reads only; who acts on one looks again.
--
-- A table that is usually empty, or an index, answers each part: this is asked every few seconds.
SELECT kind, id, name
  FROM (SELECT 1 AS position, 'sunset' AS kind, l.id, l.name FROM line_named l
         WHERE l.state = 'deprecated' AND l.sunset_at <= catalog_now()
         UNION ALL
        SELECT 2, 'expire', 0, '' WHERE EXISTS (SELECT FROM change c WHERE c.state IN ('draft', 'open') AND c.expires_at <= catalog_now()
                                                  AND c.new_line_id IS NULL)
         UNION ALL
        SELECT 3, 'ready', 0, '' WHERE EXISTS (SELECT FROM change c WHERE c.state = 'open' AND NOT c.suggestion AND NOT c.ready_told
                                                  AND change_blockers(c.id) = '[]')
         UNION ALL
        SELECT 4, 'apply', c.id, 'CR-' || c.id FROM change c
         WHERE c.state = 'open' AND NOT c.suggestion AND c.auto_apply AND change_blockers(c.id) = '[]'
         UNION ALL
        SELECT 5, 'remind', r.id, r.change FROM requirement_due r WHERE r.step > r.reminded
         UNION ALL
        SELECT 6, 'escalate', r.id, r.change FROM requirement_due r
         WHERE r.step = 3 AND r.reminded >= 3 AND r.act = 'approve' AND r.escalated_at IS NULL
           AND r.silence = 'escalate' AND r.escalation_team IS NOT NULL
         UNION ALL
        SELECT 7, 'linger', l.id, l.name FROM line_named l
         WHERE l.state = 'sunset'
           AND EXISTS (SELECT FROM consumption c WHERE c.line_id = l.id AND c.state IN ('requested', 'active'))
           AND NOT EXISTS (SELECT FROM due_done WHERE due_done.name >= 'linger:' || l.id || ':' || to_char(catalog_now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')
                                                AND due_done.name < 'linger:' || l.id || ';')
         UNION ALL
        SELECT 8, 'attest', s.id, s.public_id FROM consumption_silence s
         WHERE s.silent AND s.reminded < s.reminders
           AND (s.reminded = 0 OR s.reminded_at + interval '7 days' <= catalog_now())
         UNION ALL
        SELECT 9, 'stale', s.id, s.public_id FROM consumption_silence s
         WHERE s.silent AND s.reminded >= s.reminders
           AND NOT EXISTS (SELECT FROM due_done WHERE due_done.name = 'stale:' || s.id || ':' || floor(extract(epoch FROM s.seen_at)))
         UNION ALL
        SELECT 10, 'alive', s.id, s.public_id FROM consumption_silence s WHERE s.reminded > 0 AND NOT s.silent AND s.seen_at > s.reminded_at
         UNION ALL
        SELECT 11, 'orphan', o.id, o.name FROM event_orphan o WHERE NOT EXISTS (SELECT FROM due_done WHERE due_done.name = 'orphan:' || o.id)
         UNION ALL
        SELECT 12, 'owned', substr(d.name, 8)::bigint, '' FROM due_done d
         WHERE d.name >= 'orphan:' AND d.name < 'orphan;' AND NOT EXISTS (SELECT FROM event_orphan o WHERE 'orphan:' || o.id = d.name)
         UNION ALL
        SELECT 13, 'waiver', w.id, l.name FROM waiver w JOIN line_named l ON l.id = w.line_id
         WHERE w.expires_at <= catalog_now() AND NOT EXISTS (SELECT FROM due_done WHERE due_done.name = 'waiver:' || w.id)
         UNION ALL
        SELECT 14, 'drift', 0, '' WHERE NOT EXISTS (SELECT FROM due_done WHERE name = 'drift'
                                                       AND at BETWEEN catalog_now() - interval '5 minutes' AND catalog_now() + interval '5 minutes')) due
 ORDER BY position, id
 LIMIT 500
