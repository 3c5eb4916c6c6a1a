-- Latest of customer_spend.

-- a temporary table for the keys
CREATE TEMP TABLE "distiller_keys" (
  "customer_id" INTEGER
);

-- load the keys
-- load the rows into distiller_keys: customer_id int64
INSERT INTO temp."distiller_keys" VALUES
  (10),
  (11);

-- the latest of customer_spend
SELECT
  "latest"."customer_id",
  "latest"."feature_timestamp",
  "latest"."created_timestamp",
  "latest"."spend_7d",
  "latest"."orders_7d",
  "latest"."vip"
FROM "customer_spend_latest" AS "latest"
WHERE EXISTS (
  SELECT
    1
  FROM temp."distiller_keys" AS "keys"
  WHERE "keys"."customer_id" = "latest"."customer_id"
);

-- drop the keys' temporary table
DROP TABLE IF EXISTS temp."distiller_keys";
