-- Latest of customer_country.
-- The table itself, because the set is static.
SELECT
  "latest"."customer_id",
  "latest"."country"
FROM "countries" AS "latest"
WHERE "latest"."customer_id" IS NOT NULL;
