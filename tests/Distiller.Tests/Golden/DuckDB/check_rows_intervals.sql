-- Check of contracts: no interval that ends before it begins, no two that overlap. Any row is a problem.
SELECT
  CASE WHEN "rows"."valid_to" <= "rows"."valid_from" THEN (('the interval from ' || strftime(make_timestamp(epoch_us("rows"."valid_from")), '%Y-%m-%d %H:%M:%S.%f')) || ' ends at or before its begin, at ') || strftime(make_timestamp(epoch_us("rows"."valid_to")), '%Y-%m-%d %H:%M:%S.%f') ELSE (((('the interval from ' || strftime(make_timestamp(epoch_us("rows"."valid_from")), '%Y-%m-%d %H:%M:%S.%f')) || ' to ') || COALESCE(strftime(make_timestamp(epoch_us("rows"."valid_to")), '%Y-%m-%d %H:%M:%S.%f'), 'open')) || ' overlaps the one from ') || strftime(make_timestamp(epoch_us("rows"."next_begin")), '%Y-%m-%d %H:%M:%S.%f') END AS "problem",
  CAST("rows"."customer_id" AS VARCHAR) AS "customer_id"
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
