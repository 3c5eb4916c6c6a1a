-- Erase keys of customer from customer_spend_history, customer_spend_latest, spend_intervals, spend_intervals_pending, tier_intervals, tier_intervals_pending.
-- Note: feature set 'customer_tier' reads 'tiers', which Distiller does not write: erase the keys there, or the next refresh may write their intervals again.
-- Note: tables made from these or published from (training sets, staging and event tables), online stores and backups are not reached: erase the keys there. Views of intervals or events follow their history.

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

-- the row every publisher of a set updates
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'tiers',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- a temporary table for the keys
CREATE TEMP TABLE "erase_customer" AS
SELECT
  "source"."customer_id"
FROM (
SELECT customer_id FROM incoming_spend WHERE spend_7d < 4
) AS "source";

-- all tables, or none
BEGIN TRANSACTION;

-- one writer at a time
UPDATE "distiller_publishers"
SET "publishes" = "publishes" + 1
WHERE "history_table" = 'customer_spend_history';

-- one writer at a time
UPDATE "distiller_publishers"
SET "publishes" = "publishes" + 1
WHERE "history_table" = 'tiers';

-- count what is erased from customer_spend_history
SELECT
  COUNT(*) AS "erased"
FROM "customer_spend_history" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp.main."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- count what is erased from customer_spend_latest
SELECT
  COUNT(*) AS "erased"
FROM "customer_spend_latest" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp.main."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- count what is erased from spend_intervals
SELECT
  COUNT(*) AS "erased"
FROM "spend_intervals" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp.main."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- count what is erased from spend_intervals_pending
SELECT
  COUNT(*) AS "erased"
FROM "spend_intervals_pending" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp.main."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- count what is erased from tier_intervals
SELECT
  COUNT(*) AS "erased"
FROM "tier_intervals" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp.main."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- count what is erased from tier_intervals_pending
SELECT
  COUNT(*) AS "erased"
FROM "tier_intervals_pending" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp.main."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- count the keys
SELECT
  COUNT(*) AS "asked"
FROM (
  SELECT DISTINCT
    "erased"."customer_id"
  FROM temp.main."erase_customer" AS "erased"
) AS "keys";

-- count the keys that none of the tables has
SELECT
  COUNT(*) AS "missing"
FROM (
  SELECT DISTINCT
    "erased"."customer_id"
  FROM temp.main."erase_customer" AS "erased"
  WHERE NOT EXISTS (
      SELECT
        1
      FROM "customer_spend_history" AS "stored"
      WHERE "erased"."customer_id" = "stored"."customer_id"
    )
    AND NOT EXISTS (
      SELECT
        1
      FROM "customer_spend_latest" AS "stored"
      WHERE "erased"."customer_id" = "stored"."customer_id"
    )
    AND NOT EXISTS (
      SELECT
        1
      FROM "spend_intervals" AS "stored"
      WHERE "erased"."customer_id" = "stored"."customer_id"
    )
    AND NOT EXISTS (
      SELECT
        1
      FROM "spend_intervals_pending" AS "stored"
      WHERE "erased"."customer_id" = "stored"."customer_id"
    )
    AND NOT EXISTS (
      SELECT
        1
      FROM "tier_intervals" AS "stored"
      WHERE "erased"."customer_id" = "stored"."customer_id"
    )
    AND NOT EXISTS (
      SELECT
        1
      FROM "tier_intervals_pending" AS "stored"
      WHERE "erased"."customer_id" = "stored"."customer_id"
    )
) AS "keys";

-- tell the keys that none of the tables has (needed only where 'missing' is not 0)
SELECT DISTINCT
  "erased"."customer_id"
FROM temp.main."erase_customer" AS "erased"
WHERE NOT EXISTS (
    SELECT
      1
    FROM "customer_spend_history" AS "stored"
    WHERE "erased"."customer_id" = "stored"."customer_id"
  )
  AND NOT EXISTS (
    SELECT
      1
    FROM "customer_spend_latest" AS "stored"
    WHERE "erased"."customer_id" = "stored"."customer_id"
  )
  AND NOT EXISTS (
    SELECT
      1
    FROM "spend_intervals" AS "stored"
    WHERE "erased"."customer_id" = "stored"."customer_id"
  )
  AND NOT EXISTS (
    SELECT
      1
    FROM "spend_intervals_pending" AS "stored"
    WHERE "erased"."customer_id" = "stored"."customer_id"
  )
  AND NOT EXISTS (
    SELECT
      1
    FROM "tier_intervals" AS "stored"
    WHERE "erased"."customer_id" = "stored"."customer_id"
  )
  AND NOT EXISTS (
    SELECT
      1
    FROM "tier_intervals_pending" AS "stored"
    WHERE "erased"."customer_id" = "stored"."customer_id"
  )
LIMIT 100;

-- keep account of the rows the intervals are made of
INSERT INTO "spend_intervals_pending" ("appended_rows")
SELECT
  COALESCE(SUM("stored"."appended_rows"), 0) - (
    SELECT
      COUNT(*)
    FROM "customer_spend_history" AS "stored"
    WHERE EXISTS (
      SELECT
        1
      FROM temp.main."erase_customer" AS "erased"
      WHERE "erased"."customer_id" = "stored"."customer_id"
    )
  ) AS "appended_rows"
FROM "spend_intervals_pending" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp.main."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- keep account of the rows the intervals are made of
INSERT INTO "tier_intervals_pending" ("appended_rows")
SELECT
  COALESCE(SUM("stored"."appended_rows"), 0) AS "appended_rows"
FROM "tier_intervals_pending" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp.main."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- erase from customer_spend_history
DELETE FROM "customer_spend_history" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp.main."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- erase from customer_spend_latest
DELETE FROM "customer_spend_latest" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp.main."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- erase from spend_intervals
DELETE FROM "spend_intervals" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp.main."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- erase from spend_intervals_pending
DELETE FROM "spend_intervals_pending" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp.main."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- erase from tier_intervals
DELETE FROM "tier_intervals" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp.main."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- erase from tier_intervals_pending
DELETE FROM "tier_intervals_pending" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp.main."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- all tables, or none
COMMIT;

-- drop the keys' temporary table
DROP TABLE IF EXISTS temp.main."erase_customer";
