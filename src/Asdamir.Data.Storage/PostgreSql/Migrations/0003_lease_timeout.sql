-- How long the lease lasts without renewal, in microseconds: other processes observe it for that time. Null where an older package opened it.
ALTER TABLE {s}lease ADD COLUMN timeout bigint;
