-- As in PostgreSQL.
ALTER TABLE limit_rule ADD COLUMN declared_starts INTEGER;
ALTER TABLE limit_rule ADD COLUMN declared_window INTEGER;
ALTER TABLE limit_rule ADD COLUMN changed_starts INTEGER;
ALTER TABLE limit_rule ADD COLUMN changed_window INTEGER;

CREATE TABLE limit_start (
    queue TEXT NOT NULL,
    id TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    number INTEGER NOT NULL,
    expire_at INTEGER NOT NULL,
    PRIMARY KEY (queue, id, begun_at)
) WITHOUT ROWID;
CREATE INDEX limit_start_expiring ON limit_start (expire_at);
