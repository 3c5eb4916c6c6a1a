-- Training set: orders as of event_timestamp, known at 2026-03-02 08:30:00.123456 UTC, with customer_signals.
-- customer_signals: LATERAL, because the history's index finds a key's newest row before an instant in one probe, and a NULL feature's newest value in another.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  COALESCE("customer_signals"."vip", (
    SELECT
      "history"."vip"
    FROM "customer_signals_history" AS "history"
    WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."feature_timestamp" <= "spine"."event_timestamp" AND "history"."created_timestamp" <= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00')
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
    "history"."vip",
    "history"."feature_timestamp"
  FROM "customer_signals_history" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."feature_timestamp" <= "spine"."event_timestamp"
    AND "history"."created_timestamp" <= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00'
  ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  LIMIT 1
) AS "customer_signals"
  ON TRUE;
