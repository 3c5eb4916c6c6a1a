-- Training set: orders as of event_timestamp, with customer_signals.
-- customer_signals: one sorted pass over spine and history that carries each feature's newest row along (pinned).
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
"customer_signals_ranked" AS MATERIALIZED (
  SELECT
    "history"."customer_id",
    "history"."feature_timestamp",
    "history"."spend_7d",
    "history"."orders_7d",
    "history"."vip",
    ROW_NUMBER() OVER (ORDER BY "history"."customer_id", "history"."feature_timestamp", "history"."created_timestamp") AS "history_row"
  FROM "customer_signals_history" AS "history"
  WHERE "history"."customer_id" IS NOT NULL
    AND "history"."feature_timestamp" IS NOT NULL
),
"customer_signals_merged" AS (
  SELECT
    "history"."customer_id" AS "key_1",
    "history"."feature_timestamp" AS "position",
    0 AS "side",
    CASE WHEN "history"."spend_7d" IS NOT NULL THEN "history"."history_row" END AS "feature_1_row",
    CASE WHEN "history"."orders_7d" IS NOT NULL THEN "history"."history_row" END AS "feature_2_row",
    CASE WHEN "history"."vip" IS NOT NULL THEN "history"."history_row" END AS "feature_3_row",
    CAST(NULL AS INTEGER) AS "spine_row"
  FROM "customer_signals_ranked" AS "history"
  UNION ALL
  SELECT
    "numbered_spine"."customer_id",
    "numbered_spine"."event_timestamp",
    1,
    CAST(NULL AS INTEGER),
    CAST(NULL AS INTEGER),
    CAST(NULL AS INTEGER),
    "numbered_spine"."spine_row"
  FROM "numbered_spine"
  WHERE "numbered_spine"."customer_id" IS NOT NULL
    AND "numbered_spine"."event_timestamp" IS NOT NULL
),
"customer_signals_carried" AS (
  SELECT
    "spine_row",
    MAX("feature_1_row") OVER (PARTITION BY "key_1" ORDER BY "position", "side" ROWS UNBOUNDED PRECEDING) AS "feature_1_row",
    MAX("feature_2_row") OVER (PARTITION BY "key_1" ORDER BY "position", "side" ROWS UNBOUNDED PRECEDING) AS "feature_2_row",
    MAX("feature_3_row") OVER (PARTITION BY "key_1" ORDER BY "position", "side" ROWS UNBOUNDED PRECEDING) AS "feature_3_row"
  FROM "customer_signals_merged"
),
"customer_signals_values" AS MATERIALIZED (
  SELECT
    "carried"."spine_row",
    "feature_1"."spend_7d",
    "feature_2"."orders_7d",
    "feature_3"."vip"
  FROM "customer_signals_carried" AS "carried"
  LEFT JOIN "customer_signals_ranked" AS "feature_1"
    ON "feature_1"."history_row" = "carried"."feature_1_row"
  LEFT JOIN "customer_signals_ranked" AS "feature_2"
    ON "feature_2"."history_row" = "carried"."feature_2_row"
  LEFT JOIN "customer_signals_ranked" AS "feature_3"
    ON "feature_3"."history_row" = "carried"."feature_3_row"
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
  "customer_signals_values"."spend_7d" AS "customer_signals__spend_7d",
  "customer_signals_values"."orders_7d" AS "customer_signals__orders_7d",
  "customer_signals_values"."vip" AS "customer_signals__vip"
FROM "numbered_spine" AS "spine"
LEFT JOIN "customer_signals_values"
  ON "customer_signals_values"."spine_row" = "spine"."spine_row";
