-- Training set: order_times as of at_microseconds (EpochMicroseconds), strictly before, known at each row's instant, with customer_spend.
-- customer_spend: ASOF JOIN on the instant a row had both happened and become known, because each spine row has its own knowledge.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."at_microseconds",
  "customer_spend"."spend_7d" AS "customer_spend__spend_7d",
  "customer_spend"."orders_7d" AS "customer_spend__orders_7d",
  "customer_spend"."vip" AS "customer_spend__vip"
FROM "order_times" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    GREATEST(epoch_us("history"."feature_timestamp") + 1, epoch_us("history"."created_timestamp")) AS "asof_order",
    arg_max("history".rowid, CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp")) OVER (PARTITION BY "history"."customer_id" ORDER BY GREATEST(epoch_us("history"."feature_timestamp") + 1, epoch_us("history"."created_timestamp"))) AS "winner"
  FROM "customer_spend_history" AS "history"
) AS "customer_spend_match"
  ON "spine"."customer_id" = "customer_spend_match"."customer_id"
    AND COALESCE("spine"."at_microseconds", -9223372036854775808) >= "customer_spend_match"."asof_order"
LEFT JOIN "customer_spend_history" AS "customer_spend"
  ON "customer_spend".rowid = "customer_spend_match"."winner";
