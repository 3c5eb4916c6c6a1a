-- Coverage. Training set: orders as of event_timestamp, with customer_balance, shelf_stock.
-- j1: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.
-- j2: ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open.

-- what became of each row of the spine: 1 is a value, 2 one that has expired
CREATE TEMP TABLE "distiller_coverage" AS
SELECT
  CAST(EXTRACT(YEAR FROM make_timestamp(epoch_us("matched"."event_timestamp"))) * 100 + EXTRACT(MONTH FROM make_timestamp(epoch_us("matched"."event_timestamp"))) AS INTEGER) AS "month",
  "matched"."j1__status" AS "status_1",
  CASE WHEN "matched"."j1__status" = 'hit' OR "matched"."j1__status" = 'expired' THEN epoch_us("matched"."event_timestamp") - epoch_us("matched"."j1__feature_timestamp") END AS "age_1",
  CASE WHEN "matched"."j1__balance" IS NOT NULL THEN 1 ELSE 0 END AS "value_1_1",
  CASE WHEN "matched"."j1__segment" IS NOT NULL THEN 1 ELSE 0 END AS "value_1_2",
  "matched"."j2__status" AS "status_2",
  CASE WHEN "matched"."j2__status" = 'hit' OR "matched"."j2__status" = 'expired' THEN epoch_us("matched"."event_timestamp") - epoch_us("matched"."j2__feature_timestamp") END AS "age_2",
  CASE WHEN "matched"."j2__in_stock" IS NOT NULL THEN 1 ELSE 0 END AS "value_2_1",
  CASE WHEN "matched"."j2__price" IS NOT NULL THEN 1 ELSE 0 END AS "value_2_2"
FROM (
  SELECT
    "spine"."event_timestamp",
    "spine"."customer_id",
    "spine"."store",
    "spine"."product_id",
    CASE WHEN (epoch_us("j1"."feature_timestamp") + 2592000000000) >= epoch_us("spine"."event_timestamp") THEN "j1"."balance" END AS "j1__balance",
    CASE WHEN (epoch_us("j1"."feature_timestamp") + 2592000000000) >= epoch_us("spine"."event_timestamp") THEN "j1"."segment" END AS "j1__segment",
    CASE
      WHEN "spine"."customer_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
      WHEN "j1"."feature_timestamp" IS NULL THEN 'no_history'
      WHEN NOT ((epoch_us("j1"."feature_timestamp") + 2592000000000) >= epoch_us("spine"."event_timestamp")) THEN 'expired'
      ELSE 'hit'
    END AS "j1__status",
    "j1"."feature_timestamp" AS "j1__feature_timestamp",
    "j2"."in_stock" AS "j2__in_stock",
    "j2"."price" AS "j2__price",
    CASE
      WHEN "spine"."store" IS NULL OR "spine"."product_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
      WHEN "j2"."feature_timestamp" IS NULL THEN 'no_history'
      ELSE 'hit'
    END AS "j2__status",
    "j2"."feature_timestamp" AS "j2__feature_timestamp"
  FROM "orders" AS "spine"
  ASOF LEFT JOIN (
    SELECT
      "history"."customer_id",
      "history"."balance",
      "history"."segment",
      "history"."feature_timestamp",
      CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
    FROM "customer_balance_history" AS "history"
  ) AS "j1"
    ON "spine"."customer_id" = "j1"."customer_id"
      AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "j1"."asof_order"
  ASOF LEFT JOIN (
    SELECT
      "history"."store",
      "history"."product_id",
      "history"."in_stock",
      "history"."price",
      "history"."feature_timestamp",
      CAST(epoch_us("history"."feature_timestamp") AS HUGEINT) * 18446744073709551616 + epoch_us("history"."created_timestamp") AS "asof_order"
    FROM "shelf_stock_history" AS "history"
  ) AS "j2"
    ON "spine"."store" = "j2"."store"
      AND "spine"."product_id" = "j2"."product_id"
      AND COALESCE(CAST(epoch_us("spine"."event_timestamp") AS HUGEINT) * 18446744073709551616 + 9223372036854775807, -170141183460469231731687303715884105727) >= "j2"."asof_order"
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
    SUM(CASE WHEN "value_1_2" = 1 THEN 1 ELSE 0 END) AS "hit_1_2",
    SUM(CASE WHEN "status_2" = 'no_history' THEN 1 ELSE 0 END) AS "no_history_2",
    SUM(CASE WHEN "status_2" = 'no_key' THEN 1 ELSE 0 END) AS "no_key_2",
    SUM(CASE WHEN "status_2" = 'deleted' THEN 1 ELSE 0 END) AS "deleted_2",
    SUM(CASE WHEN "status_2" = 'expired' THEN 1 ELSE 0 END) AS "expired_2",
    SUM(CASE WHEN "value_2_1" = 1 THEN 1 ELSE 0 END) AS "hit_2_1",
    SUM(CASE WHEN "value_2_2" = 1 THEN 1 ELSE 0 END) AS "hit_2_2"
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
    'customer_balance' AS "join",
    'balance' AS "feature",
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
    'customer_balance' AS "join",
    'segment' AS "feature",
    "monthly"."month",
    "monthly"."rows",
    "monthly"."hit_1_2" AS "hit",
    (((("monthly"."rows" - "monthly"."hit_1_2") - "monthly"."expired_1") - "monthly"."no_history_1") - "monthly"."no_key_1") - "monthly"."deleted_1" AS "null",
    "monthly"."expired_1" AS "expired",
    "monthly"."no_history_1" AS "no_history",
    "monthly"."no_key_1" AS "no_key",
    "monthly"."deleted_1" AS "deleted"
  FROM "monthly"
  UNION ALL
  SELECT
    3 AS "place",
    'shelf_stock' AS "join",
    'in_stock' AS "feature",
    "monthly"."month",
    "monthly"."rows",
    "monthly"."hit_2_1" AS "hit",
    (((("monthly"."rows" - "monthly"."hit_2_1") - "monthly"."expired_2") - "monthly"."no_history_2") - "monthly"."no_key_2") - "monthly"."deleted_2" AS "null",
    "monthly"."expired_2" AS "expired",
    "monthly"."no_history_2" AS "no_history",
    "monthly"."no_key_2" AS "no_key",
    "monthly"."deleted_2" AS "deleted"
  FROM "monthly"
  UNION ALL
  SELECT
    4 AS "place",
    'shelf_stock' AS "join",
    'price' AS "feature",
    "monthly"."month",
    "monthly"."rows",
    "monthly"."hit_2_2" AS "hit",
    (((("monthly"."rows" - "monthly"."hit_2_2") - "monthly"."expired_2") - "monthly"."no_history_2") - "monthly"."no_key_2") - "monthly"."deleted_2" AS "null",
    "monthly"."expired_2" AS "expired",
    "monthly"."no_history_2" AS "no_history",
    "monthly"."no_key_2" AS "no_key",
    "monthly"."deleted_2" AS "deleted"
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
    'customer_balance' AS "join",
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
  UNION ALL
  SELECT
    2 AS "place",
    'shelf_stock' AS "join",
    COUNT(*) AS "rows",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_2")
        FROM temp.main."distiller_coverage"
      ) * 0) THEN "ranked"."age" END) AS "age_0",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_2")
        FROM temp.main."distiller_coverage"
      ) * 25) THEN "ranked"."age" END) AS "age_25",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_2")
        FROM temp.main."distiller_coverage"
      ) * 50) THEN "ranked"."age" END) AS "age_50",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_2")
        FROM temp.main."distiller_coverage"
      ) * 75) THEN "ranked"."age" END) AS "age_75",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_2")
        FROM temp.main."distiller_coverage"
      ) * 90) THEN "ranked"."age" END) AS "age_90",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_2")
        FROM temp.main."distiller_coverage"
      ) * 99) THEN "ranked"."age" END) AS "age_99",
    MIN(CASE WHEN ("ranked"."place" * 100) >= ((
        SELECT
          COUNT("age_2")
        FROM temp.main."distiller_coverage"
      ) * 100) THEN "ranked"."age" END) AS "age_100"
  FROM (
    SELECT
      "age_2" AS "age",
      ROW_NUMBER() OVER (ORDER BY "age_2") AS "place"
    FROM temp.main."distiller_coverage"
    WHERE "age_2" IS NOT NULL
  ) AS "ranked"
) AS "aged"
ORDER BY "aged"."place";

-- drop the temporary table
DROP TABLE IF EXISTS temp.main."distiller_coverage";
