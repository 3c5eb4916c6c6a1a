-- Training set: orders as of event_timestamp, with buyer, referrer.
-- buyer: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
-- referrer: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "buyer"."spend_7d" AS "buyer__spend_7d",
  "referrer"."vip" AS "referrer__vip",
  "referrer"."spend_7d" AS "referrer__spend_7d"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."spend_7d",
    "history"."feature_timestamp",
    CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
  FROM "customer_spend_history" AS "history"
) AS "buyer"
  ON "spine"."customer_id" = "buyer"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "buyer"."asof_order"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."vip",
    "history"."spend_7d",
    "history"."feature_timestamp",
    CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
  FROM "customer_spend_history" AS "history"
) AS "referrer"
  ON "spine"."referrer_id" = "referrer"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "referrer"."asof_order";
