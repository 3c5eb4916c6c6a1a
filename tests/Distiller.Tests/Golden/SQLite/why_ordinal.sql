-- Why customer_tier of customer_id = 10 at 3.
WITH "placed" AS (
  SELECT
    "history"."valid_ordinal",
    "history"."known_ordinal",
    "history"."tier",
    "history"."discount",
    CASE
      WHEN "history"."valid_ordinal" IS NULL THEN 'no event time'
      WHEN "history"."valid_ordinal" > 3 THEN 'after the instant'
      ELSE 'candidate'
    END AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."valid_ordinal" DESC NULLS LAST, "history"."known_ordinal" DESC NULLS LAST) AS "position"
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
  "placed"."valid_ordinal",
  "placed"."known_ordinal",
  "placed"."tier",
  "placed"."discount",
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
