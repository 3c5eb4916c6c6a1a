-- Intervals of customer_leaver.
SELECT
  "history"."customer_id",
  "history"."feature_timestamp" AS "valid_from",
  "history"."next_event" AS "valid_to",
  CASE WHEN "history"."next_event" IS NULL THEN 1 ELSE 0 END AS "is_current",
  "history"."vip",
  "history"."points"
FROM (
  SELECT
    "history"."customer_id",
    "history"."feature_timestamp",
    "history"."vip",
    "history"."points",
    "history"."deleted",
    LEAD("history"."feature_timestamp") OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp", "history"."created_timestamp") AS "next_event"
  FROM "customer_leaver_history" AS "history"
) AS "history"
WHERE ("history"."next_event" IS NULL OR "history"."next_event" <> "history"."feature_timestamp")
  AND NOT ("history"."deleted");
