-- Training set: orders as of event_timestamp, with customer_country, customer_spend, referrer.
-- customer_country: a join on the key alone, because the set is static: one row per key.
-- customer_spend: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
-- referrer: a join on the key alone, because the set is static: one row per key.
-- Note: feature set 'customer_country' is taken to have one row per key; a store checks that first, by CheckRows.Of(set).
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "customer_country"."country" AS "customer_country__country",
  "customer_spend"."spend_7d" AS "customer_spend__spend_7d",
  "customer_spend"."orders_7d" AS "customer_spend__orders_7d",
  "customer_spend"."vip" AS "customer_spend__vip",
  "referrer"."country" AS "referrer__country"
FROM "orders" AS "spine"
LEFT JOIN "countries" AS "customer_country"
  ON "customer_country"."customer_id" = "spine"."customer_id"
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
LEFT JOIN "countries" AS "referrer"
  ON "referrer"."customer_id" = "spine"."referrer_id";
