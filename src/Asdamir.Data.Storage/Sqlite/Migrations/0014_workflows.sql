-- As in PostgreSQL.
CREATE TABLE workflow (
    id INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    members INTEGER NOT NULL,
    on_finished INTEGER,
    waiting INTEGER NOT NULL,
    succeeded INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    finished_at INTEGER,
    cancelled_at INTEGER,
    cancelled_by TEXT,
    cancel_reason TEXT
);
CREATE INDEX workflow_of_queue ON workflow (queue, id);

CREATE TABLE workflow_member (
    job_id INTEGER PRIMARY KEY,
    workflow_id INTEGER NOT NULL,
    open INTEGER NOT NULL,
    outcome INTEGER NOT NULL DEFAULT 0,
    past INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX workflow_member_of ON workflow_member (workflow_id, job_id) WHERE past >= 0;

CREATE TABLE workflow_edge (
    parent INTEGER NOT NULL,
    child INTEGER NOT NULL,
    met_by INTEGER NOT NULL,
    PRIMARY KEY (parent, child)
) WITHOUT ROWID;
CREATE INDEX workflow_edge_to ON workflow_edge (child, parent) WHERE met_by > 0;
