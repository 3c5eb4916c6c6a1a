-- Training set: order_times as of at_microseconds (EpochMicroseconds), with customer_balance.
-- customer_balance: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."at_microseconds",
  "customer_balance"."balance" AS "customer_balance__balance",
  "customer_balance"."segment" AS "customer_balance__segment"
FROM (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."at_microseconds",
    (
      SELECT
        "history".rowid
      FROM "customer_balance_history" AS "history"
      WHERE "history"."customer_id" = "spine"."customer_id"
        AND "history"."feature_timestamp" <= (strftime('%Y-%m-%d %H:%M:%S', ("spine"."at_microseconds" - ((("spine"."at_microseconds" % 1000000) + 1000000) % 1000000)) / 1000000, 'unixepoch') || '.' || substr('00000' || ((("spine"."at_microseconds" % 1000000) + 1000000) % 1000000), -6))
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    ) AS "customer_balance__row"
  FROM (
    SELECT
      "spine"."order_id",
      "spine"."customer_id",
      "spine"."at_microseconds"
    FROM "order_times" AS "spine"
    ORDER BY "spine"."customer_id", "spine"."at_microseconds"
    LIMIT -1
  ) AS "spine"
  LIMIT -1
) AS "spine"
LEFT JOIN "customer_balance_history" AS "customer_balance"
  ON "customer_balance".rowid = "spine"."customer_balance__row"
    AND ((unixepoch(substr("customer_balance"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("customer_balance"."feature_timestamp", 21, 6) AS INTEGER)) + 2592000000000) >= "spine"."at_microseconds";
