-- Prune tier_log before 2026-03-02 08:30:00.123456 UTC: each key keeps its last row before it.
-- Note: training sets as of that instant or later stay as they are, with any knowledge of that instant or later; of what was known before it, they may lose rows.

-- the row every publisher of a set updates
CREATE TABLE IF NOT EXISTS "distiller_publishers" (
  "history_table" VARCHAR NOT NULL,
  "publishes" BIGINT NOT NULL,
  PRIMARY KEY ("history_table")
);

-- the row every publisher of a set updates
INSERT INTO "distiller_publishers" ("history_table", "publishes")
SELECT
  'tier_log',
  0
ON CONFLICT ("history_table") DO NOTHING;

-- a temporary table for the rows that are kept
CREATE TEMP TABLE "kept_tier_log" (
  "customer_id" BIGINT NOT NULL,
  "valid_from" TIMESTAMPTZ NOT NULL,
  "known_at" TIMESTAMPTZ,
  "row" BIGINT NOT NULL
);

-- all of it, or nothing
BEGIN TRANSACTION;

-- no publisher meanwhile
UPDATE "distiller_publishers"
SET "publishes" = "publishes" + 1
WHERE "history_table" = 'tier_log';

-- the rows of tier_log before the instant that something from it on needs
INSERT INTO temp.main."kept_tier_log" ("customer_id", "valid_from", "known_at", "row")
SELECT
  "ranked"."customer_id",
  "ranked"."valid_from",
  "ranked"."known_at",
  ROW_NUMBER() OVER ()
FROM (
  SELECT
    "history"."customer_id",
    "history"."valid_from",
    "history"."known_at",
    CASE WHEN "history"."known_at" IS NULL OR "history"."known_at" <= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN 0 ELSE 1772440200123456 - epoch_us("history"."known_at") END AS "known",
    MAX(CASE WHEN "history"."known_at" IS NULL OR "history"."known_at" <= TIMESTAMPTZ '2026-03-02 08:30:00.123456+00' THEN 0 ELSE 1772440200123456 - epoch_us("history"."known_at") END) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."valid_from" DESC, "history"."known_at" DESC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS "known_above_1"
  FROM "tier_log" AS "history"
  WHERE "history"."valid_from" < TIMESTAMPTZ '2026-03-02 08:30:00.123456+00'
    AND "history"."customer_id" IS NOT NULL
) AS "ranked"
WHERE "ranked"."known_above_1" IS NULL
  OR "ranked"."known" > "ranked"."known_above_1";

-- count the rows of history
SELECT
  COUNT(*) AS "rows"
FROM "tier_log" AS "stored";

-- count those before the instant
SELECT
  COUNT(*) AS "before"
FROM "tier_log" AS "stored"
WHERE "stored"."valid_from" < TIMESTAMPTZ '2026-03-02 08:30:00.123456+00'
  AND "stored"."customer_id" IS NOT NULL;

-- count those that nothing needs
SELECT
  COUNT(*) AS "pruned"
FROM "tier_log" AS "stored"
WHERE "stored"."valid_from" < TIMESTAMPTZ '2026-03-02 08:30:00.123456+00'
  AND "stored"."customer_id" IS NOT NULL
  AND NOT EXISTS (
    SELECT
      1
    FROM temp.main."kept_tier_log" AS "kept"
    WHERE "kept"."customer_id" = "stored"."customer_id"
      AND "kept"."valid_from" = "stored"."valid_from"
      AND "kept"."known_at" IS NOT DISTINCT FROM "stored"."known_at"
  );

-- delete them
DELETE FROM "tier_log" AS "stored"
WHERE "stored"."valid_from" < TIMESTAMPTZ '2026-03-02 08:30:00.123456+00'
  AND "stored"."customer_id" IS NOT NULL
  AND NOT EXISTS (
    SELECT
      1
    FROM temp.main."kept_tier_log" AS "kept"
    WHERE "kept"."customer_id" = "stored"."customer_id"
      AND "kept"."valid_from" = "stored"."valid_from"
      AND "kept"."known_at" IS NOT DISTINCT FROM "stored"."known_at"
  );

-- all of it, or nothing
COMMIT;

-- drop the temporary table
DROP TABLE IF EXISTS temp.main."kept_tier_log";
