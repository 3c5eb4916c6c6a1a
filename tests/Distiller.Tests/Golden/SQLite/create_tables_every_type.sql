-- Tables of customer_profile.

-- the history of customer_profile: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "customer_profile_history" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "a_bool" INTEGER,
  "an_int32" INTEGER,
  "an_int64" INTEGER,
  "a_float32" REAL,
  "a_float64" REAL,
  "a_decimal" TEXT,
  "a_string" TEXT,
  "some_bytes" BLOB,
  "a_date" TEXT,
  "a_timestamp" TEXT,
  "a_guid" TEXT,
  "a_json" TEXT,
  "a_vector" BLOB,
  "three_floats" BLOB,
  PRIMARY KEY ("customer_id", "feature_timestamp", "created_timestamp")
);

-- the latest of customer_profile: one row per key
CREATE TABLE IF NOT EXISTS "customer_profile_latest" (
  "customer_id" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "a_bool" INTEGER,
  "an_int32" INTEGER,
  "an_int64" INTEGER,
  "a_float32" REAL,
  "a_float64" REAL,
  "a_decimal" TEXT,
  "a_string" TEXT,
  "some_bytes" BLOB,
  "a_date" TEXT,
  "a_timestamp" TEXT,
  "a_guid" TEXT,
  "a_json" TEXT,
  "a_vector" BLOB,
  "three_floats" BLOB,
  "published_timestamp" TEXT NOT NULL,
  PRIMARY KEY ("customer_id")
);
