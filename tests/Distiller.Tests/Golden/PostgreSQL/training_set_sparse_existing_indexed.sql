-- Training set: orders as of event_timestamp, with customer_tier.
-- customer_tier: LATERAL, because the history's index finds a key's newest row before an instant in one probe, and a NULL feature's newest value in another.
SELECT
  "spine"."order_id",
  "spine"."customer_id",
  "spine"."referrer_id",
  "spine"."store",
  "spine"."product_id",
  "spine"."event_timestamp",
  "spine"."returned",
  CASE WHEN "customer_tier"."valid_instant" + INTERVAL '172800 seconds' >= "spine"."event_timestamp" THEN COALESCE("customer_tier"."tier", (
      SELECT
        CASE WHEN "history"."valid_instant" + INTERVAL '172800 seconds' >= "spine"."event_timestamp" THEN "history"."tier" END
      FROM "tiers" AS "history"
      WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."valid_instant" <= "spine"."event_timestamp")
        AND "history"."tier" IS NOT NULL
      ORDER BY "history"."valid_instant" DESC, "history"."known_instant" DESC NULLS LAST
      LIMIT 1
    )) END AS "customer_tier__tier",
  CASE WHEN "customer_tier"."valid_instant" + INTERVAL '172800 seconds' >= "spine"."event_timestamp" THEN COALESCE("customer_tier"."discount", (
      SELECT
        CASE WHEN "history"."valid_instant" + INTERVAL '172800 seconds' >= "spine"."event_timestamp" THEN "history"."discount" END
      FROM "tiers" AS "history"
      WHERE ("history"."customer_id" = "spine"."customer_id" AND "history"."valid_instant" <= "spine"."event_timestamp")
        AND "history"."discount" IS NOT NULL
      ORDER BY "history"."valid_instant" DESC, "history"."known_instant" DESC NULLS LAST
      LIMIT 1
    )) END AS "customer_tier__discount"
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
    "history"."tier",
    "history"."discount",
    "history"."valid_instant"
  FROM "tiers" AS "history"
  WHERE "history"."customer_id" = "spine"."customer_id"
    AND "history"."valid_instant" <= "spine"."event_timestamp"
  ORDER BY "history"."valid_instant" DESC, "history"."known_instant" DESC NULLS LAST
  LIMIT 1
) AS "customer_tier"
  ON TRUE;
