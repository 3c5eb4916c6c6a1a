-- Events of customer_tier: one row per history row and feature, NULLs left out.
SELECT
  "history"."customer_id",
  'tier' AS "what",
  "history"."tier" AS "how_much",
  "history"."valid_instant",
  "history"."known_instant"
FROM "tiers" AS "history"
WHERE "history"."customer_id" IS NOT NULL
  AND "history"."valid_instant" IS NOT NULL
  AND "history"."tier" IS NOT NULL
UNION ALL
SELECT
  "history"."customer_id",
  'discount' AS "what",
  CAST("history"."discount" AS VARCHAR) AS "how_much",
  "history"."valid_instant",
  "history"."known_instant"
FROM "tiers" AS "history"
WHERE "history"."customer_id" IS NOT NULL
  AND "history"."valid_instant" IS NOT NULL
  AND "history"."discount" IS NOT NULL;
