-- Why customer_signals of customer_id = 10 at 2026-03-02 08:30:00.123456 UTC.
WITH "placed" AS (
  SELECT
    "history"."feature_timestamp",
    "history"."created_timestamp",
    "history"."spend_7d",
    "history"."vip",
    CASE WHEN "history"."feature_timestamp" > TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN 'after the instant' ELSE 'candidate' END AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC) AS "position"
  FROM "customer_signals_history" AS "history"
  WHERE "history"."customer_id" = CAST('10' AS bigint)
),
"winner" AS (
  SELECT
    MIN(CASE WHEN "placed"."verdict" = 'candidate' AND "placed"."spend_7d" IS NOT NULL THEN "placed"."position" END) AS "feature_1_row",
    COALESCE(MIN(CASE WHEN "placed"."verdict" = 'candidate' AND "placed"."spend_7d" IS NOT NULL THEN "placed"."position" END), COALESCE(MIN(CASE WHEN "placed"."verdict" <> 'after the instant' THEN "placed"."position" END), MAX("placed"."position"))) AS "feature_1_place",
    MIN(CASE WHEN "placed"."verdict" = 'candidate' AND "placed"."vip" IS NOT NULL THEN "placed"."position" END) AS "feature_2_row",
    COALESCE(MIN(CASE WHEN "placed"."verdict" = 'candidate' AND "placed"."vip" IS NOT NULL THEN "placed"."position" END), COALESCE(MIN(CASE WHEN "placed"."verdict" <> 'after the instant' THEN "placed"."position" END), MAX("placed"."position"))) AS "feature_2_place"
  FROM "placed"
)
SELECT
  "placed"."feature_timestamp",
  "placed"."created_timestamp",
  "placed"."spend_7d",
  "placed"."vip",
  CASE
    WHEN "placed"."verdict" <> 'candidate' THEN "placed"."verdict"
    WHEN "placed"."position" > "winner"."feature_1_row" AND "placed"."spend_7d" IS NOT NULL THEN 'older'
    WHEN "placed"."spend_7d" IS NULL THEN 'nothing new'
    ELSE 'winner'
  END AS "spend_7d__verdict",
  CASE
    WHEN "placed"."verdict" <> 'candidate' THEN "placed"."verdict"
    WHEN "placed"."position" > "winner"."feature_2_row" AND "placed"."vip" IS NOT NULL THEN 'older'
    WHEN "placed"."vip" IS NULL THEN 'nothing new'
    ELSE 'winner'
  END AS "vip__verdict",
  "placed"."position"
FROM "placed"
JOIN "winner"
  ON ("placed"."position" >= ("winner"."feature_1_place" - 2) AND "placed"."position" <= ("winner"."feature_1_place" + 2))
    OR ("placed"."position" >= ("winner"."feature_2_place" - 2) AND "placed"."position" <= ("winner"."feature_2_place" + 2))
ORDER BY "placed"."position";
