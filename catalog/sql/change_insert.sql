-- $1 text kind   $2 bigint event   $3 bigint line   $4 text title   $5 text rationale   $6 text author   $7 bigint author's team or null
-- $8 bool suggestion   $9 text state   $10 text class   $11 text strategy   $12 jsonb plan   $13 jsonb source   $14 text context or null
-- $15 jsonb semver   $16 bool apply by itself   $17 timestamptz not before, or null   $18 jsonb labels
--
-- A new line retires the one that it stands beside, unless the plan says "retire": null.
INSERT INTO change (kind, event_id, line_id, title, rationale, author, author_team, suggestion, state, class, strategy, plan, source, context,
                    semver, auto_apply, effective_not_before, labels, opened_at, expires_at, created_by, updated_by)
VALUES ($1::text, $2::bigint, $3::bigint, $4::text, $5::text, $6::text, $7::bigint, $8::boolean, $9::text, $10::text, $11::text,
        CASE WHEN $11::text = 'new_line' AND $12::jsonb -> 'retire' IS DISTINCT FROM 'null'
             THEN $12::jsonb || jsonb_build_object('retire', (SELECT name FROM line_named WHERE id = $3::bigint)) ELSE $12::jsonb END,
        $13::jsonb, $14::text, $15::jsonb, $16::boolean, $17::timestamptz, $18::jsonb, CASE WHEN $9::text = 'open' THEN catalog_now() END,
        catalog_now() + make_interval(days => (change_rules($2::bigint) ->> 'change_expires_days')::integer), $6::text, $6::text)
RETURNING id
