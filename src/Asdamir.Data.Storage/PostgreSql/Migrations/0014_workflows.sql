-- Jobs with an order. The numbers are counted by the commits that end members: what is neither waiting nor ended runs, or is about to. It is
-- finished while nothing runs.
CREATE TABLE {s}workflow (
    id bigint PRIMARY KEY,
    queue text COLLATE "C" NOT NULL,
    name text NOT NULL,
    created_at bigint NOT NULL,
    members bigint NOT NULL,
    on_finished bigint,
    waiting bigint NOT NULL,
    succeeded bigint NOT NULL,
    failed bigint NOT NULL,
    deleted bigint NOT NULL,
    finished_at bigint,
    cancelled_at bigint,
    cancelled_by text,
    cancel_reason text
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
CREATE INDEX workflow_of_queue ON {s}workflow (queue, id);

-- A job of a workflow, beside its row. Open is how many of the jobs before it have not ended as it needs; it waits while that is above
-- zero. Outcome: 0 not ended, 1 Succeeded, 2 Failed, 4 Deleted; past is the sum of all that it has had.
CREATE TABLE {s}workflow_member (
    job_id bigint PRIMARY KEY,
    workflow_id bigint NOT NULL,
    open bigint NOT NULL,
    outcome bigint NOT NULL DEFAULT 0,
    past bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
-- The condition keeps statements that look jobs up away from it: for a table that is believed to be empty, each index looks alike.
CREATE INDEX workflow_member_of ON {s}workflow_member (workflow_id, job_id) WHERE past >= 0;

-- Met by is the sum of the outcomes of the parent that the child waits for.
CREATE TABLE {s}workflow_edge (
    parent bigint NOT NULL,
    child bigint NOT NULL,
    met_by bigint NOT NULL,
    PRIMARY KEY (parent, child)
);
CREATE INDEX workflow_edge_to ON {s}workflow_edge (child, parent) WHERE met_by > 0;
