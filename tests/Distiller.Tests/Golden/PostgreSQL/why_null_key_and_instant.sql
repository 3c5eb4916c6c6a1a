-- Why customer_spend of customer_id = NULL at NULL.
-- Note: key 'customer_id' is NULL, which equals nothing: no row is the key's (P3).
-- Note: the instant is NULL: no row is at or before it (P3).
WITH "placed" AS (
  SELECT
    "history"."feature_timestamp",
    "history"."created_timestamp",
    "history"."spend_7d",
    "history"."orders_7d",
    "history"."vip",
    'no instant' AS "verdict",
    ROW_NUMBER() OVER (ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC) AS "position"
  FROM "customer_spend_history" AS "history"
  WHERE "history"."customer_id" = NULL
),
"winner" AS (
  SELECT
    MIN(CASE WHEN "placed"."verdict" = 'candidate' THEN "placed"."position" END) AS "position",
    COALESCE(MIN(CASE WHEN "placed"."verdict" = 'candidate' THEN "placed"."position" END), COALESCE(MIN(CASE WHEN "placed"."verdict" <> 'after the instant' THEN "placed"."position" END), MAX("placed"."position"))) AS "place"
  FROM "placed"
)
SELECT
  "placed"."feature_timestamp",
  "placed"."created_timestamp",
  "placed"."spend_7d",
  "placed"."orders_7d",
  "placed"."vip",
  CASE
    WHEN "placed"."verdict" <> 'candidate' THEN "placed"."verdict"
    WHEN "placed"."position" > "winner"."position" THEN 'older'
    ELSE 'winner'
  END AS "verdict",
  "placed"."position"
FROM "placed"
JOIN "winner"
  ON "placed"."position" >= ("winner"."place" - 5)
    AND "placed"."position" <= ("winner"."place" + 5)
ORDER BY "placed"."position";
