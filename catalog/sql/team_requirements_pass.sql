-- What a dissolved team had to decide in open changes is its successor's to decide; where both were asked, one answer covers both.
--
-- $1 text slug of the dissolved team
WITH gone AS (
    SELECT id, successor FROM team WHERE slug = $1::text
), open AS (
    SELECT r.* FROM requirement r JOIN change c ON c.id = r.change_id JOIN gone ON r.team_id = gone.id WHERE c.state IN ('draft', 'open')
), joined AS (
    UPDATE requirement r
       SET covers = ARRAY(SELECT DISTINCT unnest(r.covers || o.covers)), fingerprints = ARRAY(SELECT DISTINCT unnest(r.fingerprints || o.fingerprints)),
           act = CASE WHEN 'approve' IN (r.act, o.act) THEN 'approve' ELSE 'acknowledge' END
      FROM open o, gone WHERE r.change_id = o.change_id AND r.team_id = gone.successor
    RETURNING r.change_id
)
UPDATE requirement r SET team_id = gone.successor
  FROM gone, open o
 WHERE r.id = o.id AND NOT EXISTS (SELECT FROM joined j WHERE j.change_id = o.change_id)
