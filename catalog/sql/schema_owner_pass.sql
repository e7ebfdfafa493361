-- An identity whose owner went passes to the lowest id that still has it (imports give one identity several ids).
--
-- $1 int context   $2 uuid[] identities
UPDATE schema SET owner = true
 WHERE (context_id, id) IN (
       SELECT DISTINCT ON (o.identity) o.context_id, o.id
         FROM schema o
        WHERE o.context_id = $1::integer AND o.identity = ANY ($2::uuid[]) AND NOT o.owner
          AND NOT EXISTS (SELECT FROM schema w WHERE w.identity = o.identity AND w.context_id = o.context_id AND w.owner)
        ORDER BY o.identity, o.id)
