-- Erase keys of customer from customer_member_history, customer_member_latest, customer_habits_history, customer_habits_latest.
-- Note: feature set 'customer_tier' reads 'tiers', which Distiller does not write: erase the keys there.
-- Note: tables made from these or published from (training sets, staging and event tables), online stores and backups are not reached: erase the keys there. Views of intervals or events follow their history.

-- a temporary table for the keys
CREATE TEMP TABLE "erase_customer" AS
SELECT
  "source"."customer_id"
FROM (
SELECT customer_id FROM incoming_spend WHERE spend_7d < 4
) AS "source";

-- all tables, or none
BEGIN IMMEDIATE;

-- one writer at a time
DELETE FROM "customer_member_latest" AS "nothing"
WHERE 0 = 1;

-- count what is erased from customer_member_history
SELECT
  COUNT(*) AS "erased"
FROM "customer_member_history" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- count what is erased from customer_member_latest
SELECT
  COUNT(*) AS "erased"
FROM "customer_member_latest" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- count what is erased from customer_habits_history
SELECT
  COUNT(*) AS "erased"
FROM "customer_habits_history" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- count what is erased from customer_habits_latest
SELECT
  COUNT(*) AS "erased"
FROM "customer_habits_latest" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- count the keys
SELECT
  COUNT(*) AS "asked"
FROM (
  SELECT DISTINCT
    "erased"."customer_id"
  FROM temp."erase_customer" AS "erased"
) AS "keys";

-- count the keys that none of the tables has
SELECT
  COUNT(*) AS "missing"
FROM (
  SELECT DISTINCT
    "erased"."customer_id"
  FROM temp."erase_customer" AS "erased"
  WHERE NOT EXISTS (
      SELECT
        1
      FROM "customer_member_history" AS "stored"
      WHERE "erased"."customer_id" = "stored"."customer_id"
    )
    AND NOT EXISTS (
      SELECT
        1
      FROM "customer_member_latest" AS "stored"
      WHERE "erased"."customer_id" = "stored"."customer_id"
    )
    AND NOT EXISTS (
      SELECT
        1
      FROM "customer_habits_history" AS "stored"
      WHERE "erased"."customer_id" = "stored"."customer_id"
    )
    AND NOT EXISTS (
      SELECT
        1
      FROM "customer_habits_latest" AS "stored"
      WHERE "erased"."customer_id" = "stored"."customer_id"
    )
) AS "keys";

-- tell the keys that none of the tables has (needed only where 'missing' is not 0)
SELECT DISTINCT
  "erased"."customer_id"
FROM temp."erase_customer" AS "erased"
WHERE NOT EXISTS (
    SELECT
      1
    FROM "customer_member_history" AS "stored"
    WHERE "erased"."customer_id" = "stored"."customer_id"
  )
  AND NOT EXISTS (
    SELECT
      1
    FROM "customer_member_latest" AS "stored"
    WHERE "erased"."customer_id" = "stored"."customer_id"
  )
  AND NOT EXISTS (
    SELECT
      1
    FROM "customer_habits_history" AS "stored"
    WHERE "erased"."customer_id" = "stored"."customer_id"
  )
  AND NOT EXISTS (
    SELECT
      1
    FROM "customer_habits_latest" AS "stored"
    WHERE "erased"."customer_id" = "stored"."customer_id"
  )
LIMIT 100;

-- erase from customer_member_history
DELETE FROM "customer_member_history" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- erase from customer_member_latest
DELETE FROM "customer_member_latest" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- erase from customer_habits_history
DELETE FROM "customer_habits_history" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- erase from customer_habits_latest
DELETE FROM "customer_habits_latest" AS "stored"
WHERE EXISTS (
  SELECT
    1
  FROM temp."erase_customer" AS "erased"
  WHERE "erased"."customer_id" = "stored"."customer_id"
);

-- all tables, or none
COMMIT;

-- drop the keys' temporary table
DROP TABLE IF EXISTS temp."erase_customer";
