-- Training set: orders as of event_timestamp, with customer_spend, customer_balance.
-- customer_spend: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
-- customer_balance: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  "customer_spend"."spend_7d",
  "customer_spend"."orders_7d",
  "customer_spend"."vip",
  "customer_balance"."balance",
  "customer_balance"."segment"
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
    "history"."spend_7d",
    "history"."orders_7d",
    "history"."vip",
    "history"."feature_timestamp"
  FROM "customer_spend_history" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."feature_timestamp" <= "spine"."event_timestamp"
  ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  LIMIT 1
) AS "customer_spend"
  ON TRUE
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
  ON "customer_balance"."feature_timestamp" + INTERVAL '2592000 seconds' >= "spine"."event_timestamp";
