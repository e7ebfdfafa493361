-- The author's team has said yes by opening the change.
--
-- $1 bigint requirement   $2 int revision   $3 text author
INSERT INTO decision (requirement_id, revision, person, act, fingerprints, automatic)
SELECT id, $2::integer, $3::text, 'acknowledge', fingerprints, true
  FROM requirement q
 WHERE id = $1::bigint AND NOT EXISTS (SELECT FROM decision d WHERE d.requirement_id = q.id AND d.reset_at IS NULL)
