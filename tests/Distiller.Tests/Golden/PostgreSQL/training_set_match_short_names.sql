-- Training set: orders as of event_timestamp, with customer_balance.
-- customer_balance: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN "customer_balance"."feature_timestamp" + INTERVAL '2592000 seconds' >= "spine"."event_timestamp" THEN "customer_balance"."balance" END AS "balance",
  CASE WHEN "customer_balance"."feature_timestamp" + INTERVAL '2592000 seconds' >= "spine"."event_timestamp" THEN "customer_balance"."segment" END AS "segment",
  CASE
    WHEN "spine"."customer_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
    WHEN "customer_balance"."feature_timestamp" IS NULL THEN 'no_history'
    WHEN NOT ("customer_balance"."feature_timestamp" + INTERVAL '2592000 seconds' >= "spine"."event_timestamp") THEN 'expired'
    ELSE 'hit'
  END AS "customer_balance__status",
  "customer_balance"."feature_timestamp" AS "customer_balance__feature_timestamp"
FROM (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."referrer_id",
    "spine"."store",
    "spine"."product_id",
    "spine"."event_timestamp",
    "spine"."returned"
  FROM "orders" AS "spine"
  ORDER BY "spine"."customer_id", "spine"."event_timestamp"
  OFFSET 0
) AS "spine"
LEFT JOIN LATERAL (
  SELECT
    "history"."balance",
    "history"."segment",
    "history"."feature_timestamp"
  FROM "customer_balance_history" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."feature_timestamp" <= "spine"."event_timestamp"
  ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  LIMIT 1
) AS "customer_balance"
  ON TRUE;
