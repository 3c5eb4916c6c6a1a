-- Why customer_habits of customer_id = 10 at 2026-03-02 08:30:00.123456 UTC, known at the instant, max age 7.00:00:00.
WITH "placed" AS (
  SELECT
    "history"."feature_timestamp",
    "history"."created_timestamp",
    "history"."orders_7d",
    "history"."vip",
    "history"."deleted",
    CASE
      WHEN "history"."feature_timestamp" > TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN 'after the instant'
      WHEN "history"."created_timestamp" > TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN 'not yet known'
      ELSE 'candidate'
    END AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC) AS "position"
  FROM "customer_habits_history" AS "history"
  WHERE "history"."customer_id" = CAST('10' AS bigint)
),
"winner" AS (
  SELECT
    MIN(CASE WHEN "placed"."verdict" = 'candidate' AND ("placed"."orders_7d" IS NOT NULL OR "placed"."deleted") THEN "placed"."position" END) AS "feature_1_row",
    COALESCE(MIN(CASE WHEN "placed"."verdict" = 'candidate' AND ("placed"."orders_7d" IS NOT NULL OR "placed"."deleted") THEN "placed"."position" END), COALESCE(MIN(CASE WHEN "placed"."verdict" <> 'after the instant' THEN "placed"."position" END), MAX("placed"."position"))) AS "feature_1_place",
    MIN(CASE WHEN "placed"."verdict" = 'candidate' AND ("placed"."vip" IS NOT NULL OR "placed"."deleted") THEN "placed"."position" END) AS "feature_2_row",
    COALESCE(MIN(CASE WHEN "placed"."verdict" = 'candidate' AND ("placed"."vip" IS NOT NULL OR "placed"."deleted") THEN "placed"."position" END), COALESCE(MIN(CASE WHEN "placed"."verdict" <> 'after the instant' THEN "placed"."position" END), MAX("placed"."position"))) AS "feature_2_place"
  FROM "placed"
)
SELECT
  "placed"."feature_timestamp",
  "placed"."created_timestamp",
  "placed"."orders_7d",
  "placed"."vip",
  "placed"."deleted",
  CASE
    WHEN "placed"."verdict" <> 'candidate' THEN "placed"."verdict"
    WHEN "placed"."position" > "winner"."feature_1_row" AND ("placed"."orders_7d" IS NOT NULL OR "placed"."deleted") THEN 'older'
    WHEN "placed"."deleted" THEN 'deleted'
    WHEN "placed"."orders_7d" IS NULL THEN 'nothing new'
    WHEN "placed"."feature_timestamp" + INTERVAL '604800 seconds' >= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN 'winner'
    ELSE 'expired'
  END AS "orders_7d__verdict",
  CASE
    WHEN "placed"."verdict" <> 'candidate' THEN "placed"."verdict"
    WHEN "placed"."position" > "winner"."feature_2_row" AND ("placed"."vip" IS NOT NULL OR "placed"."deleted") THEN 'older'
    WHEN "placed"."deleted" THEN 'deleted'
    WHEN "placed"."vip" IS NULL THEN 'nothing new'
    WHEN "placed"."feature_timestamp" + INTERVAL '604800 seconds' >= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN 'winner'
    ELSE 'expired'
  END AS "vip__verdict",
  "placed"."position"
FROM "placed"
JOIN "winner"
  ON ("placed"."position" >= ("winner"."feature_1_place" - 5) AND "placed"."position" <= ("winner"."feature_1_place" + 5))
    OR ("placed"."position" >= ("winner"."feature_2_place" - 5) AND "placed"."position" <= ("winner"."feature_2_place" + 5))
ORDER BY "placed"."position";
