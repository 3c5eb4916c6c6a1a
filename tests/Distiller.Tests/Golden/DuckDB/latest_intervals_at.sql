-- Latest of contract, validity judged at 2026-03-02 08:30:00.123456 UTC.
-- A query over history, because the set has no latest table: the newest row of each key.
SELECT
  "latest"."customer_id",
  "latest"."valid_from",
  "latest"."valid_to",
  CASE WHEN "latest"."valid_to" IS NULL OR "latest"."valid_to" > TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN "latest"."tier" END AS "tier",
  CASE WHEN "latest"."valid_to" IS NULL OR "latest"."valid_to" > TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN "latest"."points" END AS "points"
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
) AS "latest";
