-- Coverage. Training set: order_times as of at_seconds (EpochSeconds), with customer_tier.
-- j1: one sorted pass over spine and history, because no index of the history is known that finds a key's newest row before an instant.

-- what became of each row of the spine: 1 is a value, 2 one that has expired
CREATE TEMP TABLE "distiller_coverage" AS
SELECT
  CAST(substr((strftime('%Y-%m-%d %H:%M:%S', (("matched"."at_seconds" * 1000000) - (((("matched"."at_seconds" * 1000000) % 1000000) + 1000000) % 1000000)) / 1000000, 'unixepoch') || '.' || substr('00000' || (((("matched"."at_seconds" * 1000000) % 1000000) + 1000000) % 1000000), -6)), 1, 4) || substr((strftime('%Y-%m-%d %H:%M:%S', (("matched"."at_seconds" * 1000000) - (((("matched"."at_seconds" * 1000000) % 1000000) + 1000000) % 1000000)) / 1000000, 'unixepoch') || '.' || substr('00000' || (((("matched"."at_seconds" * 1000000) % 1000000) + 1000000) % 1000000), -6)), 6, 2) AS INTEGER) AS "month",
  "matched"."j1__status" AS "status_1",
  CASE WHEN "matched"."j1__status" = 'hit' OR "matched"."j1__status" = 'expired' THEN ("matched"."at_seconds" * 1000000) - (unixepoch("matched"."j1__feature_timestamp") * 1000000) END AS "age_1",
  CASE WHEN "matched"."j1__tier" IS NOT NULL THEN 1 ELSE 0 END AS "value_1_1",
  CASE WHEN "matched"."j1__discount" IS NOT NULL THEN 1 ELSE 0 END AS "value_1_2"
FROM (
  WITH "numbered_spine" AS MATERIALIZED (
    SELECT
      "spine"."at_seconds",
      "spine"."customer_id",
      ROW_NUMBER() OVER () AS "spine_row"
    FROM "order_times" AS "spine"
  ),
  "j1_ranked" AS MATERIALIZED (
    SELECT
      "history"."customer_id",
      "history"."valid_date",
      "history"."tier",
      "history"."discount",
      ROW_NUMBER() OVER (ORDER BY "history"."customer_id", "history"."valid_date", "history"."known_date" NULLS FIRST) AS "history_row"
    FROM "tiers" AS "history"
    WHERE "history"."customer_id" IS NOT NULL
      AND "history"."valid_date" IS NOT NULL
  ),
  "j1_merged" AS (
    SELECT
      "history"."customer_id" AS "key_1",
      (unixepoch("history"."valid_date") * 1000000) AS "position",
      0 AS "side",
      "history"."history_row",
      CAST(NULL AS INTEGER) AS "spine_row"
    FROM "j1_ranked" AS "history"
    UNION ALL
    SELECT
      "numbered_spine"."customer_id",
      ("numbered_spine"."at_seconds" * 1000000),
      1,
      CAST(NULL AS INTEGER),
      "numbered_spine"."spine_row"
    FROM "numbered_spine"
    WHERE "numbered_spine"."customer_id" IS NOT NULL
      AND "numbered_spine"."at_seconds" IS NOT NULL
  ),
  "j1_carried" AS (
    SELECT
      "spine_row",
      MAX("history_row") OVER (PARTITION BY "key_1" ORDER BY "position", "side" ROWS UNBOUNDED PRECEDING) AS "history_row"
    FROM "j1_merged"
  )
  SELECT
    "spine"."at_seconds",
    "spine"."customer_id",
    "j1"."tier" AS "j1__tier",
    "j1"."discount" AS "j1__discount",
    CASE
      WHEN "spine"."customer_id" IS NULL OR "spine"."at_seconds" IS NULL THEN 'no_key'
      WHEN "j1"."valid_date" IS NULL THEN 'no_history'
      ELSE 'hit'
    END AS "j1__status",
    "j1"."valid_date" AS "j1__feature_timestamp"
  FROM "numbered_spine" AS "spine"
  LEFT JOIN (
    SELECT
      "spine_row",
      "history_row"
    FROM "j1_carried"
    WHERE "spine_row" IS NOT NULL
  ) AS "j1_match"
    ON "j1_match"."spine_row" = "spine"."spine_row"
  LEFT JOIN "j1_ranked" AS "j1"
    ON "j1"."history_row" = "j1_match"."history_row"
) AS "matched";

-- count by month
WITH "monthly" AS MATERIALIZED (
  SELECT
    "month",
    COUNT(*) AS "rows",
    SUM(CASE WHEN "status_1" = 'no_history' THEN 1 ELSE 0 END) AS "no_history_1",
    SUM(CASE WHEN "status_1" = 'no_key' THEN 1 ELSE 0 END) AS "no_key_1",
    SUM(CASE WHEN "status_1" = 'deleted' THEN 1 ELSE 0 END) AS "deleted_1",
    SUM(CASE WHEN "status_1" = 'expired' THEN 1 ELSE 0 END) AS "expired_1",
    SUM(CASE WHEN "value_1_1" = 1 THEN 1 ELSE 0 END) AS "hit_1_1",
    SUM(CASE WHEN "value_1_2" = 1 THEN 1 ELSE 0 END) AS "hit_1_2"
  FROM temp."distiller_coverage"
  GROUP BY "month"
)
SELECT
  "counted"."join",
  "counted"."feature",
  "counted"."month",
  "counted"."rows",
  "counted"."hit",
  "counted"."null",
  "counted"."expired",
  "counted"."no_history",
  "counted"."no_key",
  "counted"."deleted"
FROM (
  SELECT
    1 AS "place",
    'customer_tier' AS "join",
    'tier' AS "feature",
    "monthly"."month",
    "monthly"."rows",
    "monthly"."hit_1_1" AS "hit",
    (((("monthly"."rows" - "monthly"."hit_1_1") - "monthly"."expired_1") - "monthly"."no_history_1") - "monthly"."no_key_1") - "monthly"."deleted_1" AS "null",
    "monthly"."expired_1" AS "expired",
    "monthly"."no_history_1" AS "no_history",
    "monthly"."no_key_1" AS "no_key",
    "monthly"."deleted_1" AS "deleted"
  FROM "monthly"
  UNION ALL
  SELECT
    2 AS "place",
    'customer_tier' AS "join",
    'discount' AS "feature",
    "monthly"."month",
    "monthly"."rows",
    "monthly"."hit_1_2" AS "hit",
    (((("monthly"."rows" - "monthly"."hit_1_2") - "monthly"."expired_1") - "monthly"."no_history_1") - "monthly"."no_key_1") - "monthly"."deleted_1" AS "null",
    "monthly"."expired_1" AS "expired",
    "monthly"."no_history_1" AS "no_history",
    "monthly"."no_key_1" AS "no_key",
    "monthly"."deleted_1" AS "deleted"
  FROM "monthly"
) AS "counted"
ORDER BY "counted"."place", "counted"."month" NULLS LAST;

-- rank by age, in microseconds
SELECT
  "aged"."join",
  "aged"."rows",
  "aged"."age_0",
  "aged"."age_25",
  "aged"."age_50",
  "aged"."age_75",
  "aged"."age_90",
  "aged"."age_99",
  "aged"."age_100"
FROM (
  SELECT
    1 AS "place",
    'customer_tier' AS "join",
    COUNT(*) AS "rows",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_1")
        FROM temp."distiller_coverage"
      ) * 0) THEN "ranked"."age" END) AS "age_0",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_1")
        FROM temp."distiller_coverage"
      ) * 25) THEN "ranked"."age" END) AS "age_25",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_1")
        FROM temp."distiller_coverage"
      ) * 50) THEN "ranked"."age" END) AS "age_50",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_1")
        FROM temp."distiller_coverage"
      ) * 75) THEN "ranked"."age" END) AS "age_75",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_1")
        FROM temp."distiller_coverage"
      ) * 90) THEN "ranked"."age" END) AS "age_90",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_1")
        FROM temp."distiller_coverage"
      ) * 99) THEN "ranked"."age" END) AS "age_99",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_1")
        FROM temp."distiller_coverage"
      ) * 100) THEN "ranked"."age" END) AS "age_100"
  FROM (
    SELECT
      "age_1" AS "age",
      ROW_NUMBER() OVER (ORDER BY "age_1") AS "place"
    FROM temp."distiller_coverage"
    WHERE "age_1" IS NOT NULL
  ) AS "ranked"
) AS "aged"
ORDER BY "aged"."place";

-- drop the temporary table
DROP TABLE IF EXISTS temp."distiller_coverage";
