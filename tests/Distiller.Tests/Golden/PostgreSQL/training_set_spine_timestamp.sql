-- Training set: order_times as of at_timestamp (Timestamp), with customer_balance.
-- customer_balance: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."at_timestamp",
  "customer_balance"."balance" AS "customer_balance__balance",
  "customer_balance"."segment" AS "customer_balance__segment"
FROM (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."at_timestamp"
  FROM "order_times" AS "spine"
  ORDER BY "spine"."customer_id", "spine"."at_timestamp"
  OFFSET 0
) AS "spine"
LEFT JOIN LATERAL (
  SELECT
    "history"."balance",
    "history"."segment",
    "history"."feature_timestamp"
  FROM "customer_balance_history" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."feature_timestamp" <= (TIMESTAMPTZ '1970-01-01 00:00:00+00' + ((CAST(EXTRACT(EPOCH FROM "spine"."at_timestamp") * 1000000 AS bigint)) / 1000000) * INTERVAL '1 second' + ((CAST(EXTRACT(EPOCH FROM "spine"."at_timestamp") * 1000000 AS bigint)) % 1000000) * INTERVAL '1 microsecond')
  ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  LIMIT 1
) AS "customer_balance"
  ON (CAST(EXTRACT(EPOCH FROM "customer_balance"."feature_timestamp") * 1000000 AS bigint) + 2592000000000) >= CAST(EXTRACT(EPOCH FROM "spine"."at_timestamp") * 1000000 AS bigint);
