-- Training set: order_times as of at_ordinal (Ordinal), strictly before, with customer_tier.
-- customer_tier: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."at_ordinal",
  "customer_tier"."tier" AS "customer_tier__tier",
  "customer_tier"."discount" AS "customer_tier__discount"
FROM (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."at_ordinal"
  FROM "order_times" AS "spine"
  ORDER BY "spine"."customer_id", "spine"."at_ordinal"
  OFFSET 0
) AS "spine"
LEFT JOIN LATERAL (
  SELECT
    "history"."tier",
    "history"."discount",
    "history"."valid_ordinal"
  FROM "tiers" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."valid_ordinal" < "spine"."at_ordinal"
  ORDER BY "history"."valid_ordinal" DESC, "history"."known_ordinal" DESC NULLS LAST
  LIMIT 1
) AS "customer_tier"
  ON TRUE;
