-- Check of contracts: no interval that ends before it begins, no two that overlap. Any row is a problem.
SELECT
  CASE WHEN "rows"."valid_to" <= "rows"."valid_from" THEN (('the interval from ' || "rows"."valid_from") || ' ends at or before its begin, at ') || "rows"."valid_to" ELSE (((('the interval from ' || "rows"."valid_from") || ' to ') || COALESCE("rows"."valid_to", 'open')) || ' overlaps the one from ') || "rows"."next_begin" END AS "problem",
  CAST("rows"."customer_id" AS text) AS "customer_id"
FROM (
  SELECT
    "rows"."customer_id",
    "rows"."valid_from",
    "rows"."valid_to",
    LEAD("rows"."valid_from") OVER (PARTITION BY "rows"."customer_id" ORDER BY "rows"."valid_from") AS "next_begin"
  FROM "contracts" AS "rows"
  WHERE "rows"."customer_id" IS NOT NULL
    AND "rows"."valid_from" IS NOT NULL
) AS "rows"
WHERE "rows"."valid_to" <= "rows"."valid_from"
  OR ("rows"."next_begin" IS NOT NULL AND ("rows"."valid_to" IS NULL OR "rows"."valid_to" > "rows"."next_begin"))
LIMIT 1;
