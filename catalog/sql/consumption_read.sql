-- A consumption as it is told, with what was found when it was declared.
--
-- $1 text public id   $2 jsonb warnings or null   $3 text who has to agree, or null
SELECT c.rev,
       consumption_json(c.id)
       || CASE WHEN $2::jsonb IS NULL THEN '{}' ELSE jsonb_build_object('warnings', $2::jsonb) END
       || jsonb_strip_nulls(jsonb_build_object('approver', $3::text))
       || jsonb_build_object('pending_changes', (SELECT coalesce(jsonb_agg('CR-' || ch.id ORDER BY ch.id), '[]') FROM change ch
                                                  WHERE ch.line_id = c.line_id AND ch.state = 'open' AND ch.class = 'breaking')) AS body
  FROM consumption c WHERE c.public_id = $1::text
