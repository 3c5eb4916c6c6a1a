-- Intervals of customer_tier.
SELECT
  "history"."customer_id",
  "history"."valid_instant" AS "valid_from",
  "history"."next_event" AS "valid_to",
  CASE WHEN "history"."next_event" IS NULL THEN 1 ELSE 0 END AS "is_current",
  "history"."tier",
  "history"."discount"
FROM (
  SELECT
    "history"."customer_id",
    "history"."valid_instant",
    "history"."tier",
    "history"."discount",
    LEAD("history"."valid_instant") OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."valid_instant", "history"."known_instant" NULLS FIRST) AS "next_event"
  FROM "tiers" AS "history"
  WHERE "history"."customer_id" IS NOT NULL
    AND "history"."valid_instant" IS NOT NULL
) AS "history"
WHERE "history"."next_event" IS NULL
  OR "history"."next_event" <> "history"."valid_instant";
