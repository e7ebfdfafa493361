-- Changes that the clock has to do something about: those that nobody touched until their time was over, and those that nothing blocks any more.
--
-- $1 bool those to expire; else those that are ready
SELECT c.id, c.auto_apply, c.ready_told
  FROM change c
 WHERE c.state IN ('draft', 'open')
   AND CASE WHEN $1::boolean THEN c.expires_at <= catalog_now() AND c.new_line_id IS NULL
            ELSE c.state = 'open' AND NOT c.suggestion AND (c.auto_apply OR NOT c.ready_told) AND change_blockers(c.id) = '[]' END
 ORDER BY c.id
 LIMIT 100
