-- The key of a lock that is released when the process ends, however it ends. Null where such a lock is not reliable.
ALTER TABLE {s}lease ADD COLUMN liveness_key bigint;
