-- Coverage. Training set: order_times as of at_ordinal (Ordinal), with customer_tier.
-- j1: ASOF JOIN on the first row of each event time, because ASOF takes one inequality and leaves ties open.

-- what became of each row of the spine: 1 is a value, 2 one that has expired
CREATE TEMP TABLE "distiller_coverage" AS
SELECT
  CAST(NULL AS INTEGER) AS "month",
  "matched"."j1__status" AS "status_1",
  CAST(NULL AS BIGINT) AS "age_1",
  CASE WHEN "matched"."j1__tier" IS NOT NULL THEN 1 ELSE 0 END AS "value_1_1",
  CASE WHEN "matched"."j1__discount" IS NOT NULL THEN 1 ELSE 0 END AS "value_1_2"
FROM (
  SELECT
    "spine"."at_ordinal",
    "spine"."customer_id",
    "j1"."tier" AS "j1__tier",
    "j1"."discount" AS "j1__discount",
    CASE
      WHEN "spine"."customer_id" IS NULL OR "spine"."at_ordinal" IS NULL THEN 'no_key'
      WHEN "j1"."valid_ordinal" IS NULL THEN 'no_history'
      ELSE 'hit'
    END AS "j1__status",
    "j1"."valid_ordinal" AS "j1__feature_timestamp"
  FROM "order_times" AS "spine"
  ASOF LEFT JOIN (
    SELECT
      "history"."customer_id",
      "history"."tier",
      "history"."discount",
      "history"."valid_ordinal",
      "history"."asof_order"
    FROM (
      SELECT
        "history"."customer_id",
        "history"."tier",
        "history"."discount",
        "history"."valid_ordinal",
        "history"."valid_ordinal" AS "asof_order",
        ROW_NUMBER() OVER (PARTITION BY "history"."customer_id", "history"."valid_ordinal" ORDER BY "history"."valid_ordinal" DESC, "history"."known_ordinal" DESC NULLS LAST) AS "rank"
      FROM "tiers" AS "history"
      WHERE "history"."valid_ordinal" IS NOT NULL
    ) AS "history"
    WHERE "history"."rank" = 1
  ) AS "j1"
    ON "spine"."customer_id" = "j1"."customer_id"
      AND COALESCE("spine"."at_ordinal", -9223372036854775808) >= "j1"."asof_order"
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
  FROM temp.main."distiller_coverage"
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
        FROM temp.main."distiller_coverage"
      ) * 0) THEN "ranked"."age" END) AS "age_0",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_1")
        FROM temp.main."distiller_coverage"
      ) * 25) THEN "ranked"."age" END) AS "age_25",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_1")
        FROM temp.main."distiller_coverage"
      ) * 50) THEN "ranked"."age" END) AS "age_50",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_1")
        FROM temp.main."distiller_coverage"
      ) * 75) THEN "ranked"."age" END) AS "age_75",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_1")
        FROM temp.main."distiller_coverage"
      ) * 90) THEN "ranked"."age" END) AS "age_90",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_1")
        FROM temp.main."distiller_coverage"
      ) * 99) THEN "ranked"."age" END) AS "age_99",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_1")
        FROM temp.main."distiller_coverage"
      ) * 100) THEN "ranked"."age" END) AS "age_100"
  FROM (
    SELECT
      "age_1" AS "age",
      ROW_NUMBER() OVER (ORDER BY "age_1") AS "place"
    FROM temp.main."distiller_coverage"
    WHERE "age_1" IS NOT NULL
  ) AS "ranked"
) AS "aged"
ORDER BY "aged"."place";

-- drop the temporary table
DROP TABLE IF EXISTS temp.main."distiller_coverage";
