-- Subjects that no event owns.
--
-- $1 text subject after which to go on   $2 bigint at most so many   $3 text prefix or null
--
-- The guess at the event's name: the subject's without -value or -key, in lower case; null when even that is no name.
SELECT s.qualified AS key,
       jsonb_build_object('subject', s.qualified, 'context', coalesce((SELECT name FROM context WHERE id = s.context_id), '.'),
           'versions', (SELECT count(*) FROM subject_version v WHERE v.subject_id = s.id AND v.deleted_at IS NULL),
           'format', (SELECT sc.type FROM subject_version v JOIN schema sc ON sc.context_id = v.context_id AND sc.id = v.schema_id
                       WHERE v.subject_id = s.id AND v.deleted_at IS NULL ORDER BY v.version DESC LIMIT 1),
           'event', event_name_guess(s.name),
           'adopt', jsonb_build_object('method', 'POST', 'href', '/api/v1/events/adopt',
                                       'body', jsonb_build_object('subject', s.qualified, 'name', event_name_guess(s.name), 'owner', 'team')),
           'links', jsonb_build_object('self', '/api/v1/subjects/' || s.qualified || '/versions', 'ui', '/ui/subjects/' || s.qualified)) AS item
  FROM subject s
 WHERE s.live AND NOT EXISTS (SELECT FROM line_subject b WHERE b.subject = s.qualified)
   AND ($1::text IS NULL OR s.qualified > $1::text)
   AND ($3::text IS NULL OR starts_with(s.qualified, $3::text))
 ORDER BY s.qualified
 LIMIT $2::bigint
