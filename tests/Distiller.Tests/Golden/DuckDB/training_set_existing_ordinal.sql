-- Training set: order_times as of at_ordinal (Ordinal), with customer_tier.
-- customer_tier: ASOF JOIN on the first row of each event time, because ASOF takes one inequality and leaves ties open.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."at_ordinal",
  "customer_tier"."tier" AS "customer_tier__tier",
  "customer_tier"."discount" AS "customer_tier__discount"
FROM "order_times" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."tier",
    "history"."discount",
    "history"."valid_ordinal",
    "history"."asof_order"
  FROM (
    SELECT
      "history"."customer_id",
      "history"."tier",
      "history"."discount",
      "history"."valid_ordinal",
      "history"."valid_ordinal" AS "asof_order",
      ROW_NUMBER() OVER (PARTITION BY "history"."customer_id", "history"."valid_ordinal" ORDER BY "history"."valid_ordinal" DESC, "history"."known_ordinal" DESC NULLS LAST) AS "rank"
    FROM "tiers" AS "history"
    WHERE "history"."valid_ordinal" IS NOT NULL
  ) AS "history"
  WHERE "history"."rank" = 1
) AS "customer_tier"
  ON "spine"."customer_id" = "customer_tier"."customer_id"
    AND COALESCE("spine"."at_ordinal", -9223372036854775808) >= "customer_tier"."asof_order";
