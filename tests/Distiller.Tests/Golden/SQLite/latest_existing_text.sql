-- Latest of customer_tier.
-- A query over history, because the set has no latest table: the newest row of each key.
SELECT
  "latest"."customer_id",
  "latest"."valid_text",
  "latest"."known_text",
  "latest"."tier",
  "latest"."discount"
FROM (
  SELECT
    "history"."customer_id",
    "history"."valid_text",
    "history"."known_text",
    "history"."tier",
    "history"."discount"
  FROM (
    SELECT
      "history"."customer_id",
      "history"."valid_text",
      "history"."known_text",
      "history"."tier",
      "history"."discount",
      ROW_NUMBER() OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."valid_text" DESC, "history"."known_text" DESC NULLS LAST) AS "newest_first"
    FROM "tiers" AS "history"
    WHERE "history"."customer_id" IS NOT NULL
      AND "history"."valid_text" IS NOT NULL
  ) AS "history"
  WHERE "history"."newest_first" = 1
) AS "latest";
