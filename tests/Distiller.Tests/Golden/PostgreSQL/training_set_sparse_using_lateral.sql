-- Training set: orders as of event_timestamp, with customer_signals.
-- customer_signals: LATERAL, because the history's index finds a key's newest row before an instant in one probe, and a NULL feature's newest value in another (pinned).
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  COALESCE("customer_signals"."spend_7d", (
    SELECT
      "history"."spend_7d"
    FROM "customer_signals_history" AS "history"
    WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."feature_timestamp" <= "spine"."event_timestamp")
      AND "history"."spend_7d" IS NOT NULL
    ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
    LIMIT 1
  )) AS "customer_signals__spend_7d",
  COALESCE("customer_signals"."orders_7d", (
    SELECT
      "history"."orders_7d"
    FROM "customer_signals_history" AS "history"
    WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."feature_timestamp" <= "spine"."event_timestamp")
      AND "history"."orders_7d" IS NOT NULL
    ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
    LIMIT 1
  )) AS "customer_signals__orders_7d",
  COALESCE("customer_signals"."vip", (
    SELECT
      "history"."vip"
    FROM "customer_signals_history" AS "history"
    WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."feature_timestamp" <= "spine"."event_timestamp")
      AND "history"."vip" IS NOT NULL
    ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
    LIMIT 1
  )) AS "customer_signals__vip"
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
  FROM "customer_signals_history" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."feature_timestamp" <= "spine"."event_timestamp"
  ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  LIMIT 1
) AS "customer_signals"
  ON TRUE;
