-- Tables of customer_spend, customer_balance, shelf_stock, customer_score.

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

-- the history of customer_balance: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_balance_history" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "balance" TEXT,
  "segment" TEXT,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_balance: one row per key
CREATE TABLE IF NOT EXISTS "customer_balance_latest" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "balance" TEXT,
  "segment" TEXT,
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

-- the history of customer_score: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "shop"."Score Log" (
  "customer_id" INTEGER NOT NULL,
  "scored_at" TEXT NOT NULL,
  "stored_at" TEXT NOT NULL,
  "score" REAL,
  PRIMARY KEY ("customer_id", "scored_at", "stored_at")
);

-- the latest of customer_score: one row per key
CREATE TABLE IF NOT EXISTS "shop"."Score Now" (
  "customer_id" INTEGER NOT NULL,
  "scored_at" TEXT NOT NULL,
  "stored_at" TEXT NOT NULL,
  "score" REAL,
  "published_timestamp" TEXT NOT NULL,
  PRIMARY KEY ("customer_id")
);
