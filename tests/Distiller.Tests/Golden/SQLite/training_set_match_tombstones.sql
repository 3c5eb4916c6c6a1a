-- Training set: orders as of event_timestamp, with customer_member.
-- customer_member: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN ((unixepoch(substr("customer_member"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("customer_member"."feature_timestamp", 21, 6) AS INTEGER)) + 604800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER)) THEN "customer_member"."vip" END AS "customer_member__vip",
  CASE
    WHEN "spine"."customer_id" IS NULL OR "spine"."event_timestamp" IS NULL THEN 'no_key'
    WHEN "customer_member"."feature_timestamp" IS NULL THEN 'no_history'
    WHEN "customer_member"."deleted" THEN 'deleted'
    WHEN NOT (((unixepoch(substr("customer_member"."feature_timestamp", 1, 19)) * 1000000 + CAST(substr("customer_member"."feature_timestamp", 21, 6) AS INTEGER)) + 604800000000) >= (unixepoch(substr("spine"."event_timestamp", 1, 19)) * 1000000 + CAST(substr("spine"."event_timestamp", 21, 6) AS INTEGER))) THEN 'expired'
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
    "spine"."returned",
    (
      SELECT
        "history".rowid
      FROM "customer_member_history" AS "history"
      WHERE "history"."customer_id" = "spine"."customer_id"
        AND "history"."feature_timestamp" <= "spine"."event_timestamp"
      ORDER BY "history"."feature_timestamp" DESC, "history"."created_timestamp" DESC
      LIMIT 1
    ) AS "customer_member__row"
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
    LIMIT -1
  ) AS "spine"
  LIMIT -1
) AS "spine"
LEFT JOIN "customer_member_history" AS "customer_member"
  ON "customer_member".rowid = "spine"."customer_member__row";
