-- Latest of customer_tier, max age judged at 2026-03-02 08:30:00.123456 UTC.
-- A query over history, because the set has no latest table: the newest value of each feature of each key.
SELECT
  "latest"."customer_id",
  "latest"."valid_instant",
  "latest"."known_instant",
  CASE WHEN (epoch_us("latest"."tier__at") + 172800000000) >= epoch_us(TIMESTAMPTZ '2026-03-02 08:30:00.123456+00') THEN "latest"."tier" END AS "tier",
  CASE WHEN (epoch_us("latest"."discount__at") + 172800000000) >= epoch_us(TIMESTAMPTZ '2026-03-02 08:30:00.123456+00') THEN "latest"."discount" END AS "discount"
FROM (
  WITH "ranked" AS MATERIALIZED (
    SELECT
      "history"."customer_id",
      "history"."valid_instant",
      "history"."known_instant",
      "history"."tier",
      "history"."discount",
      ROW_NUMBER() OVER (ORDER BY "history"."customer_id", "history"."valid_instant", "history"."known_instant" NULLS FIRST) AS "history_row"
    FROM "tiers" AS "history"
    WHERE "history"."customer_id" IS NOT NULL
      AND "history"."valid_instant" IS NOT NULL
  ),
  "newest_rows" AS MATERIALIZED (
    SELECT
      "customer_id",
      MAX("history_row") AS "history_row",
      MAX(CASE WHEN "tier" IS NOT NULL THEN "history_row" END) AS "feature_1_row",
      MAX(CASE WHEN "discount" IS NOT NULL THEN "history_row" END) AS "feature_2_row"
    FROM "ranked"
    GROUP BY "customer_id"
  ),
  "feature_values" AS MATERIALIZED (
    SELECT
      "newest"."history_row",
      "feature_1"."tier",
      "feature_2"."discount",
      "feature_1"."valid_instant" AS "tier__at",
      "feature_2"."valid_instant" AS "discount__at"
    FROM "newest_rows" AS "newest"
    LEFT JOIN "ranked" AS "feature_1"
      ON "feature_1"."history_row" = "newest"."feature_1_row"
    LEFT JOIN "ranked" AS "feature_2"
      ON "feature_2"."history_row" = "newest"."feature_2_row"
  )
  SELECT
    "row"."customer_id",
    "row"."valid_instant",
    "row"."known_instant",
    "feature_values"."tier",
    "feature_values"."discount",
    "feature_values"."tier__at",
    "feature_values"."discount__at"
  FROM "newest_rows" AS "newest"
  JOIN "ranked" AS "row"
    ON "row"."history_row" = "newest"."history_row"
  JOIN "feature_values"
    ON "feature_values"."history_row" = "newest"."history_row"
) AS "latest";
