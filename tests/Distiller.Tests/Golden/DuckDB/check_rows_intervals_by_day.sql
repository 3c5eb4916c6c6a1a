-- Check of contracts: no interval that ends before it begins, no two that overlap. Any row is a problem.
SELECT
  CASE WHEN "rows"."to_day" <= "rows"."from_day" THEN (('the interval from ' || CAST("rows"."from_day" AS VARCHAR)) || ' ends at or before its begin, at ') || CAST("rows"."to_day" AS VARCHAR) ELSE (((('the interval from ' || CAST("rows"."from_day" AS VARCHAR)) || ' to ') || COALESCE(CAST("rows"."to_day" AS VARCHAR), 'open')) || ' overlaps the one from ') || CAST("rows"."next_begin" AS VARCHAR) END AS "problem",
  CAST("rows"."customer_id" AS VARCHAR) AS "customer_id"
FROM (
  SELECT
    "rows"."customer_id",
    "rows"."from_day",
    "rows"."to_day",
    LEAD("rows"."from_day") OVER (PARTITION BY "rows"."customer_id" ORDER BY "rows"."from_day", "rows"."known_at" NULLS FIRST) AS "next_begin"
  FROM "contracts" AS "rows"
  WHERE "rows"."customer_id" IS NOT NULL
    AND "rows"."from_day" IS NOT NULL
) AS "rows"
WHERE ("rows"."next_begin" IS NULL OR "rows"."next_begin" <> "rows"."from_day")
  AND ("rows"."to_day" <= "rows"."from_day" OR ("rows"."next_begin" IS NOT NULL AND ("rows"."to_day" IS NULL OR "rows"."to_day" > "rows"."next_begin")))
LIMIT 1;
