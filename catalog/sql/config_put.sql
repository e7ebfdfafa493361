-- Sets a scope's config, whole.
--
-- $1 text scope   $2 text level   $3 bool normalize   $4 bool validate fields   $5 bool validate new schemas
-- $6 bool validate rules   $7 text policy   $8 text verdict mode   $9 text group   $10 text alias
-- $11, $12 text default and override metadata   $13, $14 text default and override rule set
-- $15 text the qualified subject that the alias means
INSERT INTO config (scope, level, normalize, validate_fields, validate_new_schemas, validate_rules, policy,
                    verdict_mode, compatibility_group, alias, default_metadata, override_metadata, default_rule_set,
                    override_rule_set, alias_of)
VALUES ($1::text, $2::text, $3::boolean, $4::boolean, $5::boolean, $6::boolean, $7::text, $8::text, $9::text, $10::text,
        $11::text, $12::text, $13::text, $14::text, $15::text)
ON CONFLICT (scope) DO UPDATE
   SET (level, normalize, validate_fields, validate_new_schemas, validate_rules, policy, verdict_mode,
        compatibility_group, alias, default_metadata, override_metadata, default_rule_set, override_rule_set, alias_of)
     = (excluded.level, excluded.normalize, excluded.validate_fields, excluded.validate_new_schemas,
        excluded.validate_rules, excluded.policy, excluded.verdict_mode, excluded.compatibility_group, excluded.alias,
        excluded.default_metadata, excluded.override_metadata, excluded.default_rule_set,
        excluded.override_rule_set, excluded.alias_of)
