-- Training set: orders as of event_timestamp, known at each row's instant, with customer_balance.
-- customer_balance: ASOF JOIN on the instant a row had both happened and become known, because each spine row has its own knowledge (pinned).
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN (epoch_us("customer_balance"."feature_timestamp") + 2592000000000) >= epoch_us("spine"."event_timestamp") THEN "customer_balance"."balance" END AS "customer_balance__balance",
  CASE WHEN (epoch_us("customer_balance"."feature_timestamp") + 2592000000000) >= epoch_us("spine"."event_timestamp") THEN "customer_balance"."segment" END AS "customer_balance__segment"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    GREATEST(epoch_us("history"."feature_timestamp"), epoch_us("history"."created_timestamp")) AS "asof_order",
    arg_max("history".rowid, CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp")) OVER (PARTITION BY "history"."customer_id" ORDER BY GREATEST(epoch_us("history"."feature_timestamp"), epoch_us("history"."created_timestamp"))) AS "winner"
  FROM "customer_balance_history" AS "history"
) AS "customer_balance_match"
  ON "spine"."customer_id" = "customer_balance_match"."customer_id"
    AND COALESCE(epoch_us("spine"."event_timestamp"), -9223372036854775808) >= "customer_balance_match"."asof_order"
LEFT JOIN "customer_balance_history" AS "customer_balance"
  ON "customer_balance".rowid = "customer_balance_match"."winner";
