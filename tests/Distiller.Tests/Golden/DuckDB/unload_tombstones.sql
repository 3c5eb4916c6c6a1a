-- Unload of customer_member.
SELECT
  "latest"."customer_id",
  "latest"."feature_timestamp",
  "latest"."created_timestamp",
  "latest"."vip",
  "latest"."deleted",
  "latest"."published_timestamp"
FROM "customer_member_latest" AS "latest";
