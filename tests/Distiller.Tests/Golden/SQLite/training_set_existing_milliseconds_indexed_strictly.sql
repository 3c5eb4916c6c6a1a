-- Training set: order_times as of at_instant, strictly before, with customer_tier.
-- customer_tier: a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."at_instant",
  "customer_tier"."tier" AS "customer_tier__tier",
  "customer_tier"."discount" AS "customer_tier__discount"
FROM (
  SELECT
    "spine"."order_id",
    "spine"."customer_id",
    "spine"."at_instant",
    (
      SELECT
        "history".rowid
      FROM "tiers" AS "history"
      WHERE "history"."customer_id" = "spine"."customer_id"
        AND "history"."valid_milliseconds" <= ((((unixepoch(substr("spine"."at_instant", 1, 19)) * 1000000 + CAST(substr("spine"."at_instant", 21, 6) AS INTEGER)) - 1) - (((((unixepoch(substr("spine"."at_instant", 1, 19)) * 1000000 + CAST(substr("spine"."at_instant", 21, 6) AS INTEGER)) - 1) % 1000) + 1000) % 1000)) / 1000)
      ORDER BY "history"."valid_milliseconds" DESC, "history"."known_milliseconds" DESC NULLS LAST
      LIMIT 1
    ) AS "customer_tier__row"
  FROM (
    SELECT
      "spine"."order_id",
      "spine"."customer_id",
      "spine"."at_instant"
    FROM "order_times" AS "spine"
    ORDER BY "spine"."customer_id", "spine"."at_instant"
    LIMIT -1
  ) AS "spine"
  LIMIT -1
) AS "spine"
LEFT JOIN "tiers" AS "customer_tier"
  ON "customer_tier".rowid = "spine"."customer_tier__row";
