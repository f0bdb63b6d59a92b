-- How many jobs of a limit may begin in a window, which is in microseconds.
ALTER TABLE {s}limit_rule ADD COLUMN declared_starts bigint, ADD COLUMN declared_window bigint,
    ADD COLUMN changed_starts bigint, ADD COLUMN changed_window bigint;

-- How many have begun under a limit and key, by slices of time. A row counts until its end and a window have passed.
CREATE TABLE {s}limit_start (
    queue text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    begun_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    number bigint NOT NULL,
    expire_at bigint NOT NULL,
    PRIMARY KEY (queue, id, begun_at)
);
CREATE INDEX limit_start_expiring ON {s}limit_start (expire_at);
