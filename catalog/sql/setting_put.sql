-- Sets a scope, whole.
--
-- $1 text scope   $2 text mode   $3 text level   $4 bool normalize   $5 bool validate fields   $6 bool validate new schemas
-- $7 bool validate rules   $8 text policy   $9 text verdict mode   $10 text group   $11 text alias
-- $12, $13 text default and override metadata   $14, $15 text default and override rule set
-- $16 text the qualified subject that the alias means
INSERT INTO setting (scope, mode, level, normalize, validate_fields, validate_new_schemas, validate_rules, policy,
                     verdict_mode, compatibility_group, alias, default_metadata, override_metadata,
                     default_rule_set, override_rule_set, alias_of)
VALUES ($1::text, $2::text, $3::text, $4::boolean, $5::boolean, $6::boolean, $7::boolean, $8::text, $9::text, $10::text,
        $11::text, $12::text, $13::text, $14::text, $15::text, $16::text)
ON CONFLICT (scope) DO UPDATE
   SET (mode, level, normalize, validate_fields, validate_new_schemas, validate_rules, policy, verdict_mode,
        compatibility_group, alias, default_metadata, override_metadata, default_rule_set, override_rule_set, alias_of)
     = (excluded.mode, excluded.level, excluded.normalize, excluded.validate_fields, excluded.validate_new_schemas,
        excluded.validate_rules, excluded.policy, excluded.verdict_mode, excluded.compatibility_group,
        excluded.alias, excluded.default_metadata, excluded.override_metadata, excluded.default_rule_set,
        excluded.override_rule_set, excluded.alias_of)
