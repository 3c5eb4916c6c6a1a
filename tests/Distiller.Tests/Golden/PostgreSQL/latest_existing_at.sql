-- Latest of customer_tier, max age judged at 2026-03-02 08:30:00.123456 UTC.
-- A query over history, because the set has no latest table: the newest row of each key.
SELECT
  "latest"."customer_id",
  "latest"."valid_date",
  "latest"."known_date",
  CASE WHEN ((("latest"."valid_date" - DATE '1970-01-01') * CAST(86400000000 AS bigint)) + 86400000000) >= CAST(EXTRACT(EPOCH FROM TIMESTAMPTZ '2026-03-02 08:30:00.123456+00') * 1000000 AS bigint) THEN "latest"."tier" END AS "tier",
  CASE WHEN ((("latest"."valid_date" - DATE '1970-01-01') * CAST(86400000000 AS bigint)) + 86400000000) >= CAST(EXTRACT(EPOCH FROM TIMESTAMPTZ '2026-03-02 08:30:00.123456+00') * 1000000 AS bigint) THEN "latest"."discount" END AS "discount"
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
