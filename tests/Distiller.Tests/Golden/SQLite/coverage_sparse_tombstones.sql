-- Coverage. Training set: orders as of event_timestamp, with customer_habits.
-- j1: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe, and a NULL feature's newest value in another.
-- a1: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe, and a NULL feature's newest value in another.

-- what became of each row of the spine: 1 is a value, 2 one that has expired
CREATE TEMP TABLE "distiller_coverage" AS
SELECT
  CAST(substr("matched"."event_timestamp", 1, 4) || substr("matched"."event_timestamp", 6, 2) AS INTEGER) AS "month",
  "matched"."j1__status" AS "status_1",
  CASE WHEN "matched"."j1__status" = 'hit' OR "matched"."j1__status" = 'expired' THEN (unixepoch(substr("matched"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("matched"."event_timestamp", 21, 6) AS INTEGER)) - (unixepoch(substr("matched"."j1__feature_timestamp", 1, 19)) * 1000000 + CAST(substr("matched"."j1__feature_timestamp", 21, 6) AS INTEGER)) END AS "age_1",
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
    CASE WHEN ((unixepoch(substr("j1"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("j1"."feature_timestamp", 21, 6) AS INTEGER)) + 604800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER)) THEN COALESCE("j1"."orders_7d", (
        SELECT
          CASE WHEN ((unixepoch(substr("history"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("history"."feature_timestamp", 21, 6) AS INTEGER)) + 604800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER)) THEN "history"."orders_7d" END
        FROM "customer_habits_history" AS "history"
        WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."feature_timestamp" <= "spine"."event_timestamp")
          AND ("history"."orders_7d" IS NOT NULL OR "history"."deleted")
        ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
        LIMIT 1
      )) END AS "j1__orders_7d",
    CASE WHEN ((unixepoch(substr("j1"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("j1"."feature_timestamp", 21, 6) AS INTEGER)) + 604800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER)) THEN COALESCE("j1"."vip", (
        SELECT
          CASE WHEN ((unixepoch(substr("history"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("history"."feature_timestamp", 21, 6) AS INTEGER)) + 604800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER)) THEN "history"."vip" END
        FROM "customer_habits_history" AS "history"
        WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."feature_timestamp" <= "spine"."event_timestamp")
          AND ("history"."vip" IS NOT NULL OR "history"."deleted")
        ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
        LIMIT 1
      )) END AS "j1__vip",
    CASE
      WHEN "spine"."customer_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
      WHEN "j1"."feature_timestamp" IS NULL THEN 'no_history'
      WHEN "j1"."deleted" THEN 'deleted'
      WHEN NOT (((unixepoch(substr("j1"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("j1"."feature_timestamp", 21, 6) AS INTEGER)) + 604800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER))) THEN 'expired'
      ELSE 'hit'
    END AS "j1__status",
    "j1"."feature_timestamp" AS "j1__feature_timestamp",
    COALESCE("a1"."orders_7d", (
      SELECT
        "history"."orders_7d"
      FROM "customer_habits_history" AS "history"
      WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."feature_timestamp" <= "spine"."event_timestamp")
        AND ("history"."orders_7d" IS NOT NULL OR "history"."deleted")
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    )) AS "a1__orders_7d",
    COALESCE("a1"."vip", (
      SELECT
        "history"."vip"
      FROM "customer_habits_history" AS "history"
      WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."feature_timestamp" <= "spine"."event_timestamp")
        AND ("history"."vip" IS NOT NULL OR "history"."deleted")
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    )) AS "a1__vip",
    CASE
      WHEN "spine"."customer_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
      WHEN "a1"."feature_timestamp" IS NULL THEN 'no_history'
      WHEN "a1"."deleted" THEN 'deleted'
      ELSE 'hit'
    END AS "a1__status",
    "a1"."feature_timestamp" AS "a1__feature_timestamp"
  FROM (
    SELECT
      "spine"."event_timestamp",
      "spine"."customer_id",
      (
        SELECT
          "history".rowid
        FROM "customer_habits_history" AS "history"
        WHERE "history"."customer_id" = "spine"."customer_id"
          AND "history"."feature_timestamp" <= "spine"."event_timestamp"
        ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
        LIMIT 1
      ) AS "j1__row",
      (
        SELECT
          "history".rowid
        FROM "customer_habits_history" AS "history"
        WHERE "history"."customer_id" = "spine"."customer_id"
          AND "history"."feature_timestamp" <= "spine"."event_timestamp"
        ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
        LIMIT 1
      ) AS "a1__row"
    FROM (
      SELECT
        "spine"."event_timestamp",
        "spine"."customer_id"
      FROM "orders" AS "spine"
      ORDER BY "spine"."customer_id", "spine"."event_timestamp"
      LIMIT -1
    ) AS "spine"
    LIMIT -1
  ) AS "spine"
  LEFT JOIN "customer_habits_history" AS "j1"
    ON "j1".rowid = "spine"."j1__row"
  LEFT JOIN "customer_habits_history" AS "a1"
    ON "a1".rowid = "spine"."a1__row"
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
