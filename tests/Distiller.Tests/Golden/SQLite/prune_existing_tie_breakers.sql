-- Prune rank_log before 2026-03-02 08:30:00.123456 UTC: each key keeps its last row before it.

-- a temporary table for the rows that are kept
CREATE TEMP TABLE "kept_rank_log" (
  "customer_id" INTEGER NOT NULL,
  "valid_from" TEXT NOT NULL,
  "version" INTEGER,
  "row" INTEGER NOT NULL,
  PRIMARY KEY ("customer_id", "valid_from", "row")
);

-- all of it, or nothing
BEGIN IMMEDIATE;

-- no publisher meanwhile
DELETE FROM "rank_now" AS "nothing"
WHERE 0 = 1;

-- the rows of rank_log before the instant that something from it on needs
INSERT INTO temp."kept_rank_log" ("customer_id", "valid_from", "version", "row")
SELECT
  "ranked"."customer_id",
  "ranked"."valid_from",
  "ranked"."version",
  ROW_NUMBER() OVER ()
FROM (
  SELECT
    "history"."customer_id",
    "history"."valid_from",
    "history"."version",
    0 AS "known",
    MAX(0) OVER (PARTITION BY "history"."customer_id" ORDER BY "history"."valid_from" DESC, "history"."version" DESC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS "known_above_1"
  FROM "rank_log" AS "history"
  WHERE "history"."valid_from" <= '2026-03-02'
    AND "history"."customer_id" IS NOT NULL
) AS "ranked"
WHERE "ranked"."known_above_1" IS NULL
  OR "ranked"."known" > "ranked"."known_above_1";

-- count the rows of history
SELECT
  COUNT(*) AS "rows"
FROM "rank_log" AS "stored";

-- count those before the instant
SELECT
  COUNT(*) AS "before"
FROM "rank_log" AS "stored"
WHERE "stored"."valid_from" <= '2026-03-02'
  AND "stored"."customer_id" IS NOT NULL;

-- count those that nothing needs
SELECT
  COUNT(*) AS "pruned"
FROM "rank_log" AS "stored"
WHERE "stored"."valid_from" <= '2026-03-02'
  AND "stored"."customer_id" IS NOT NULL
  AND NOT EXISTS (
    SELECT
      1
    FROM temp."kept_rank_log" AS "kept"
    WHERE "kept"."customer_id" = "stored"."customer_id"
      AND "kept"."valid_from" = "stored"."valid_from"
      AND "kept"."version" IS NOT DISTINCT FROM "stored"."version"
  );

-- delete them
DELETE FROM "rank_log" AS "stored"
WHERE "stored"."valid_from" <= '2026-03-02'
  AND "stored"."customer_id" IS NOT NULL
  AND NOT EXISTS (
    SELECT
      1
    FROM temp."kept_rank_log" AS "kept"
    WHERE "kept"."customer_id" = "stored"."customer_id"
      AND "kept"."valid_from" = "stored"."valid_from"
      AND "kept"."version" IS NOT DISTINCT FROM "stored"."version"
  );

-- all of it, or nothing
COMMIT;

-- drop the temporary table
DROP TABLE IF EXISTS temp."kept_rank_log";
