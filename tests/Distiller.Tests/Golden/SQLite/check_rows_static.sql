-- Check of countries: one row per key. Any row is a problem.
SELECT
  CAST(COUNT(*) AS text) || ' rows' AS "problem",
  CAST("rows"."customer_id" AS text) AS "customer_id"
FROM "countries" AS "rows"
WHERE "rows"."customer_id" IS NOT NULL
GROUP BY "rows"."customer_id"
HAVING COUNT(*) > 1
LIMIT 1;
