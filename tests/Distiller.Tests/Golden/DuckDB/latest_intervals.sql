-- Latest of contract.
-- A query over history, because the set has no latest table: the newest row of each key.
SELECT
  "latest"."customer_id",
  "latest"."valid_from",
  "latest"."valid_to",
  "latest"."tier",
  "latest"."points"
FROM (
  SELECT
    "history"."customer_id",
    "history"."valid_from",
    "history"."valid_to",
    "history"."tier",
    "history"."points"
  FROM (
    SELECT
      "history"."customer_id",
      "history"."valid_from",
      "history"."valid_to",
      "history"."tier",
      "history"."points",
      ROW_NUMBER() OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."valid_from" DESC) AS "newest_first"
    FROM "contracts" AS "history"
    WHERE "history"."customer_id" IS NOT NULL
      AND "history"."valid_from" IS NOT NULL
  ) AS "history"
  WHERE "history"."newest_first" = 1
) AS "latest"
WHERE "latest"."valid_to" IS NULL
  OR "latest"."valid_to" > now();
