-- Training set: orders as of event_timestamp, known at 2026-03-02 08:30:00.123456 UTC, with customer_spend, customer_tier.
-- customer_spend: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
-- customer_tier: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "customer_spend"."spend_7d" AS "customer_spend__spend_7d",
  "customer_spend"."orders_7d" AS "customer_spend__orders_7d",
  "customer_spend"."vip" AS "customer_spend__vip",
  "customer_tier"."tier" AS "customer_tier__tier",
  "customer_tier"."discount" AS "customer_tier__discount"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."spend_7d",
    "history"."orders_7d",
    "history"."vip",
    "history"."feature_timestamp",
    CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
  FROM "customer_spend_history" AS "history"
  WHERE "history"."created_timestamp" <= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00'
) AS "customer_spend"
  ON "spine"."customer_id" = "customer_spend"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_spend"."asof_order"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."tier",
    "history"."discount",
    "history"."valid_instant",
    CAST(epoch_us("history"."valid_instant") AS HUGEINT) * 18446744073709551616 + COALESCE(epoch_us("history"."known_instant"), -9223372036854775808) AS "asof_order"
  FROM "tiers" AS "history"
  WHERE "history"."valid_instant" IS NOT NULL
    AND ("history"."known_instant" IS NULL OR "history"."known_instant" <= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00')
) AS "customer_tier"
  ON "spine"."customer_id" = "customer_tier"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_tier"."asof_order";
