-- Tables of customer_spend.
-- Note: feature set 'customer_tier' uses a table that exists, 'tiers', which is never created.

-- the history of customer_spend: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_spend_history" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "spend_7d" double precision,
  "orders_7d" integer,
  "vip" boolean,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_spend: one row per key
CREATE TABLE IF NOT EXISTS "customer_spend_latest" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "spend_7d" double precision,
  "orders_7d" integer,
  "vip" boolean,
  "published_timestamp" timestamptz NOT NULL,
  PRIMARY KEY ("customer_id")
);
