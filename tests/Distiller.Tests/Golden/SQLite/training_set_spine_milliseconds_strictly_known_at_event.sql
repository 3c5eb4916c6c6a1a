-- Training set: order_times as of at_milliseconds (EpochMilliseconds), strictly before, known at each row's instant, with customer_spend.
-- customer_spend: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe.
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
    "spine"."at_milliseconds",
    (
      SELECT
        "history".rowid
      FROM "customer_spend_history" AS "history"
      WHERE "history"."customer_id" = "spine"."customer_id"
        AND "history"."feature_timestamp" < (strftime('%Y-%m-%d %H:%M:%S', (("spine"."at_milliseconds" * 1000) - (((("spine"."at_milliseconds" * 1000) % 1000000) + 1000000) % 1000000)) / 1000000, 'unixepoch') || '.' || substr('00000' || (((("spine"."at_milliseconds" * 1000) % 1000000) + 1000000) % 1000000), -6))
        AND "history"."created_timestamp" <= (strftime('%Y-%m-%d %H:%M:%S', (("spine"."at_milliseconds" * 1000) - (((("spine"."at_milliseconds" * 1000) % 1000000) + 1000000) % 1000000)) / 1000000, 'unixepoch') || '.' || substr('00000' || (((("spine"."at_milliseconds" * 1000) % 1000000) + 1000000) % 1000000), -6))
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    ) AS "customer_spend__row"
  FROM (
    SELECT
      "spine"."order_id",
      "spine"."customer_id",
      "spine"."at_milliseconds"
    FROM "order_times" AS "spine"
    ORDER BY "spine"."customer_id", "spine"."at_milliseconds"
    LIMIT -1
  ) AS "spine"
  LIMIT -1
) AS "spine"
LEFT JOIN "customer_spend_history" AS "customer_spend"
  ON "customer_spend".rowid = "spine"."customer_spend__row";
