-- How long the process may be silent, in microseconds: others judge by it how long to watch a lease. Null where an older package opened it.
ALTER TABLE {s}lease ADD COLUMN timeout bigint;
