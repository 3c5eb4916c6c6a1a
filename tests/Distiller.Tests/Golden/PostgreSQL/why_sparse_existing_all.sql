-- Why customer_tier of customer_id = 10 at 2026-03-02 08:30:00.123456 UTC.
WITH "placed" AS (
  SELECT
    "history"."valid_date",
    "history"."version",
    "history"."id",
    "history"."tier",
    "history"."discount",
    CASE
      WHEN "history"."valid_date" IS NULL THEN 'no event time'
      WHEN "history"."valid_date" > DATE '2026-03-02' THEN 'after the instant'
      ELSE 'candidate'
    END AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."valid_date" DESC NULLS LAST, "history"."version" DESC NULLS LAST, "history"."id" DESC NULLS LAST) AS "position"
  FROM "tiers" AS "history"
  WHERE "history"."customer_id" = CAST('10' AS bigint)
),
"winner" AS (
  SELECT
    MIN(CASE WHEN "placed"."verdict" = 'candidate' AND "placed"."tier" IS NOT NULL THEN "placed"."position" END) AS "feature_1_row",
    MIN(CASE WHEN "placed"."verdict" = 'candidate' AND "placed"."discount" IS NOT NULL THEN "placed"."position" END) AS "feature_2_row"
  FROM "placed"
)
SELECT
  "placed"."valid_date",
  "placed"."version",
  "placed"."id",
  "placed"."tier",
  "placed"."discount",
  CASE
    WHEN "placed"."verdict" <> 'candidate' THEN "placed"."verdict"
    WHEN "placed"."position" > "winner"."feature_1_row" AND "placed"."tier" IS NOT NULL THEN 'older'
    WHEN "placed"."tier" IS NULL THEN 'nothing new'
    ELSE 'winner'
  END AS "tier__verdict",
  CASE
    WHEN "placed"."verdict" <> 'candidate' THEN "placed"."verdict"
    WHEN "placed"."position" > "winner"."feature_2_row" AND "placed"."discount" IS NOT NULL THEN 'older'
    WHEN "placed"."discount" IS NULL THEN 'nothing new'
    ELSE 'winner'
  END AS "discount__verdict",
  "placed"."position"
FROM "placed"
JOIN "winner"
  ON TRUE
ORDER BY "placed"."position";
