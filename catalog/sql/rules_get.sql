-- What holds for an event: each member from the nearest scope that sets it.
--
-- $1 bigint event or null   $2 jsonb what is built in
WITH scoped AS (
    SELECT p.settings, p.rank
      FROM (SELECT settings, CASE WHEN scope = 'org' THEN 1 WHEN scope LIKE 'domain:%' THEN 2 ELSE 3 END AS rank
              FROM policy
             WHERE scope = 'org'
                OR scope = (SELECT 'domain:' || d.slug FROM event e JOIN domain d ON d.id = e.domain_id WHERE e.id = $1::bigint)
                OR scope = (SELECT 'event:' || e.name FROM event e WHERE e.id = $1::bigint)) p
), merged AS (
    SELECT coalesce(jsonb_object_agg(m.key, m.value), '{}') AS m
      FROM (SELECT DISTINCT ON (key) key, value
              FROM (SELECT 0 AS rank, $2::jsonb AS settings UNION ALL SELECT rank, settings FROM scoped) s, jsonb_each(s.settings)
             ORDER BY key, rank DESC) m
)
SELECT m AS json,
       (m ->> 'notice_days')::int AS notice_days, (m ->> 'deprecation_min_days')::int AS deprecation_min_days,
       (m ->> 'sunset_quiet_days')::int AS sunset_quiet_days, (m ->> 'stale_days')::int AS stale_days,
       (m ->> 'reminders_before_stale')::int AS reminders_before_stale, (m ->> 'change_expires_days')::int AS change_expires_days,
       (m ->> 'acknowledge_blocks')::boolean AS acknowledge_blocks, (m ->> 'members_decide')::boolean AS members_decide,
       (m ->> 'pii_needs_agreement')::boolean AS pii_needs_agreement, (m ->> 'auto_draft_change')::boolean AS auto_draft_change,
       coalesce(m #>> '{silence,blocking}' = 'consent', false) AS silence_consents,
       coalesce(m #>> '{silence,informational}' = 'consent', false) AS silence_consents_informational,
       m ->> 'name_pattern' AS name_pattern, (m -> 'freeze_windows')::text AS freeze_windows,
       (SELECT string_agg(x, E'\n') FROM jsonb_array_elements_text(m -> 'pii_tags') x) AS pii_tags,
       (SELECT string_agg(x, E'\n') FROM jsonb_array_elements_text(m -> 'required_documentation') x) AS required_documentation,
       (SELECT string_agg(x, E'\n') FROM jsonb_array_elements_text(m -> 'override_roles') x) AS override_roles
  FROM merged
