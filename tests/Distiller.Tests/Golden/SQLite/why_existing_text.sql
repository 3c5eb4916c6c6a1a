-- Why customer_tier of customer_id = 10 at 2026-03-02 08:30:00.123456 UTC, strictly before, known at the instant.
WITH "placed" AS (
  SELECT
    "history"."valid_text",
    "history"."known_text",
    "history"."tier",
    "history"."discount",
    CASE
      WHEN "history"."valid_text" IS NULL THEN 'no event time'
      WHEN "history"."valid_text" >= ('2026-03-02 08:30:00.123455' || ':') THEN 'after the instant'
      WHEN "history"."known_text" >= ('2026-03-02 08:30:00.123456' || ':') THEN 'not yet known'
      ELSE 'candidate'
    END AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."valid_text" DESC NULLS LAST, "history"."known_text" DESC NULLS LAST) AS "position"
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
  "placed"."valid_text",
  "placed"."known_text",
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
