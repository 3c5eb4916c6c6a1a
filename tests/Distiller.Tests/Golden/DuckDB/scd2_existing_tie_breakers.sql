-- Intervals of customer_tier, those that follow each other with equal features as one.
SELECT
  "winners"."customer_id",
  "winners"."valid_date" AS "valid_from",
  LEAD("winners"."valid_date") OVER (PARTITION BY "winners"."customer_id" ORDER BY "winners"."valid_date") AS "valid_to",
  CASE WHEN LEAD("winners"."valid_date") OVER (PARTITION BY "winners"."customer_id" ORDER BY "winners"."valid_date") IS NULL THEN TRUE ELSE FALSE END AS "is_current",
  "winners"."tier"
FROM (
  SELECT
    "history"."customer_id",
    "history"."valid_date",
    "history"."tier",
    CASE WHEN LAG(1) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."valid_date") = 1 AND "history"."tier" IS NOT DISTINCT FROM LAG("history"."tier") OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."valid_date") THEN 0 ELSE 1 END AS "changes"
  FROM (
    SELECT
      "history"."customer_id",
      "history"."valid_date",
      "history"."tier",
      LEAD("history"."valid_date") OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."valid_date", "history"."version" NULLS FIRST, "history"."id" NULLS FIRST) AS "next_event"
    FROM "tiers" AS "history"
    WHERE "history"."customer_id" IS NOT NULL
      AND "history"."valid_date" IS NOT NULL
  ) AS "history"
  WHERE "history"."next_event" IS NULL
    OR "history"."next_event" <> "history"."valid_date"
) AS "winners"
WHERE "winners"."changes" = 1;
