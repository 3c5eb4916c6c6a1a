-- the training set
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
  "customer_spend"."vip" AS "customer_spend__vip"
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
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_spend"."asof_order";
