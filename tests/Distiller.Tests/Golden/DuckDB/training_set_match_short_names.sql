-- Training set: orders as of event_timestamp, with customer_balance.
-- customer_balance: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN (epoch_us("customer_balance"."feature_timestamp") + 2592000000000) >= epoch_us("spine"."event_timestamp") THEN "customer_balance"."balance" END AS "balance",
  CASE WHEN (epoch_us("customer_balance"."feature_timestamp") + 2592000000000) >= epoch_us("spine"."event_timestamp") THEN "customer_balance"."segment" END AS "segment",
  CASE
    WHEN "spine"."customer_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
    WHEN "customer_balance"."feature_timestamp" IS NULL THEN 'no_history'
    WHEN NOT ((epoch_us("customer_balance"."feature_timestamp") + 2592000000000) >= epoch_us("spine"."event_timestamp")) THEN 'expired'
    ELSE 'hit'
  END AS "customer_balance__status",
  "customer_balance"."feature_timestamp" AS "customer_balance__feature_timestamp"
FROM "orders" AS "spine"
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
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_balance"."asof_order";
