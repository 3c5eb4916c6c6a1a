-- Training set: order_times as of at_milliseconds (EpochMilliseconds), strictly before, known at each row's instant, with customer_spend.
-- customer_spend: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."at_milliseconds",
  "customer_spend"."spend_7d" AS "customer_spend__spend_7d",
  "customer_spend"."orders_7d" AS "customer_spend__orders_7d",
  "customer_spend"."vip" AS "customer_spend__vip"
FROM (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."at_milliseconds"
  FROM "order_times" AS "spine"
  ORDER BY "spine"."customer_id", "spine"."at_milliseconds"
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
    AND "history"."feature_timestamp" < (TIMESTAMPTZ '1970-01-01 00:00:00+00' + (((CAST("spine"."at_milliseconds" AS bigint) * 1000)) / 1000000) * INTERVAL '1 second' + (((CAST("spine"."at_milliseconds" AS bigint) * 1000)) % 1000000) * INTERVAL '1 microsecond')
    AND "history"."created_timestamp" <= (TIMESTAMPTZ '1970-01-01 00:00:00+00' + (((CAST("spine"."at_milliseconds" AS bigint) * 1000)) / 1000000) * INTERVAL '1 second' + (((CAST("spine"."at_milliseconds" AS bigint) * 1000)) % 1000000) * INTERVAL '1 microsecond')
  ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  LIMIT 1
) AS "customer_spend"
  ON TRUE;
