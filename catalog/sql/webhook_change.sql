-- $1 bigint webhook   $2 text url or null   $3 text description or null   $4 jsonb filter or null   $5 text mode or null
-- $6 text handshake or null   $7 text by
--
-- Another receiver is asked again whether it wants this.
WITH forgotten AS (
    DELETE FROM webhook_health h USING webhook w WHERE h.webhook_id = $1::bigint AND w.id = $1::bigint AND w.url <> coalesce($2::text, w.url)
)
UPDATE webhook
   SET url = coalesce($2::text, url), description = coalesce($3::text, description), filter = coalesce($4::jsonb, filter),
       mode = coalesce($5::text, mode), handshake = coalesce($6::text, handshake), updated_by = $7::text
 WHERE id = $1::bigint
