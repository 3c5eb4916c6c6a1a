-- Intervals of shelf_stock, those that follow each other with equal features as one.
SELECT
  "winners"."store",
  "winners"."product_id",
  "winners"."feature_timestamp" AS "since",
  LEAD("winners"."feature_timestamp") OVER (PARTITION BY "winners"."store", "winners"."product_id" ORDER BY "winners"."feature_timestamp") AS "until",
  CASE WHEN LEAD("winners"."feature_timestamp") OVER (PARTITION BY "winners"."store", "winners"."product_id" ORDER BY "winners"."feature_timestamp") IS NULL THEN TRUE ELSE FALSE END AS "is_open",
  "winners"."in_stock",
  "winners"."price"
FROM (
  SELECT
    "history"."store",
    "history"."product_id",
    "history"."feature_timestamp",
    "history"."in_stock",
    "history"."price",
    CASE WHEN LAG(1) OVER (PARTITION BY "history"."store", "history"."product_id" ORDER BY "history"."feature_timestamp") = 1 AND "history"."in_stock" IS NOT DISTINCT FROM LAG("history"."in_stock") OVER (PARTITION BY "history"."store", "history"."product_id" ORDER BY "history"."feature_timestamp") AND "history"."price" IS NOT DISTINCT FROM LAG("history"."price") OVER (PARTITION BY "history"."store", "history"."product_id" ORDER BY "history"."feature_timestamp") THEN 0 ELSE 1 END AS "changes"
  FROM (
    SELECT
      "history"."store",
      "history"."product_id",
      "history"."feature_timestamp",
      "history"."in_stock",
      "history"."price",
      LEAD("history"."feature_timestamp") OVER (PARTITION BY "history"."store", "history"."product_id" ORDER BY "history"."feature_timestamp", "history"."created_timestamp") AS "next_event"
    FROM "shelf_stock_history" AS "history"
  ) AS "history"
  WHERE "history"."next_event" IS NULL
    OR "history"."next_event" <> "history"."feature_timestamp"
) AS "winners"
WHERE "winners"."changes" = 1;
