-- the latest of customer_tier
-- p1 timestamp: 2026-03-02 08:30:00.123456
SELECT
  "latest"."customer_id",
  "latest"."valid_date",
  "latest"."known_date",
  CASE WHEN ((unixepoch("latest"."valid_date") * 1000000) + 86400000000) >= (unixepoch(substr(@p1, 1, 19)) * 1000000 + CAST(substr(@p1, 21, 6) AS INTEGER)) THEN "latest"."tier" END AS "tier",
  CASE WHEN ((unixepoch("latest"."valid_date") * 1000000) + 86400000000) >= (unixepoch(substr(@p1, 1, 19)) * 1000000 + CAST(substr(@p1, 21, 6) AS INTEGER)) THEN "latest"."discount" END AS "discount"
FROM (
  SELECT
    "history"."customer_id",
    "history"."valid_date",
    "history"."known_date",
    "history"."tier",
    "history"."discount"
  FROM (
    SELECT
      "history"."customer_id",
      "history"."valid_date",
      "history"."known_date",
      "history"."tier",
      "history"."discount",
      ROW_NUMBER() OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."valid_date" DESC, "history"."known_date" DESC NULLS LAST) AS "newest_first"
    FROM "tiers" AS "history"
    WHERE "history"."customer_id" IS NOT NULL
      AND "history"."valid_date" IS NOT NULL
  ) AS "history"
  WHERE "history"."newest_first" = 1
) AS "latest";
