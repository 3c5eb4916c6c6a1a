-- Drops the tables of gone.

-- drop the intervals of gone
DROP TABLE IF EXISTS "gone_scd2";

-- drop what was noted for them
DROP TABLE IF EXISTS "gone_scd2_pending";

-- drop the latest of gone
DROP TABLE IF EXISTS "gone_latest";

-- drop the history of gone
DROP TABLE IF EXISTS "gone_history";
