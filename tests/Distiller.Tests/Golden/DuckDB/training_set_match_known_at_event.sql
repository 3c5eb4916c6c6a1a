-- Training set: orders as of event_timestamp, known at each row's instant, with customer_member.
-- customer_member: ASOF JOIN on the instant a row had both happened and become known, because each spine row has its own knowledge.
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
    GREATEST(epoch_us("history"."feature_timestamp"), epoch_us("history"."created_timestamp")) AS "asof_order",
    arg_max("history".rowid, CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp")) OVER (PARTITION BY "history"."customer_id" ORDER BY GREATEST(epoch_us("history"."feature_timestamp"), epoch_us("history"."created_timestamp"))) AS "winner"
  FROM "customer_member_history" AS "history"
) AS "customer_member_match"
  ON "spine"."customer_id" = "customer_member_match"."customer_id"
    AND COALESCE(epoch_us("spine"."event_timestamp"), -9223372036854775808) >= "customer_member_match"."asof_order"
LEFT JOIN "customer_member_history" AS "customer_member"
  ON "customer_member".rowid = "customer_member_match"."winner";
