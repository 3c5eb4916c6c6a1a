-- Why contract of customer_id = 7 at 2026-03-02 08:30:00.123456 UTC.
-- Note: feature set 'contract' has neither created time nor tie-breaker: of equal event times one is taken arbitrarily, and a training set may take another.
WITH "placed" AS (
  SELECT
    "history"."valid_from",
    "history"."tier",
    "history"."points",
    "history"."valid_to",
    CASE
      WHEN "history"."valid_from" IS NULL THEN 'no event time'
      WHEN "history"."valid_from" > TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN 'after the instant'
      ELSE 'candidate'
    END AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."valid_from" DESC NULLS LAST) AS "position"
  FROM "contracts" AS "history"
  WHERE "history"."customer_id" = 7
),
"winner" AS (
  SELECT
    MIN(CASE WHEN "placed"."verdict" = 'candidate' THEN "placed"."position" END) AS "position",
    COALESCE(MIN(CASE WHEN "placed"."verdict" = 'candidate' THEN "placed"."position" END), COALESCE(MIN(CASE WHEN "placed"."verdict" <> 'after the instant' THEN "placed"."position" END), MAX("placed"."position"))) AS "place"
  FROM "placed"
)
SELECT
  "placed"."valid_from",
  "placed"."tier",
  "placed"."points",
  CASE
    WHEN "placed"."verdict" <> 'candidate' THEN "placed"."verdict"
    WHEN "placed"."position" > "winner"."position" THEN 'older'
    WHEN NOT ("placed"."valid_to" IS NULL OR "placed"."valid_to" > TIMESTAMPTZ '2026-03-02 08:30:00.123456+00') THEN 'ended'
    ELSE 'winner'
  END AS "verdict",
  "placed"."position"
FROM "placed"
JOIN "winner"
  ON "placed"."position" >= ("winner"."place" - 5)
    AND "placed"."position" <= ("winner"."place" + 5)
ORDER BY "placed"."position";
