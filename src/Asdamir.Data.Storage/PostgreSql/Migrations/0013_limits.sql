-- Under which limits a job is executed, see LimitIds. Rows of queues that have some are in no index of the others: they wait for room.
ALTER TABLE {s}job ADD COLUMN limits text COLLATE "C";
ALTER TABLE {s}queue ADD COLUMN limits text COLLATE "C";

DROP INDEX {s}queue_by_turn, {s}queue_by_fairness, {s}queue_with_turn;
CREATE INDEX queue_by_turn ON {s}queue (queue, turn, id)
    WHERE claimed_by IS NULL AND turn IS NOT NULL AND fairness IS NULL AND limits IS NULL;
CREATE INDEX queue_by_fairness ON {s}queue (queue, priority, fairness, turn, id)
    WHERE claimed_by IS NULL AND fairness IS NOT NULL AND limits IS NULL;
CREATE INDEX queue_with_turn ON {s}queue (queue, id) WHERE claimed_by IS NULL AND turn IS NOT NULL AND limits IS NULL;
CREATE INDEX queue_by_limits ON {s}queue (queue, limits, turn, id) WHERE claimed_by IS NULL AND limits IS NOT NULL;
-- The last condition keeps claims away from it: for a table that is believed to be empty, each index looks alike.
CREATE INDEX queue_with_limits ON {s}queue (queue, id) WHERE claimed_by IS NULL AND limits IS NOT NULL AND deliveries >= 0;
CREATE INDEX queue_limited ON {s}queue (queue) WHERE claimed_by IS NOT NULL AND limits IS NOT NULL;

DROP VIEW {s}waiting;
CREATE VIEW {s}waiting AS
    SELECT * FROM {s}queue WHERE claimed_by IS NULL AND turn IS NULL
    UNION ALL
    SELECT * FROM {s}queue WHERE claimed_by IS NULL AND turn IS NOT NULL AND limits IS NULL
    UNION ALL
    SELECT * FROM {s}queue WHERE claimed_by IS NULL AND limits IS NOT NULL AND deliveries >= 0;

-- How many jobs a limit allows at the same time: what its app declares, and what an operator has set instead.
CREATE TABLE {s}limit_rule (
    queue text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    declared bigint NOT NULL,
    changed_to bigint,
    changed_by text,
    changed_at bigint,
    reason text,
    PRIMARY KEY (queue, id)
);
