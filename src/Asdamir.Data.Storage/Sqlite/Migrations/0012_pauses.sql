-- As in PostgreSQL.
CREATE TABLE pause (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    reason TEXT,
    paused_by TEXT,
    paused_at INTEGER NOT NULL,
    expire_at INTEGER,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;
CREATE INDEX pause_expiring ON pause (expire_at) WHERE expire_at IS NOT NULL;
