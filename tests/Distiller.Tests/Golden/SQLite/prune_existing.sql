-- Prune tier_log before 2026-03-02 08:30:00.123456 UTC: each key keeps its last row before it.
-- Note: training sets as of that instant or later stay as they are, with any knowledge of that instant or later; of what was known before it, they may lose rows.

-- a temporary table for the rows that are kept
CREATE TEMP TABLE "kept_tier_log" (
  "customer_id" INTEGER NOT NULL,
  "valid_from" TEXT NOT NULL,
  "known_at" TEXT,
  "row" INTEGER NOT NULL,
  PRIMARY KEY ("customer_id", "valid_from", "row")
);

-- all of it, or nothing
BEGIN IMMEDIATE;

-- no publisher meanwhile
DELETE FROM "tier_now" AS "nothing"
WHERE 0 = 1;

-- the rows of tier_log before the instant that something from it on needs
INSERT INTO temp."kept_tier_log" ("customer_id", "valid_from", "known_at", "row")
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
    CASE WHEN "history"."known_at" IS NULL OR "history"."known_at" <= '2026-03-02 08:30:00.123456' THEN 0 ELSE 1772440200123456 - (unixepoch(substr("history"."known_at", 1, 19)) * 1000000 + CAST(substr("history"."known_at", 21, 6) AS INTEGER)) END AS "known",
    MAX(CASE WHEN "history"."known_at" IS NULL OR "history"."known_at" <= '2026-03-02 08:30:00.123456' THEN 0 ELSE 1772440200123456 - (unixepoch(substr("history"."known_at", 1, 19)) * 1000000 + CAST(substr("history"."known_at", 21, 6) AS INTEGER)) END) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."valid_from" DESC, "history"."known_at" DESC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS "known_above_1"
  FROM "tier_log" AS "history"
  WHERE "history"."valid_from" < '2026-03-02 08:30:00.123456'
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
WHERE "stored"."valid_from" < '2026-03-02 08:30:00.123456'
  AND "stored"."customer_id" IS NOT NULL;

-- count those that nothing needs
SELECT
  COUNT(*) AS "pruned"
FROM "tier_log" AS "stored"
WHERE "stored"."valid_from" < '2026-03-02 08:30:00.123456'
  AND "stored"."customer_id" IS NOT NULL
  AND NOT EXISTS (
    SELECT
      1
    FROM temp."kept_tier_log" AS "kept"
    WHERE "kept"."customer_id" = "stored"."customer_id"
      AND "kept"."valid_from" = "stored"."valid_from"
      AND "kept"."known_at" IS NOT DISTINCT FROM "stored"."known_at"
  );

-- delete them
DELETE FROM "tier_log" AS "stored"
WHERE "stored"."valid_from" < '2026-03-02 08:30:00.123456'
  AND "stored"."customer_id" IS NOT NULL
  AND NOT EXISTS (
    SELECT
      1
    FROM temp."kept_tier_log" AS "kept"
    WHERE "kept"."customer_id" = "stored"."customer_id"
      AND "kept"."valid_from" = "stored"."valid_from"
      AND "kept"."known_at" IS NOT DISTINCT FROM "stored"."known_at"
  );

-- all of it, or nothing
COMMIT;

-- drop the temporary table
DROP TABLE IF EXISTS temp."kept_tier_log";
