-- Training set: order_times as of at_instant, strictly before, with customer_tier.
-- customer_tier: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."at_instant",
  "customer_tier"."tier" AS "customer_tier__tier",
  "customer_tier"."discount" AS "customer_tier__discount"
FROM (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."at_instant"
  FROM "order_times" AS "spine"
  ORDER BY "spine"."customer_id", "spine"."at_instant"
  OFFSET 0
) AS "spine"
LEFT JOIN LATERAL (
  SELECT
    "history"."tier",
    "history"."discount",
    "history"."valid_seconds"
  FROM "tiers" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."valid_seconds" <= (((CAST(EXTRACT(EPOCH FROM "spine"."at_instant") * 1000000 AS bigint) - 1) - ((((CAST(EXTRACT(EPOCH FROM "spine"."at_instant") * 1000000 AS bigint) - 1) % 1000000) + 1000000) % 1000000)) / 1000000)
  ORDER BY "history"."valid_seconds" DESC, "history"."known_seconds" DESC NULLS LAST
  LIMIT 1
) AS "customer_tier"
  ON TRUE;
