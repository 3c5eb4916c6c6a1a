-- Why customer_tier of customer_id = 10 at 2026-03-02 08:30:00.123456 UTC, known at the instant.
WITH "placed" AS (
  SELECT
    "history"."valid_instant",
    "history"."known_instant",
    "history"."tier",
    "history"."discount",
    CASE
      WHEN "history"."valid_instant" IS NULL THEN 'no event time'
      WHEN "history"."valid_instant" > '2026-03-02 08:30:00.123456' THEN 'after the instant'
      WHEN "history"."known_instant" > '2026-03-02 08:30:00.123456' THEN 'not yet known'
      ELSE 'candidate'
    END AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."valid_instant" DESC NULLS LAST, "history"."known_instant" DESC NULLS LAST) AS "position"
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
  "placed"."valid_instant",
  "placed"."known_instant",
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
