-- Training set: orders as of event_timestamp, with customer_tier.
-- customer_tier: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open; keys as INTEGER, which all were seen to fit, because a shorter key sorts faster.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "customer_tier"."tier" AS "customer_tier__tier",
  "customer_tier"."discount" AS "customer_tier__discount"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    CAST("history"."customer_id" AS INTEGER) AS "customer_id",
    "history"."tier",
    "history"."discount",
    "history"."valid_instant",
    CAST(epoch_us("history"."valid_instant") AS HUGEINT) * 18446744073709551616 + COALESCE(epoch_us("history"."known_instant"), -9223372036854775808) AS "asof_order"
  FROM "tiers" AS "history"
  WHERE "history"."valid_instant" IS NOT NULL
) AS "customer_tier"
  ON TRY_CAST("spine"."customer_id" AS INTEGER) = "customer_tier"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_tier"."asof_order";
