-- Latest of customer_member.
SELECT
  "latest"."customer_id",
  "latest"."feature_timestamp",
  "latest"."created_timestamp",
  "latest"."vip"
FROM "customer_member_latest" AS "latest"
WHERE NOT ("latest"."deleted");
