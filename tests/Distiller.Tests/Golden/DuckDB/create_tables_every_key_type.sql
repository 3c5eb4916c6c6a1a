-- Tables of everything_seen.

-- the history of everything_seen: one row per key, event time and created time
CREATE TABLE IF NOT EXISTS "everything_seen_history" (
  "an_int32" INTEGER NOT NULL,
  "an_int64" BIGINT NOT NULL,
  "a_string" VARCHAR NOT NULL,
  "a_guid" UUID NOT NULL,
  "a_date" DATE NOT NULL,
  "a_bool" BOOLEAN NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "times" BIGINT
);

-- the latest of everything_seen: one row per key
CREATE TABLE IF NOT EXISTS "everything_seen_latest" (
  "an_int32" INTEGER NOT NULL,
  "an_int64" BIGINT NOT NULL,
  "a_string" VARCHAR NOT NULL,
  "a_guid" UUID NOT NULL,
  "a_date" DATE NOT NULL,
  "a_bool" BOOLEAN NOT NULL,
  "feature_timestamp" TIMESTAMPTZ NOT NULL,
  "created_timestamp" TIMESTAMPTZ NOT NULL,
  "times" BIGINT,
  "published_timestamp" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("an_int32", "an_int64", "a_string", "a_guid", "a_date", "a_bool")
);

-- the row every publisher of a set updates, so that two at once conflict and one retries
CREATE TABLE IF NOT EXISTS "distiller_publishers" (
  "history_table" VARCHAR NOT NULL,
  "publishes" BIGINT NOT NULL,
  PRIMARY KEY ("history_table")
);

-- the row every publisher of a set updates, so that two at once conflict and one retries
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'everything_seen_history',
  0
ON CONFLICT ("history_table") DO NOTHING;
