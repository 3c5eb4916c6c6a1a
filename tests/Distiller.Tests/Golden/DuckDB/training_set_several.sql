-- Training set: orders as of event_timestamp, with customer_spend, customer_balance, shelf_stock, customer_score, customer_tier.
-- customer_spend: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
-- customer_balance: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
-- shelf_stock: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
-- customer_score: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
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
  CASE WHEN (epoch_us("customer_balance"."feature_timestamp") + 2592000000000) >= epoch_us("spine"."event_timestamp") THEN "customer_balance"."balance" END AS "customer_balance__balance",
  CASE WHEN (epoch_us("customer_balance"."feature_timestamp") + 2592000000000) >= epoch_us("spine"."event_timestamp") THEN "customer_balance"."segment" END AS "customer_balance__segment",
  "shelf_stock"."in_stock" AS "shelf_stock__in_stock",
  "shelf_stock"."price" AS "shelf_stock__price",
  "customer_score"."score" AS "customer_score__score",
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
) AS "customer_spend"
  ON "spine"."customer_id" = "customer_spend"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_spend"."asof_order"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."balance",
    "history"."segment",
    "history"."feature_timestamp",
    CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
  FROM "customer_balance_history" AS "history"
) AS "customer_balance"
  ON "spine"."customer_id" = "customer_balance"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_balance"."asof_order"
ASOF LEFT JOIN (
  SELECT
    "history"."store",
    "history"."product_id",
    "history"."in_stock",
    "history"."price",
    "history"."feature_timestamp",
    CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
  FROM "shelf_stock_history" AS "history"
) AS "shelf_stock"
  ON "spine"."store" = "shelf_stock"."store"
    AND "spine"."product_id" = "shelf_stock"."product_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "shelf_stock"."asof_order"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."score",
    "history"."scored_at",
    CAST(epoch_us("history"."scored_at") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."stored_at") AS "asof_order"
  FROM "shop"."Score Log" AS "history"
) AS "customer_score"
  ON "spine"."customer_id" = "customer_score"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_score"."asof_order"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."tier",
    "history"."discount",
    "history"."valid_instant",
    CAST(epoch_us("history"."valid_instant") AS HUGEINT) * 18446744073709551616 + COALESCE(epoch_us("history"."known_instant"), -9223372036854775808) AS "asof_order"
  FROM "tiers" AS "history"
  WHERE "history"."valid_instant" IS NOT NULL
) AS "customer_tier"
  ON "spine"."customer_id" = "customer_tier"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_tier"."asof_order";
