-- Does the current revision say the same, of the same, about the same consumers?
--
-- $1 bigint change   $2 text content hash   $3 bigint base version or null   $4 int base terms or null   $5 jsonb rows as impact_rows_json
-- writes them   $6 jsonb checks
SELECT r.content_hash = $2::text AND r.base_version IS NOT DISTINCT FROM $3::bigint AND r.base_terms IS NOT DISTINCT FROM $4::integer
       AND r.checks = $6::jsonb
       AND (SELECT coalesce(jsonb_agg(jsonb_build_array(i.consumption_id, i.verdict, i.act, i.stale, to_jsonb(i.because)) ORDER BY i.consumption_id), '[]')
              FROM impact i WHERE i.revision_id = r.id)
         = (SELECT coalesce(jsonb_agg(jsonb_build_array(v -> 'consumption_id', v -> 'verdict', v -> 'act', v -> 'stale', v -> 'because')
                                      ORDER BY (v ->> 'consumption_id')::bigint), '[]')
              FROM jsonb_array_elements($5::jsonb) v) AS same
  FROM change c
  JOIN revision r ON r.change_id = c.id AND r.n = c.revision
 WHERE c.id = $1::bigint
