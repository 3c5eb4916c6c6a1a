-- Unload of customer_tier.
-- A query over history, because the set has no latest table: the newest row of each key.
SELECT
  "latest"."customer_id",
  "latest"."valid_date",
  "latest"."tier",
  "latest"."version",
  "latest"."id"
FROM (
  SELECT
    "history"."customer_id",
    "history"."valid_date",
    "history"."tier",
    "history"."version",
    "history"."id"
  FROM (
    SELECT
      "history"."customer_id",
      "history"."valid_date",
      "history"."tier",
      "history"."version",
      "history"."id",
      ROW_NUMBER() OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."valid_date" DESC, "history"."version" DESC NULLS LAST, "history"."id" DESC NULLS LAST) AS "newest_first"
    FROM "tiers" AS "history"
    WHERE "history"."customer_id" IS NOT NULL
      AND "history"."valid_date" IS NOT NULL
  ) AS "history"
  WHERE "history"."newest_first" = 1
) AS "latest";
