-- Times are microseconds since 1970-01-01 UTC. The tables are those of PostgreSQL.

CREATE TABLE job_id (next INTEGER NOT NULL);
INSERT INTO job_id VALUES (1);

CREATE TABLE invocation (
    id INTEGER PRIMARY KEY,
    type TEXT,
    method TEXT,
    parameter_types TEXT
);

-- What may be long stands last: a page further on has it.
CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expire_at INTEGER,
    locked_until INTEGER,
    keep_succeeded INTEGER,
    keep_deleted INTEGER,
    keep_failed INTEGER,
    priority INTEGER,
    head_start INTEGER,
    fairness INTEGER,
    queue TEXT NOT NULL,
    name TEXT NOT NULL,
    enqueued_at INTEGER,
    enqueued TEXT,
    started_at INTEGER,
    started TEXT,
    state_at INTEGER,
    state TEXT,
    state_reason TEXT,
    state_data TEXT,
    job_queue TEXT,
    invocation_id INTEGER,
    arguments TEXT,
    parameters TEXT NOT NULL
);

CREATE INDEX job_listed ON job (state, state_at, id) WHERE state NOT IN ('Enqueued', 'Processing');
CREATE INDEX job_listed_by_queue ON job (queue, state, state_at, id) WHERE state NOT IN ('Enqueued', 'Processing');
CREATE INDEX job_listed_by_name ON job (name, state, state_at, id) WHERE state NOT IN ('Enqueued', 'Processing');
CREATE INDEX job_processing ON job (state_at, id) WHERE state = 'Processing';
CREATE INDEX job_expiring ON job (expire_at) WHERE expire_at IS NOT NULL;

CREATE VIEW told_entry AS
    SELECT id AS job_id, 1 AS place, 'Enqueued' AS name, NULL AS reason, enqueued_at AS created_at,
        enqueued AS data, state
    FROM job
    WHERE enqueued_at IS NOT NULL OR enqueued IS NOT NULL
    UNION ALL
    SELECT id, 2, 'Processing', NULL, started_at, started, state
    FROM job
    WHERE started_at IS NOT NULL
    UNION ALL
    SELECT id, 3, state, state_reason, state_at, state_data, state
    FROM job
    WHERE started_at IS NOT NULL
        AND state IS NOT NULL
        AND state IS NOT 'Enqueued'
        AND state IS NOT 'Processing';

CREATE TABLE state (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    reason TEXT,
    created_at INTEGER NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX state_by_job ON state (job_id);

CREATE TABLE job_metadata (
    job_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (job_id, name)
) WITHOUT ROWID;

CREATE TABLE job_key (
    key TEXT PRIMARY KEY,
    job_id INTEGER NOT NULL,
    expire_at INTEGER
) WITHOUT ROWID;
CREATE INDEX job_key_unique ON job_key (job_id) WHERE expire_at IS NULL;
CREATE INDEX job_key_expiring ON job_key (expire_at) WHERE expire_at IS NOT NULL;

CREATE TABLE lease (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    timeout INTEGER,
    liveness_key INTEGER
);

CREATE TABLE queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    job_id INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    claimed_by INTEGER,
    claimed_at INTEGER,
    deliveries INTEGER NOT NULL DEFAULT 0,
    turn INTEGER,
    priority INTEGER,
    head_start INTEGER,
    fairness INTEGER
);
CREATE INDEX queue_waiting ON queue (queue, id) WHERE claimed_by IS NULL AND turn IS NULL;
CREATE INDEX queue_by_turn ON queue (queue, turn, id) WHERE claimed_by IS NULL AND turn IS NOT NULL AND fairness IS NULL;
CREATE INDEX queue_by_fairness ON queue (queue, priority, fairness, turn, id)
    WHERE claimed_by IS NULL AND fairness IS NOT NULL;
CREATE INDEX queue_with_turn ON queue (queue, id) WHERE claimed_by IS NULL AND turn IS NOT NULL;
CREATE INDEX queue_claimed ON queue (job_id) WHERE claimed_by IS NOT NULL;

CREATE VIEW waiting AS
    SELECT * FROM queue WHERE claimed_by IS NULL AND turn IS NULL
    UNION ALL
    SELECT * FROM queue WHERE claimed_by IS NULL AND turn IS NOT NULL;

-- Changes of state that took a job from its worker, for the process that executes it; each is kept for a minute.
CREATE TABLE revocation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL
);

CREATE TABLE lock (
    resource TEXT PRIMARY KEY,
    lease_id INTEGER NOT NULL,
    token INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE server (
    id TEXT PRIMARY KEY,
    data TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    heartbeat_at INTEGER NOT NULL,
    lease_id INTEGER NOT NULL,
    ended_at INTEGER,
    rescued INTEGER
) WITHOUT ROWID;

CREATE TABLE set_item (
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    score REAL NOT NULL,
    expire_at INTEGER,
    PRIMARY KEY (key, value)
) WITHOUT ROWID;
CREATE INDEX set_item_by_score ON set_item (key, score, value);
CREATE INDEX set_item_expiring ON set_item (expire_at) WHERE expire_at IS NOT NULL;

CREATE TABLE hash_field (
    key TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT,
    expire_at INTEGER,
    PRIMARY KEY (key, field)
) WITHOUT ROWID;
CREATE INDEX hash_field_expiring ON hash_field (expire_at) WHERE expire_at IS NOT NULL;

CREATE TABLE list_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    value TEXT,
    expire_at INTEGER
);
CREATE INDEX list_item_by_key ON list_item (key, id DESC);
CREATE INDEX list_item_expiring ON list_item (expire_at) WHERE expire_at IS NOT NULL;

CREATE TABLE counter (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    value INTEGER NOT NULL,
    expire_at INTEGER
);
CREATE INDEX counter_by_key ON counter (key);

CREATE TABLE counter_total (
    key TEXT PRIMARY KEY,
    value INTEGER NOT NULL,
    expire_at INTEGER
) WITHOUT ROWID;
CREATE INDEX counter_total_expiring ON counter_total (expire_at) WHERE expire_at IS NOT NULL;
