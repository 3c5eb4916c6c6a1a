-- Check of contracts: no interval that ends before it begins, no two that overlap. Any row is a problem.
SELECT
  CASE WHEN "rows"."valid_to" <= "rows"."valid_from" THEN (('the interval from ' || to_char("rows"."valid_from" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')) || ' ends at or before its begin, at ') || to_char("rows"."valid_to" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') ELSE (((('the interval from ' || to_char("rows"."valid_from" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')) || ' to ') || COALESCE(to_char("rows"."valid_to" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), 'open')) || ' overlaps the one from ') || to_char("rows"."next_begin" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END AS "problem",
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
