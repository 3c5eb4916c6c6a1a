-- Coverage. Training set: orders as of event_timestamp, with customer_habits.
-- j1: ASOF JOIN on a history in which each row is filled up with the newest value of every feature, because the set is sparse.
-- a1: ASOF JOIN on a history in which each row is filled up with the newest value of every feature, because the set is sparse.

-- what became of each row of the spine: 1 is a value, 2 one that has expired
CREATE TEMP TABLE "distiller_coverage" AS
SELECT
  CAST(EXTRACT(YEAR FROM make_timestamp(epoch_us("matched"."event_timestamp"))) * 100 + EXTRACT(MONTH FROM make_timestamp(epoch_us("matched"."event_timestamp"))) AS INTEGER) AS "month",
  "matched"."j1__status" AS "status_1",
  CASE WHEN "matched"."j1__status" = 'hit' OR "matched"."j1__status" = 'expired' THEN epoch_us("matched"."event_timestamp") - epoch_us("matched"."j1__feature_timestamp") END AS "age_1",
  CASE
    WHEN "matched"."j1__orders_7d" IS NOT NULL THEN 1
    WHEN "matched"."a1__orders_7d" IS NOT NULL THEN 2
    ELSE 0
  END AS "value_1_1",
  CASE
    WHEN "matched"."j1__vip" IS NOT NULL THEN 1
    WHEN "matched"."a1__vip" IS NOT NULL THEN 2
    ELSE 0
  END AS "value_1_2"
FROM (
  SELECT
    "spine"."event_timestamp",
    "spine"."customer_id",
    CASE WHEN (epoch_us("j1"."feature_1_time") + 604800000000) >= epoch_us("spine"."event_timestamp") THEN "j1"."orders_7d" END AS "j1__orders_7d",
    CASE WHEN (epoch_us("j1"."feature_2_time") + 604800000000) >= epoch_us("spine"."event_timestamp") THEN "j1"."vip" END AS "j1__vip",
    CASE
      WHEN "spine"."customer_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
      WHEN "j1"."feature_timestamp" IS NULL THEN 'no_history'
      WHEN "j1"."deleted" THEN 'deleted'
      WHEN NOT ((epoch_us("j1"."feature_timestamp") + 604800000000) >= epoch_us("spine"."event_timestamp")) THEN 'expired'
      ELSE 'hit'
    END AS "j1__status",
    "j1"."feature_timestamp" AS "j1__feature_timestamp",
    "a1"."orders_7d" AS "a1__orders_7d",
    "a1"."vip" AS "a1__vip",
    CASE
      WHEN "spine"."customer_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
      WHEN "a1"."feature_timestamp" IS NULL THEN 'no_history'
      WHEN "a1"."deleted" THEN 'deleted'
      ELSE 'hit'
    END AS "a1__status",
    "a1"."feature_timestamp" AS "a1__feature_timestamp"
  FROM "orders" AS "spine"
  ASOF LEFT JOIN (
    SELECT
      "history"."customer_id",
      LAST_VALUE("history"."orders_7d" IGNORE NULLS) OVER (PARTITION BY "history"."customer_id", "history"."ended" ORDER BY "history"."asof_order") AS "orders_7d",
      LAST_VALUE("history"."vip" IGNORE NULLS) OVER (PARTITION BY "history"."customer_id", "history"."ended" ORDER BY "history"."asof_order") AS "vip",
      LAST_VALUE(CASE WHEN "history"."orders_7d" IS NOT NULL THEN "history"."feature_timestamp" END IGNORE NULLS) OVER (PARTITION BY "history"."customer_id", "history"."ended" ORDER BY "history"."asof_order") AS "feature_1_time",
      LAST_VALUE(CASE WHEN "history"."vip" IS NOT NULL THEN "history"."feature_timestamp" END IGNORE NULLS) OVER (PARTITION BY "history"."customer_id", "history"."ended" ORDER BY "history"."asof_order") AS "feature_2_time",
      "history"."feature_timestamp",
      "history"."deleted",
      "history"."asof_order"
    FROM (
      SELECT
        "history"."customer_id",
        "history"."orders_7d",
        "history"."vip",
        "history"."feature_timestamp",
        "history"."deleted",
        CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order",
        MAX(CASE WHEN "history"."deleted" THEN CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") END) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp", "history"."created_timestamp" ROWS UNBOUNDED PRECEDING) AS "ended"
      FROM "customer_habits_history" AS "history"
    ) AS "history"
  ) AS "j1"
    ON "spine"."customer_id" = "j1"."customer_id"
      AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "j1"."asof_order"
  ASOF LEFT JOIN (
    SELECT
      "history"."customer_id",
      LAST_VALUE("history"."orders_7d" IGNORE NULLS) OVER (PARTITION BY "history"."customer_id", "history"."ended" ORDER BY "history"."asof_order") AS "orders_7d",
      LAST_VALUE("history"."vip" IGNORE NULLS) OVER (PARTITION BY "history"."customer_id", "history"."ended" ORDER BY "history"."asof_order") AS "vip",
      "history"."feature_timestamp",
      "history"."deleted",
      "history"."asof_order"
    FROM (
      SELECT
        "history"."customer_id",
        "history"."orders_7d",
        "history"."vip",
        "history"."feature_timestamp",
        "history"."deleted",
        CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order",
        MAX(CASE WHEN "history"."deleted" THEN CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") END) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp", "history"."created_timestamp" ROWS UNBOUNDED PRECEDING) AS "ended"
      FROM "customer_habits_history" AS "history"
    ) AS "history"
  ) AS "a1"
    ON "spine"."customer_id" = "a1"."customer_id"
      AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "a1"."asof_order"
) AS "matched";

-- count by month
WITH "monthly" AS MATERIALIZED (
  SELECT
    "month",
    COUNT(*) AS "rows",
    SUM(CASE WHEN "status_1" = 'no_history' THEN 1 ELSE 0 END) AS "no_history_1",
    SUM(CASE WHEN "status_1" = 'no_key' THEN 1 ELSE 0 END) AS "no_key_1",
    SUM(CASE WHEN "status_1" = 'deleted' THEN 1 ELSE 0 END) AS "deleted_1",
    SUM(CASE WHEN "value_1_1" = 1 THEN 1 ELSE 0 END) AS "hit_1_1",
    SUM(CASE WHEN "value_1_1" = 2 THEN 1 ELSE 0 END) AS "expired_1_1",
    SUM(CASE WHEN "value_1_2" = 1 THEN 1 ELSE 0 END) AS "hit_1_2",
    SUM(CASE WHEN "value_1_2" = 2 THEN 1 ELSE 0 END) AS "expired_1_2"
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
    'customer_habits' AS "join",
    'orders_7d' AS "feature",
    "monthly"."month",
    "monthly"."rows",
    "monthly"."hit_1_1" AS "hit",
    (((("monthly"."rows" - "monthly"."hit_1_1") - "monthly"."expired_1_1") - "monthly"."no_history_1") - "monthly"."no_key_1") - "monthly"."deleted_1" AS "null",
    "monthly"."expired_1_1" AS "expired",
    "monthly"."no_history_1" AS "no_history",
    "monthly"."no_key_1" AS "no_key",
    "monthly"."deleted_1" AS "deleted"
  FROM "monthly"
  UNION ALL
  SELECT
    2 AS "place",
    'customer_habits' AS "join",
    'vip' AS "feature",
    "monthly"."month",
    "monthly"."rows",
    "monthly"."hit_1_2" AS "hit",
    (((("monthly"."rows" - "monthly"."hit_1_2") - "monthly"."expired_1_2") - "monthly"."no_history_1") - "monthly"."no_key_1") - "monthly"."deleted_1" AS "null",
    "monthly"."expired_1_2" AS "expired",
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
    'customer_habits' AS "join",
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
