-- Tables of customer_spend.
-- Note: feature set 'customer_tier' uses a table that exists, 'tiers', which is never created.

-- the history of customer_spend: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_spend_history" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "spend_7d" REAL,
  "orders_7d" INTEGER,
  "vip" INTEGER,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_spend: one row per key
CREATE TABLE IF NOT EXISTS "customer_spend_latest" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "spend_7d" REAL,
  "orders_7d" INTEGER,
  "vip" INTEGER,
  "published_timestamp" TEXT NOT NULL,
  PRIMARY KEY ("customer_id")
);
