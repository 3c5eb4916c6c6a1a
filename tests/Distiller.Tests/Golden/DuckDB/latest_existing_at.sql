-- Latest of customer_tier, max age judged at 2026-03-02 08:30:00.123456 UTC.
-- A query over history, because the set has no latest table: the newest row of each key.
SELECT
  "latest"."customer_id",
  "latest"."valid_date",
  "latest"."known_date",
  CASE WHEN (epoch_us(CAST("latest"."valid_date" AS TIMESTAMP)) + 86400000000) >= epoch_us(TIMESTAMPTZ '2026-03-02 08:30:00.123456+00') THEN "latest"."tier" END AS "tier",
  CASE WHEN (epoch_us(CAST("latest"."valid_date" AS TIMESTAMP)) + 86400000000) >= epoch_us(TIMESTAMPTZ '2026-03-02 08:30:00.123456+00') THEN "latest"."discount" END AS "discount"
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
