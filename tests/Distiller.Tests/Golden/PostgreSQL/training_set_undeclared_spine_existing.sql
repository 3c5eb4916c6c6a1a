-- Training set: orders as of event_timestamp, with customer_tier.
-- customer_tier: LATERAL without an index, because the spine's columns are not declared: name them with Columns(...) for one sorted pass instead.
-- Note: the spine's columns are not declared, so they pass through as they are; no check was made that an output has the name of one.
SELECT
  "spine".*,
  "customer_tier"."tier" AS "customer_tier__tier",
  "customer_tier"."discount" AS "customer_tier__discount"
FROM (
  SELECT
    "spine".*
  FROM "orders" AS "spine"
  ORDER BY "spine"."customer_id", "spine"."event_timestamp"
  OFFSET 0
) AS "spine"
LEFT JOIN LATERAL (
  SELECT
    "history"."tier",
    "history"."discount",
    "history"."valid_instant"
  FROM "tiers" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."valid_instant" <= "spine"."event_timestamp"
  ORDER BY "history"."valid_instant" DESC, "history"."known_instant" DESC NULLS LAST
  LIMIT 1
) AS "customer_tier"
  ON TRUE;
