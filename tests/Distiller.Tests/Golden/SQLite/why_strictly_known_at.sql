-- Why shelf_stock of store = it's here, product_id = 7 at 2026-03-03 08:30:00.123456 UTC, strictly before, known at 2026-03-02 08:30:00.123456 UTC.
WITH "placed" AS (
  SELECT
    "history"."feature_timestamp",
    "history"."created_timestamp",
    "history"."in_stock",
    "history"."price",
    CASE
      WHEN "history"."feature_timestamp" > '2026-03-03 08:30:00.123455' THEN 'after the instant'
      WHEN "history"."created_timestamp" > '2026-03-02 08:30:00.123456' THEN 'not yet known'
      ELSE 'candidate'
    END AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC) AS "position"
  FROM "shelf_stock_history" AS "history"
  WHERE "history"."store" = 'it''s here'
    AND "history"."product_id" = 7
),
"winner" AS (
  SELECT
    MIN(CASE WHEN "placed"."verdict" = 'candidate' THEN "placed"."position" END) AS "position",
    COALESCE(MIN(CASE WHEN "placed"."verdict" = 'candidate' THEN "placed"."position" END), COALESCE(MIN(CASE WHEN "placed"."verdict" <> 'after the instant' THEN "placed"."position" END), MAX("placed"."position"))) AS "place"
  FROM "placed"
)
SELECT
  "placed"."feature_timestamp",
  "placed"."created_timestamp",
  "placed"."in_stock",
  "placed"."price",
  CASE
    WHEN "placed"."verdict" <> 'candidate' THEN "placed"."verdict"
    WHEN "placed"."position" > "winner"."position" THEN 'older'
    ELSE 'winner'
  END AS "verdict",
  "placed"."position"
FROM "placed"
JOIN "winner"
  ON "placed"."position" >= ("winner"."place" - 5)
    AND "placed"."position" <= ("winner"."place" + 5)
ORDER BY "placed"."position";
