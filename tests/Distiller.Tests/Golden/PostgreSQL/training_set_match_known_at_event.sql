-- Training set: orders as of event_timestamp, known at each row's instant, with customer_member.
-- customer_member: LATERAL, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN "customer_member"."feature_timestamp" + INTERVAL '604800 seconds' >= "spine"."event_timestamp" THEN "customer_member"."vip" END AS "customer_member__vip",
  CASE
    WHEN "spine"."customer_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
    WHEN "customer_member"."feature_timestamp" IS NULL THEN 'no_history'
    WHEN "customer_member"."deleted" THEN 'deleted'
    WHEN NOT ("customer_member"."feature_timestamp" + INTERVAL '604800 seconds' >= "spine"."event_timestamp") THEN 'expired'
    ELSE 'hit'
  END AS "customer_member__status",
  "customer_member"."feature_timestamp" AS "customer_member__feature_timestamp"
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
    "history"."feature_timestamp",
    "history"."deleted"
  FROM "customer_member_history" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."feature_timestamp" <= "spine"."event_timestamp"
    AND "history"."created_timestamp" <= "spine"."event_timestamp"
  ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
  LIMIT 1
) AS "customer_member"
  ON TRUE;
