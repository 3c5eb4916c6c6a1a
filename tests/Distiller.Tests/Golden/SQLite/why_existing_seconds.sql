-- Why customer_tier of customer_id = 10 at 2026-03-02 08:30:00.123456 UTC, strictly before, max age 2.00:00:00.
WITH "placed" AS (
  SELECT
    "history"."valid_seconds",
    "history"."known_seconds",
    "history"."tier",
    "history"."discount",
    CASE
      WHEN "history"."valid_seconds" IS NULL THEN 'no event time'
      WHEN "history"."valid_seconds" > 1772440200 THEN 'after the instant'
      ELSE 'candidate'
    END AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."valid_seconds" DESC NULLS LAST, "history"."known_seconds" DESC NULLS LAST) AS "position"
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
  "placed"."valid_seconds",
  "placed"."known_seconds",
  "placed"."tier",
  "placed"."discount",
  CASE
    WHEN "placed"."verdict" <> 'candidate' THEN "placed"."verdict"
    WHEN "placed"."position" > "winner"."position" THEN 'older'
    WHEN (("placed"."valid_seconds" * 1000000) + 172800000000) >= (unixepoch(substr('2026-03-02 08:30:00.123456', 1, 19)) * 1000000 + CAST(substr('2026-03-02 08:30:00.123456', 21, 6) AS INTEGER)) THEN 'winner'
    ELSE 'expired'
  END AS "verdict",
  "placed"."position"
FROM "placed"
JOIN "winner"
  ON "placed"."position" >= ("winner"."place" - 5)
    AND "placed"."position" <= ("winner"."place" + 5)
ORDER BY "placed"."position";
