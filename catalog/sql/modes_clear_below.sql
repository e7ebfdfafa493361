-- Forgets the modes of the subjects of a context: rows that say nothing else go.
--
-- $1, $2 text and $3, $4 text: two ranges of qualified names (catalog/name.h, name_ranges)
WITH cleared AS (
    DELETE FROM setting
     WHERE (scope >= $1::text AND scope < $2::text OR scope >= $3::text AND scope < $4::text)
       AND mode IS NOT NULL
       AND num_nonnulls(level, normalize, validate_fields, validate_new_schemas, validate_rules, policy, verdict_mode,
                        compatibility_group, alias, default_metadata, override_metadata, default_rule_set,
                        override_rule_set) = 0
)
UPDATE setting SET mode = NULL
 WHERE (scope >= $1::text AND scope < $2::text OR scope >= $3::text AND scope < $4::text)
   AND mode IS NOT NULL
   AND num_nonnulls(level, normalize, validate_fields, validate_new_schemas, validate_rules, policy, verdict_mode,
                    compatibility_group, alias, default_metadata, override_metadata, default_rule_set,
                    override_rule_set) > 0
