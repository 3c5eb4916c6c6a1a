-- Training set: orders as of event_timestamp, with customer_habits.
-- customer_habits: ASOF JOIN on a history in which each row is filled up with the newest value of every feature, because the set is sparse (pinned).
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN (epoch_us("customer_habits"."feature_1_time") + 604800000000) >= epoch_us("spine"."event_timestamp") THEN "customer_habits"."orders_7d" END AS "customer_habits__orders_7d",
  CASE WHEN (epoch_us("customer_habits"."feature_2_time") + 604800000000) >= epoch_us("spine"."event_timestamp") THEN "customer_habits"."vip" END AS "customer_habits__vip",
  CASE
    WHEN "spine"."customer_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
    WHEN "customer_habits"."feature_timestamp" IS NULL THEN 'no_history'
    WHEN "customer_habits"."deleted" THEN 'deleted'
    WHEN NOT ((epoch_us("customer_habits"."feature_timestamp") + 604800000000) >= epoch_us("spine"."event_timestamp")) THEN 'expired'
    ELSE 'hit'
  END AS "customer_habits__status",
  "customer_habits"."feature_timestamp" AS "customer_habits__feature_timestamp"
FROM "orders" AS "spine"
ASOF LEFT JOIN (
  SELECT
    "history"."customer_id",
    LAST_VALUE("history"."orders_7d" IGNORE NULLS) OVER (PARTITION BY "history"."customer_id", "history"."ended" ORDER BY "history"."asof_order") AS "orders_7d",
    LAST_VALUE("history"."vip" IGNORE NULLS) OVER (PARTITION BY "history"."customer_id", "history"."ended" ORDER BY "history"."asof_order") AS "vip",
    LAST_VALUE(CASE WHEN "history"."orders_7d" IS NOT NULL THEN "history"."feature_timestamp" END IGNORE NULLS) OVER (PARTITION BY "history"."customer_id", "history"."ended" ORDER BY "history"."asof_order") AS "feature_1_time",
    LAST_VALUE(CASE WHEN "history"."vip" IS NOT NULL THEN "history"."feature_timestamp" END IGNORE NULLS) OVER (PARTITION BY "history"."customer_id", "history"."ended" ORDER BY "history"."asof_order") AS "feature_2_time",
    "history"."feature_timestamp",
    "history"."deleted",
    "history"."asof_order"
  FROM (
    SELECT
      "history"."customer_id",
      "history"."orders_7d",
      "history"."vip",
      "history"."feature_timestamp",
      "history"."deleted",
      CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order",
      MAX(CASE WHEN "history"."deleted" THEN CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") END) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp", "history"."created_timestamp" ROWS UNBOUNDED PRECEDING) AS "ended"
    FROM "customer_habits_history" AS "history"
  ) AS "history"
) AS "customer_habits"
  ON "spine"."customer_id" = "customer_habits"."customer_id"
    AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "customer_habits"."asof_order";
