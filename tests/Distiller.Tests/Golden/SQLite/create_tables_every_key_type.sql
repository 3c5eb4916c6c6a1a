-- Tables of everything_seen.

-- the history of everything_seen: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "everything_seen_history" (
  "an_int32" INTEGER NOT NULL,
  "an_int64" INTEGER NOT NULL,
  "a_string" TEXT NOT NULL,
  "a_guid" TEXT NOT NULL,
  "a_date" TEXT NOT NULL,
  "a_bool" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "times" INTEGER,
  PRIMARY KEY ("an_int32", "an_int64", "a_string", "a_guid", "a_date", "a_bool", "feature_timestamp", "created_timestamp")
);

-- the latest of everything_seen: one row per key
CREATE TABLE IF NOT EXISTS "everything_seen_latest" (
  "an_int32" INTEGER NOT NULL,
  "an_int64" INTEGER NOT NULL,
  "a_string" TEXT NOT NULL,
  "a_guid" TEXT NOT NULL,
  "a_date" TEXT NOT NULL,
  "a_bool" INTEGER NOT NULL,
  "feature_timestamp" TEXT NOT NULL,
  "created_timestamp" TEXT NOT NULL,
  "times" INTEGER,
  "published_timestamp" TEXT NOT NULL,
  PRIMARY KEY ("an_int32", "an_int64", "a_string", "a_guid", "a_date", "a_bool")
);
