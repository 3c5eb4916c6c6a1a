-- Training set: orders as of event_timestamp, known at each row's instant, with customer_habits.
-- customer_habits: LATERAL, because the history's index finds a key's newest row before an instant in one probe, and a NULL feature's newest value in another.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN "customer_habits"."feature_timestamp" + INTERVAL '604800 seconds' >= "spine"."event_timestamp" THEN COALESCE("customer_habits"."orders_7d", (
      SELECT
        CASE WHEN "history"."feature_timestamp" + INTERVAL '604800 seconds' >= "spine"."event_timestamp" THEN "history"."orders_7d" END
      FROM "customer_habits_history" AS "history"
      WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."feature_timestamp" <= "spine"."event_timestamp" AND "history"."created_timestamp" <= "spine"."event_timestamp")
        AND ("history"."orders_7d" IS NOT NULL OR "history"."deleted")
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    )) END AS "customer_habits__orders_7d",
  CASE WHEN "customer_habits"."feature_timestamp" + INTERVAL '604800 seconds' >= "spine"."event_timestamp" THEN COALESCE("customer_habits"."vip", (
      SELECT
        CASE WHEN "history"."feature_timestamp" + INTERVAL '604800 seconds' >= "spine"."event_timestamp" THEN "history"."vip" END
      FROM "customer_habits_history" AS "history"
      WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."feature_timestamp" <= "spine"."event_timestamp" AND "history"."created_timestamp" <= "spine"."event_timestamp")
        AND ("history"."vip" IS NOT NULL OR "history"."deleted")
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    )) END AS "customer_habits__vip"
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
    "history"."orders_7d",
    "history"."vip",
    "history"."feature_timestamp"
  FROM "customer_habits_history" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."feature_timestamp" <= "spine"."event_timestamp"
    AND "history"."created_timestamp" <= "spine"."event_timestamp"
  ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  LIMIT 1
) AS "customer_habits"
  ON TRUE;
