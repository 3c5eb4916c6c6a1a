-- Intervals of customer_leaver, those that follow each other with equal features as one.
SELECT
  "winners"."customer_id",
  "winners"."feature_timestamp" AS "valid_from",
  "winners"."next_event" AS "valid_to",
  CASE WHEN "winners"."next_event" IS NULL THEN 1 ELSE 0 END AS "is_current",
  "winners"."vip",
  "winners"."points"
FROM (
  SELECT
    "winners"."customer_id",
    "winners"."feature_timestamp",
    "winners"."vip",
    "winners"."points",
    "winners"."deleted",
    LEAD("winners"."feature_timestamp") OVER (PARTITION BY "winners"."customer_id" ORDER BY "winners"."feature_timestamp") AS "next_event"
  FROM (
    SELECT
      "history"."customer_id",
      "history"."feature_timestamp",
      "history"."vip",
      "history"."points",
      "history"."deleted",
      CASE WHEN LAG(1) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp") = 1 AND "history"."vip" IS NOT DISTINCT FROM LAG("history"."vip") OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp") AND "history"."points" IS NOT DISTINCT FROM LAG("history"."points") OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp") AND "history"."deleted" IS NOT DISTINCT FROM LAG("history"."deleted") OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."feature_timestamp") THEN 0 ELSE 1 END AS "changes"
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
    WHERE "history"."next_event" IS NULL
      OR "history"."next_event" <> "history"."feature_timestamp"
  ) AS "winners"
  WHERE "winners"."changes" = 1
) AS "winners"
WHERE NOT ("winners"."deleted");
