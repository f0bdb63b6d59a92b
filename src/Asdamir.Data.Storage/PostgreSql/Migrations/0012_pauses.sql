-- What is paused: a kind, as 'queue', and a name. A row holds until it is deleted or its time is over; then it is deleted by the upkeep.
CREATE TABLE {s}pause (
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    reason text,
    paused_by text,
    paused_at bigint NOT NULL,
    expire_at bigint,
    PRIMARY KEY (kind, name)
);
CREATE INDEX pause_expiring ON {s}pause (expire_at) WHERE expire_at IS NOT NULL;
