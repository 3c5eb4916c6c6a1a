-- Training set: orders as of event_timestamp, with customer_member.
-- customer_member: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN (epoch_us("customer_member"."feature_timestamp") + 604800000000) >= epoch_us("spine"."event_timestamp") THEN "customer_member"."vip" END AS "customer_member__vip",
  CASE
    WHEN "spine"."customer_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
    WHEN "customer_member"."feature_timestamp" IS NULL THEN 'no_history'
    WHEN "customer_member"."deleted" THEN 'deleted'
    WHEN NOT ((epoch_us("customer_member"."feature_timestamp") + 604800000000) >= epoch_us("spine"."event_timestamp")) THEN 'expired'
    ELSE 'hit'
  END AS "customer_member__status",
  "customer_member"."feature_timestamp" AS "customer_member__feature_timestamp"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    "history"."vip",
    "history"."feature_timestamp",
    "history"."deleted",
    CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
  FROM "customer_member_history" AS "history"
) AS "customer_member"
  ON "spine"."customer_id" = "customer_member"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_member"."asof_order";
