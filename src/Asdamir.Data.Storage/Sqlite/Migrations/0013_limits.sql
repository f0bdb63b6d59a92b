-- As in PostgreSQL.
ALTER TABLE job ADD COLUMN limits TEXT;
DROP VIEW waiting;
DROP INDEX queue_by_turn;
DROP INDEX queue_by_fairness;
DROP INDEX queue_with_turn;
ALTER TABLE queue ADD COLUMN limits TEXT;
CREATE INDEX queue_by_turn ON queue (queue, turn, id)
    WHERE claimed_by IS NULL AND turn IS NOT NULL AND fairness IS NULL AND limits IS NULL;
CREATE INDEX queue_by_fairness ON queue (queue, priority, fairness, turn, id)
    WHERE claimed_by IS NULL AND fairness IS NOT NULL AND limits IS NULL;
CREATE INDEX queue_with_turn ON queue (queue, id) WHERE claimed_by IS NULL AND turn IS NOT NULL AND limits IS NULL;
CREATE INDEX queue_by_limits ON queue (queue, limits, turn, id) WHERE claimed_by IS NULL AND limits IS NOT NULL;
-- The last condition keeps claims away from it: for a table that is believed to be empty, each index looks alike.
CREATE INDEX queue_with_limits ON queue (queue, id) WHERE claimed_by IS NULL AND limits IS NOT NULL AND deliveries >= 0;
CREATE INDEX queue_limited ON queue (queue) WHERE claimed_by IS NOT NULL AND limits IS NOT NULL;

CREATE VIEW waiting AS
    SELECT * FROM queue WHERE claimed_by IS NULL AND turn IS NULL
    UNION ALL
    SELECT * FROM queue WHERE claimed_by IS NULL AND turn IS NOT NULL AND limits IS NULL
    UNION ALL
    SELECT * FROM queue WHERE claimed_by IS NULL AND limits IS NOT NULL AND deliveries >= 0;

CREATE TABLE limit_rule (
    queue TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    declared INTEGER NOT NULL,
    changed_to INTEGER,
    changed_by TEXT,
    changed_at INTEGER,
    reason TEXT,
    PRIMARY KEY (queue, id)
) WITHOUT ROWID;
