-- Tables of customer_signals, customer_habits, customer_member.

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

-- the history of customer_habits: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_habits_history" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "orders_7d" INTEGER,
  "vip" INTEGER,
  "deleted" INTEGER NOT NULL,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_habits: one row per key
CREATE TABLE IF NOT EXISTS "customer_habits_latest" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "orders_7d" INTEGER,
  "vip" INTEGER,
  "deleted" INTEGER NOT NULL,
  "orders_7d__at" TEXT,
  "vip__at" TEXT,
  "published_timestamp" TEXT NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the history of customer_member: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_member_history" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "vip" INTEGER,
  "deleted" INTEGER NOT NULL,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_member: one row per key
CREATE TABLE IF NOT EXISTS "customer_member_latest" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "vip" INTEGER,
  "deleted" INTEGER NOT NULL,
  "published_timestamp" TEXT NOT NULL,
  PRIMARY KEY ("customer_id")
);
