-- Tables of customer_signals, customer_habits, customer_member.

-- the history of customer_signals: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_signals_history" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "spend_7d" double precision,
  "orders_7d" integer,
  "vip" boolean,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_signals: one row per key
CREATE TABLE IF NOT EXISTS "customer_signals_latest" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "spend_7d" double precision,
  "orders_7d" integer,
  "vip" boolean,
  "spend_7d__at" timestamptz,
  "orders_7d__at" timestamptz,
  "vip__at" timestamptz,
  "published_timestamp" timestamptz NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the history of customer_habits: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_habits_history" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "orders_7d" integer,
  "vip" boolean,
  "deleted" boolean NOT NULL,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_habits: one row per key
CREATE TABLE IF NOT EXISTS "customer_habits_latest" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "orders_7d" integer,
  "vip" boolean,
  "deleted" boolean NOT NULL,
  "orders_7d__at" timestamptz,
  "vip__at" timestamptz,
  "published_timestamp" timestamptz NOT NULL,
  PRIMARY KEY ("customer_id")
);

-- the history of customer_member: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_member_history" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "vip" boolean,
  "deleted" boolean NOT NULL,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_member: one row per key
CREATE TABLE IF NOT EXISTS "customer_member_latest" (
  "customer_id" bigint NOT NULL,
  "feature_timestamp" timestamptz NOT NULL,
  "created_timestamp" timestamptz NOT NULL,
  "vip" boolean,
  "deleted" boolean NOT NULL,
  "published_timestamp" timestamptz NOT NULL,
  PRIMARY KEY ("customer_id")
);
