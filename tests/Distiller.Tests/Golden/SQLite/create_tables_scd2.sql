-- Tables of customer_spend, shelf_stock, customer_signals, customer_leaver, readings, measures, customer_tier.
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

-- the history of shelf_stock: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "shelf_stock_history" (
  "store" TEXT NOT NULL,
  "product_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "in_stock" INTEGER,
  "price" TEXT,
  PRIMARY KEY ("store", "product_id", "feature_timestamp", "created_timestamp")
);

-- the latest of shelf_stock: one row per key
CREATE TABLE IF NOT EXISTS "shelf_stock_latest" (
  "store" TEXT NOT NULL,
  "product_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "in_stock" INTEGER,
  "price" TEXT,
  "published_timestamp" TEXT NOT NULL,
  PRIMARY KEY ("store", "product_id")
);

-- the history of customer_signals: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_signals_history" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "spend_7d" REAL,
  "orders_7d" INTEGER,
  "vip" INTEGER,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_signals: one row per key
CREATE TABLE IF NOT EXISTS "customer_signals_latest" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "spend_7d" REAL,
  "orders_7d" INTEGER,
  "vip" INTEGER,
  "spend_7d__at" TEXT,
  "orders_7d__at" TEXT,
  "vip__at" TEXT,
  "published_timestamp" TEXT NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the history of customer_leaver: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_leaver_history" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "vip" INTEGER,
  "points" INTEGER,
  "deleted" INTEGER NOT NULL,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_leaver: one row per key
CREATE TABLE IF NOT EXISTS "customer_leaver_latest" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "vip" INTEGER,
  "points" INTEGER,
  "deleted" INTEGER NOT NULL,
  "published_timestamp" TEXT NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the history of readings: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "readings_history" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "heat" REAL,
  "steps" INTEGER,
  "awake" INTEGER,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of readings: one row per key
CREATE TABLE IF NOT EXISTS "readings_latest" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "heat" REAL,
  "steps" INTEGER,
  "awake" INTEGER,
  "published_timestamp" TEXT NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the history of measures: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "measures_history" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "heat" REAL,
  "light" REAL,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of measures: one row per key
CREATE TABLE IF NOT EXISTS "measures_latest" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "heat" REAL,
  "light" REAL,
  "published_timestamp" TEXT NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the intervals of customer_spend: one row per key and event time
CREATE TABLE IF NOT EXISTS "spend_intervals" (
  "customer_id" INTEGER NOT NULL,
  "valid_from" TEXT NOT NULL,
  "valid_to" TEXT,
  "is_current" INTEGER NOT NULL,
  "spend_7d" REAL,
  "orders_7d" INTEGER,
  "vip" INTEGER,
  "history_rows" INTEGER NOT NULL,
  PRIMARY KEY ("customer_id", "valid_from")
);

-- the keys whose intervals are to be recomputed
CREATE TABLE IF NOT EXISTS "spend_intervals_pending" (
  "customer_id" INTEGER,
  "appended_rows" INTEGER NOT NULL,
  "first_event" TEXT
);

-- the intervals of shelf_stock: one row per key and event time
CREATE TABLE IF NOT EXISTS "shop"."stock_intervals" (
  "store" TEXT NOT NULL,
  "product_id" INTEGER NOT NULL,
  "since" TEXT NOT NULL,
  "until" TEXT,
  "is_open" INTEGER NOT NULL,
  "in_stock" INTEGER,
  "price" TEXT,
  "history_rows" INTEGER NOT NULL,
  PRIMARY KEY ("store", "product_id", "since")
);

-- the keys whose intervals are to be recomputed
CREATE TABLE IF NOT EXISTS "shop"."stock_intervals_pending" (
  "store" TEXT,
  "product_id" INTEGER,
  "appended_rows" INTEGER NOT NULL,
  "first_event" TEXT
);

-- the intervals of customer_tier: one row per key and event time
CREATE TABLE IF NOT EXISTS "tier_intervals" (
  "customer_id" INTEGER NOT NULL,
  "valid_from" TEXT NOT NULL,
  "valid_to" TEXT,
  "is_current" INTEGER NOT NULL,
  "tier" TEXT,
  "discount" REAL,
  "history_rows" INTEGER NOT NULL,
  PRIMARY KEY ("customer_id", "valid_from")
);

-- the keys whose intervals are to be recomputed
CREATE TABLE IF NOT EXISTS "tier_intervals_pending" (
  "customer_id" INTEGER,
  "appended_rows" INTEGER NOT NULL,
  "first_event" TEXT
);

-- the intervals of customer_signals: one row per key and event time
CREATE TABLE IF NOT EXISTS "signal_intervals" (
  "customer_id" INTEGER NOT NULL,
  "valid_from" TEXT NOT NULL,
  "valid_to" TEXT,
  "is_current" INTEGER NOT NULL,
  "spend_7d" REAL,
  "orders_7d" INTEGER,
  "vip" INTEGER,
  "history_rows" INTEGER NOT NULL,
  PRIMARY KEY ("customer_id", "valid_from")
);

-- the keys whose intervals are to be recomputed
CREATE TABLE IF NOT EXISTS "signal_intervals_pending" (
  "customer_id" INTEGER,
  "appended_rows" INTEGER NOT NULL,
  "first_event" TEXT
);
