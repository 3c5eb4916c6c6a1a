-- Training set: orders as of event_timestamp, known at each row's instant, with customer_habits.
-- customer_habits: one sorted pass over spine and history that carries each feature's newest row along, because each spine row has its own knowledge.
WITH "numbered_spine" AS MATERIALIZED (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."referrer_id",
    "spine"."store",
    "spine"."product_id",
    "spine"."event_timestamp",
    "spine"."returned",
    ROW_NUMBER() OVER () AS "spine_row"
  FROM "orders" AS "spine"
),
"customer_habits_ranked" AS MATERIALIZED (
  SELECT
    "history"."customer_id",
    "history"."feature_timestamp",
    "history"."created_timestamp",
    "history"."orders_7d",
    "history"."vip",
    "history"."deleted",
    ROW_NUMBER() OVER (ORDER BY "history"."customer_id", "history"."feature_timestamp", "history"."created_timestamp") AS "history_row"
  FROM "customer_habits_history" AS "history"
  WHERE "history"."customer_id" IS NOT NULL
    AND "history"."feature_timestamp" IS NOT NULL
),
"customer_habits_merged" AS (
  SELECT
    "history"."customer_id" AS "key_1",
    GREATEST("history"."feature_timestamp", "history"."created_timestamp") AS "position",
    0 AS "side",
    CASE WHEN "history"."orders_7d" IS NOT NULL OR "history"."deleted" THEN "history"."history_row" END AS "feature_1_row",
    CASE WHEN "history"."vip" IS NOT NULL OR "history"."deleted" THEN "history"."history_row" END AS "feature_2_row",
    CAST(NULL AS BIGINT) AS "spine_row"
  FROM "customer_habits_ranked" AS "history"
  UNION ALL
  SELECT
    "numbered_spine"."customer_id",
    "numbered_spine"."event_timestamp",
    1,
    CAST(NULL AS BIGINT),
    CAST(NULL AS BIGINT),
    "numbered_spine"."spine_row"
  FROM "numbered_spine"
  WHERE "numbered_spine"."customer_id" IS NOT NULL
    AND "numbered_spine"."event_timestamp" IS NOT NULL
),
"customer_habits_carried" AS (
  SELECT
    "spine_row",
    MAX("feature_1_row") OVER (PARTITION BY "key_1" ORDER BY "position", "side" ROWS UNBOUNDED PRECEDING) AS "feature_1_row",
    MAX("feature_2_row") OVER (PARTITION BY "key_1" ORDER BY "position", "side" ROWS UNBOUNDED PRECEDING) AS "feature_2_row"
  FROM "customer_habits_merged"
),
"customer_habits_values" AS MATERIALIZED (
  SELECT
    "carried"."spine_row",
    "feature_1"."orders_7d",
    "feature_2"."vip",
    CASE WHEN "feature_1"."orders_7d" IS NOT NULL THEN "feature_1"."feature_timestamp" END AS "feature_1_time",
    CASE WHEN "feature_2"."vip" IS NOT NULL THEN "feature_2"."feature_timestamp" END AS "feature_2_time"
  FROM "customer_habits_carried" AS "carried"
  LEFT JOIN "customer_habits_ranked" AS "feature_1"
    ON "feature_1"."history_row" = "carried"."feature_1_row"
  LEFT JOIN "customer_habits_ranked" AS "feature_2"
    ON "feature_2"."history_row" = "carried"."feature_2_row"
  WHERE "carried"."spine_row" IS NOT NULL
)
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN (epoch_us("customer_habits_values"."feature_1_time") + 604800000000) >= epoch_us("spine"."event_timestamp") THEN "customer_habits_values"."orders_7d" END AS "customer_habits__orders_7d",
  CASE WHEN (epoch_us("customer_habits_values"."feature_2_time") + 604800000000) >= epoch_us("spine"."event_timestamp") THEN "customer_habits_values"."vip" END AS "customer_habits__vip"
FROM "numbered_spine" AS "spine"
LEFT JOIN "customer_habits_values"
  ON "customer_habits_values"."spine_row" = "spine"."spine_row";
