-- Events of customer_spend: one row per history row and feature.
CREATE VIEW "spend_events" AS
SELECT
  "history"."customer_id",
  'spend_7d' AS "attribute",
  CASE WHEN "history"."spend_7d" IS NOT NULL THEN quote(CAST("history"."spend_7d" AS REAL)) END AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_spend_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'orders_7d' AS "attribute",
  CAST("history"."orders_7d" AS TEXT) AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_spend_history" AS "history"
UNION ALL
SELECT
  "history"."customer_id",
  'vip' AS "attribute",
  CASE "history"."vip" WHEN 1 THEN 'true' WHEN 0 THEN 'false' END AS "value",
  "history"."feature_timestamp",
  "history"."created_timestamp"
FROM "customer_spend_history" AS "history";
