-- the row every publisher of a set updates
CREATE TABLE IF NOT EXISTS "distiller_publishers" (
  "history_table" VARCHAR NOT NULL,
  "publishes" BIGINT NOT NULL,
  PRIMARY KEY ("history_table")
);

-- the row every publisher of a set updates
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'customer_spend_history',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- a temporary table for the rows that are kept
CREATE TEMP TABLE "kept_customer_spend" (
  "customer_id" BIGINT NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "row" BIGINT NOT NULL
);

-- all of it, or nothing
BEGIN TRANSACTION;

-- no publisher meanwhile
UPDATE "distiller_publishers"
SET "publishes" = "publishes" + 1
WHERE "history_table" = 'customer_spend_history';

-- the rows of customer_spend before the instant that something from it on needs
-- p1 timestamp: 2026-03-02 08:30:00.123456
INSERT INTO temp.main."kept_customer_spend" ("customer_id", "feature_timestamp", "created_timestamp", "row")
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
    CASE WHEN "history"."created_timestamp" <= $p1 THEN 0 ELSE 1772440200123456 - epoch_us("history"."created_timestamp") END AS "known",
    MAX(CASE WHEN "history"."created_timestamp" <= $p1 THEN 0 ELSE 1772440200123456 - epoch_us("history"."created_timestamp") END) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS "known_above_1"
  FROM "customer_spend_history" AS "history"
  WHERE "history"."feature_timestamp" < $p1
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
WHERE "stored"."feature_timestamp" < $p1;

-- count those that nothing needs
-- p1 timestamp: 2026-03-02 08:30:00.123456
SELECT
  COUNT(*) AS "pruned"
FROM "customer_spend_history" AS "stored"
WHERE "stored"."feature_timestamp" < $p1
  AND NOT EXISTS (
    SELECT
      1
    FROM temp.main."kept_customer_spend" AS "kept"
    WHERE "kept"."customer_id" = "stored"."customer_id"
      AND "kept"."feature_timestamp" = "stored"."feature_timestamp"
      AND "kept"."created_timestamp" = "stored"."created_timestamp"
  );

-- delete them
-- p1 timestamp: 2026-03-02 08:30:00.123456
DELETE FROM "customer_spend_history" AS "stored"
WHERE "stored"."feature_timestamp" < $p1
  AND NOT EXISTS (
    SELECT
      1
    FROM temp.main."kept_customer_spend" AS "kept"
    WHERE "kept"."customer_id" = "stored"."customer_id"
      AND "kept"."feature_timestamp" = "stored"."feature_timestamp"
      AND "kept"."created_timestamp" = "stored"."created_timestamp"
  );

-- all of it, or nothing
COMMIT;

-- drop the temporary table
DROP TABLE IF EXISTS temp.main."kept_customer_spend";
