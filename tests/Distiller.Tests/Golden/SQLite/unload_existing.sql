-- Unload of customer_tier.
-- A query over history, because the set has no latest table: the newest row of each key.
SELECT
  "latest"."customer_id",
  "latest"."valid_instant",
  "latest"."known_instant",
  "latest"."tier",
  "latest"."discount"
FROM (
  SELECT
    "history"."customer_id",
    "history"."valid_instant",
    "history"."known_instant",
    "history"."tier",
    "history"."discount"
  FROM (
    SELECT
      "history"."customer_id",
      "history"."valid_instant",
      "history"."known_instant",
      "history"."tier",
      "history"."discount",
      ROW_NUMBER() OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."valid_instant" DESC, "history"."known_instant" DESC NULLS LAST) AS "newest_first"
    FROM "tiers" AS "history"
    WHERE "history"."customer_id" IS NOT NULL
      AND "history"."valid_instant" IS NOT NULL
  ) AS "history"
  WHERE "history"."newest_first" = 1
) AS "latest";
