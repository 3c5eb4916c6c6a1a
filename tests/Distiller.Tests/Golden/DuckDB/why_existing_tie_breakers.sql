-- Why customer_tier of customer_id = 10 at 2026-03-02 08:30:00.123456 UTC.
WITH "placed" AS (
  SELECT
    "history"."valid_date",
    "history"."version",
    "history"."id",
    "history"."tier",
    CASE
      WHEN "history"."valid_date" IS NULL THEN 'no event time'
      WHEN "history"."valid_date" > DATE '2026-03-02' THEN 'after the instant'
      ELSE 'candidate'
    END AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."valid_date" DESC NULLS LAST, "history"."version" DESC NULLS LAST, "history"."id" DESC NULLS LAST) AS "position"
  FROM "tiers" AS "history"
  WHERE "history"."customer_id" = 10
),
"winner" AS (
  SELECT
    MIN(CASE WHEN "placed"."verdict" = 'candidate' THEN "placed"."position" END) AS "position",
    COALESCE(MIN(CASE WHEN "placed"."verdict" = 'candidate' THEN "placed"."position" END), COALESCE(MIN(CASE WHEN "placed"."verdict" <> 'after the instant' THEN "placed"."position" END), MAX("placed"."position"))) AS "place"
  FROM "placed"
)
SELECT
  "placed"."valid_date",
  "placed"."version",
  "placed"."id",
  "placed"."tier",
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
