-- a temporary table for the rows that are kept
CREATE TEMP TABLE "kept_customer_spend" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  PRIMARY KEY ("customer_id", "feature_timestamp", "row")
);

-- all of it, or nothing
BEGIN IMMEDIATE;

-- no publisher meanwhile
DELETE FROM "customer_spend_latest" AS "nothing"
WHERE 0 = 1;

-- the rows of customer_spend before the instant that something from it on needs
-- p1 timestamp: 2026-03-02 08:30:00.123456
INSERT INTO temp."kept_customer_spend" ("customer_id", "feature_timestamp", "created_timestamp", "row")
SELECT
  "ranked"."customer_id",
  "ranked"."feature_timestamp",
  "ranked"."created_timestamp",
  ROW_NUMBER() OVER ()
FROM (
  SELECT
    "history"."customer_id",
    "history"."feature_timestamp",
    "history"."created_timestamp",
    CASE WHEN "history"."created_timestamp" <= @p1 THEN 0 ELSE 1772440200123456 - (unixepoch(substr("history"."created_timestamp", 1, 19)) * 1000000 + CAST(substr("history"."created_timestamp", 21, 6) AS INTEGER)) END AS "known",
    MAX(CASE WHEN "history"."created_timestamp" <= @p1 THEN 0 ELSE 1772440200123456 - (unixepoch(substr("history"."created_timestamp", 1, 19)) * 1000000 + CAST(substr("history"."created_timestamp", 21, 6) AS INTEGER)) END) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS "known_above_1"
  FROM "customer_spend_history" AS "history"
  WHERE "history"."feature_timestamp" < @p1
) AS "ranked"
WHERE "ranked"."known_above_1" IS NULL
  OR "ranked"."known" > "ranked"."known_above_1";

-- count the rows of history
SELECT
  COUNT(*) AS "rows"
FROM "customer_spend_history" AS "stored";

-- count those before the instant
-- p1 timestamp: 2026-03-02 08:30:00.123456
SELECT
  COUNT(*) AS "before"
FROM "customer_spend_history" AS "stored"
WHERE "stored"."feature_timestamp" < @p1;

-- count those that nothing needs
-- p1 timestamp: 2026-03-02 08:30:00.123456
SELECT
  COUNT(*) AS "pruned"
FROM "customer_spend_history" AS "stored"
WHERE "stored"."feature_timestamp" < @p1
  AND NOT EXISTS (
    SELECT
      1
    FROM temp."kept_customer_spend" AS "kept"
    WHERE "kept"."customer_id" = "stored"."customer_id"
      AND "kept"."feature_timestamp" = "stored"."feature_timestamp"
      AND "kept"."created_timestamp" = "stored"."created_timestamp"
  );

-- delete them
-- p1 timestamp: 2026-03-02 08:30:00.123456
DELETE FROM "customer_spend_history" AS "stored"
WHERE "stored"."feature_timestamp" < @p1
  AND NOT EXISTS (
    SELECT
      1
    FROM temp."kept_customer_spend" AS "kept"
    WHERE "kept"."customer_id" = "stored"."customer_id"
      AND "kept"."feature_timestamp" = "stored"."feature_timestamp"
      AND "kept"."created_timestamp" = "stored"."created_timestamp"
  );

-- all of it, or nothing
COMMIT;

-- drop the temporary table
DROP TABLE IF EXISTS temp."kept_customer_spend";
