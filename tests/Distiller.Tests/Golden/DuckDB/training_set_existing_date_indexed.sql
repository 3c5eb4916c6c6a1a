-- Training set: order_times as of at_instant, with customer_tier.
-- customer_tier: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."at_instant",
  "customer_tier"."tier" AS "customer_tier__tier",
  "customer_tier"."discount" AS "customer_tier__discount"
FROM "order_times" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."tier",
    "history"."discount",
    "history"."valid_date",
    CAST(epoch_us(CAST("history"."valid_date" AS TIMESTAMP)) AS HUGEINT) * 18446744073709551616 + COALESCE(epoch_us(CAST("history"."known_date" AS TIMESTAMP)), -9223372036854775808) AS "asof_order"
  FROM "tiers" AS "history"
  WHERE "history"."valid_date" IS NOT NULL
) AS "customer_tier"
  ON "spine"."customer_id" = "customer_tier"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."at_instant") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_tier"."asof_order";
