-- Intervals of customer_signals.
WITH "ranked_rows" AS MATERIALIZED (
  SELECT
    "history"."customer_id",
    "history"."feature_timestamp",
    "history"."created_timestamp",
    "history"."spend_7d",
    "history"."orders_7d",
    "history"."vip",
    ROW_NUMBER() OVER (ORDER BY "history"."customer_id", "history"."feature_timestamp", "history"."created_timestamp") AS "history_row"
  FROM "customer_signals_history" AS "history"
),
"carried_rows" AS MATERIALIZED (
  SELECT
    "ranked"."history_row",
    MAX(CASE WHEN "ranked"."spend_7d" IS NOT NULL THEN "ranked"."history_row" END) OVER (PARTITION BY "ranked"."customer_id" ORDER BY "ranked"."history_row" ROWS UNBOUNDED PRECEDING) AS "feature_1_row",
    MAX(CASE WHEN "ranked"."orders_7d" IS NOT NULL THEN "ranked"."history_row" END) OVER (PARTITION BY "ranked"."customer_id" ORDER BY "ranked"."history_row" ROWS UNBOUNDED PRECEDING) AS "feature_2_row",
    MAX(CASE WHEN "ranked"."vip" IS NOT NULL THEN "ranked"."history_row" END) OVER (PARTITION BY "ranked"."customer_id" ORDER BY "ranked"."history_row" ROWS UNBOUNDED PRECEDING) AS "feature_3_row"
  FROM "ranked_rows" AS "ranked"
),
"filled_values" AS MATERIALIZED (
  SELECT
    "filled"."history_row",
    "feature_1"."spend_7d",
    "feature_2"."orders_7d",
    "feature_3"."vip"
  FROM "carried_rows" AS "filled"
  LEFT JOIN "ranked_rows" AS "feature_1"
    ON "feature_1"."history_row" = "filled"."feature_1_row"
  LEFT JOIN "ranked_rows" AS "feature_2"
    ON "feature_2"."history_row" = "filled"."feature_2_row"
  LEFT JOIN "ranked_rows" AS "feature_3"
    ON "feature_3"."history_row" = "filled"."feature_3_row"
)
SELECT
  "history"."customer_id",
  "history"."feature_timestamp" AS "valid_from",
  "history"."next_event" AS "valid_to",
  CASE WHEN "history"."next_event" IS NULL THEN 1 ELSE 0 END AS "is_current",
  "history"."spend_7d",
  "history"."orders_7d",
  "history"."vip"
FROM (
  SELECT
    "history"."customer_id",
    "history"."feature_timestamp",
    "history"."spend_7d",
    "history"."orders_7d",
    "history"."vip",
    LEAD("history"."feature_timestamp") OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."history_row") AS "next_event"
  FROM (
    SELECT
      "ranked"."customer_id",
      "ranked"."feature_timestamp",
      "ranked"."history_row",
      "filled_values"."spend_7d",
      "filled_values"."orders_7d",
      "filled_values"."vip"
    FROM "ranked_rows" AS "ranked"
    JOIN "filled_values"
      ON "filled_values"."history_row" = "ranked"."history_row"
  ) AS "history"
) AS "history"
WHERE "history"."next_event" IS NULL
  OR "history"."next_event" <> "history"."feature_timestamp";
