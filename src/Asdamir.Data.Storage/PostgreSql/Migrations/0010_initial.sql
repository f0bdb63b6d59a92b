-- Times are microseconds since 1970-01-01 UTC. {s} is the schema. The numbers below belong to builds before the first release.

CREATE SEQUENCE {s}job_id INCREMENT BY 100;

-- What many jobs have in common, as many rows as there are methods. The id is a hash of the other columns.
CREATE TABLE {s}invocation (
    id bigint PRIMARY KEY,
    type text,
    method text,
    parameter_types text
);

-- A job, its current state, and the entries of its history that the row tells: enqueued when it was created, started, and what
-- followed. The version changes with every change that a worker must notice. What never changes stands first: the server writes only
-- what follows it into its log.
CREATE TABLE {s}job (
    id bigint PRIMARY KEY,
    created_at bigint NOT NULL,
    invocation_id bigint,
    keep_succeeded bigint,
    keep_deleted bigint,
    keep_failed bigint,
    priority bigint,
    head_start bigint,
    fairness bigint,
    queue text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    job_queue text,
    arguments text,
    parameters text NOT NULL,
    enqueued_at bigint,
    enqueued text,
    started_at bigint,
    started text,
    version bigint NOT NULL,
    expire_at bigint,
    locked_until bigint,
    state_at bigint,
    state text COLLATE "C",
    state_reason text,
    state_data text
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);

-- Jobs at rest, for the lists, which read the newest first. An index whose newest entries are its last ones is denser.
-- Enqueued and Processing are left out: every job passes through them.
CREATE INDEX job_listed ON {s}job (state, state_at, id) WHERE state NOT IN ('Enqueued', 'Processing');
CREATE INDEX job_listed_by_queue ON {s}job (queue, state, state_at, id) WHERE state NOT IN ('Enqueued', 'Processing');
CREATE INDEX job_listed_by_name ON {s}job (name, state, state_at, id) WHERE state NOT IN ('Enqueued', 'Processing');
CREATE INDEX job_processing ON {s}job (state_at, id) WHERE state = 'Processing';
CREATE INDEX job_expiring ON {s}job (expire_at) WHERE expire_at IS NOT NULL;

-- IS DISTINCT FROM excludes the indexes of jobs at rest, of which a scan for one id reads all.
CREATE VIEW {s}told_entry AS
    SELECT id AS job_id, 1 AS place, CAST('Enqueued' AS text) AS name, CAST(NULL AS text) AS reason, enqueued_at AS created_at,
        enqueued AS data, state
    FROM {s}job
    WHERE enqueued_at IS NOT NULL OR enqueued IS NOT NULL
    UNION ALL
    SELECT id, 2, 'Processing', NULL, started_at, started, state
    FROM {s}job
    WHERE started_at IS NOT NULL
    UNION ALL
    SELECT id, 3, state, state_reason, state_at, state_data, state
    FROM {s}job
    WHERE started_at IS NOT NULL
        AND state IS NOT NULL
        AND state IS DISTINCT FROM 'Enqueued'
        AND state IS DISTINCT FROM 'Processing';

-- All other entries: those before.
CREATE TABLE {s}state (
    job_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    reason text,
    created_at bigint NOT NULL,
    data text NOT NULL,
    PRIMARY KEY (job_id, id)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);

-- Metadata that workers write beside a job: progress and log. Not part of the job's version.
CREATE TABLE {s}job_metadata (
    job_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (job_id, name)
);

-- Keys that are taken, each by the job that has it: until that ends (unique), or until they expire (idempotency).
CREATE TABLE {s}job_key (
    key text COLLATE "C" PRIMARY KEY,
    job_id bigint NOT NULL,
    expire_at bigint
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX job_key_unique ON {s}job_key (job_id) WHERE expire_at IS NULL;
CREATE INDEX job_key_expiring ON {s}job_key (expire_at) WHERE expire_at IS NOT NULL;

-- One row a process, which must be renewed. Claims and locks belong to a lease and end with it. Other processes observe it for its
-- timeout, in microseconds. The liveness key is that of a lock that is released when the process ends, however it ends; null where such a
-- lock is not reliable.
CREATE TABLE {s}lease (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner text NOT NULL,
    expires_at bigint NOT NULL,
    timeout bigint,
    liveness_key bigint
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- One row a connection that commits; its number shows, after a broken connection, whether the last commit succeeded.
CREATE TABLE {s}lane (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lease_id bigint NOT NULL,
    epoch bigint NOT NULL,
    commits bigint NOT NULL,
    closed_at bigint
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- A job with a turn waits in the order of the turns: the time at which it was added, less its head start by its priority. All others
-- have none, and wait in the order of the ids. Those with a fairness key, of which this is a hash, have a turn, and keys of equal priority
-- alternate. Each kind has separate indexes, so that the one costs nothing for the other; the view has all.
CREATE TABLE {s}queue (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue text COLLATE "C" NOT NULL,
    job_id bigint NOT NULL,
    added_at bigint NOT NULL,
    claimed_by bigint,
    claimed_at bigint,
    deliveries bigint NOT NULL DEFAULT 0,
    turn bigint,
    priority bigint,
    head_start bigint,
    fairness bigint
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

CREATE INDEX queue_waiting ON {s}queue (queue, id) WHERE claimed_by IS NULL AND turn IS NULL;
CREATE INDEX queue_by_turn ON {s}queue (queue, turn, id) WHERE claimed_by IS NULL AND turn IS NOT NULL AND fairness IS NULL;
CREATE INDEX queue_by_fairness ON {s}queue (queue, priority, fairness, turn, id)
    WHERE claimed_by IS NULL AND fairness IS NOT NULL;
CREATE INDEX queue_with_turn ON {s}queue (queue, id) WHERE claimed_by IS NULL AND turn IS NOT NULL;
-- A writer that changes a job checks whether it was claimed recently. Few rows are claimed at a time, so those of a lease need no index.
CREATE INDEX queue_claimed ON {s}queue (job_id) WHERE claimed_by IS NOT NULL;

CREATE VIEW {s}waiting AS
    SELECT * FROM {s}queue WHERE claimed_by IS NULL AND turn IS NULL
    UNION ALL
    SELECT * FROM {s}queue WHERE claimed_by IS NULL AND turn IS NOT NULL;

CREATE TABLE {s}lock (
    resource text COLLATE "C" PRIMARY KEY,
    lease_id bigint NOT NULL,
    token bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- Hangfire's servers: the running ones, and for a day those that have ended. The lease is that of their process. Rescued is how many claims
-- of a server that died went back to their queues; null for one that runs or was stopped.
CREATE TABLE {s}server (
    id text PRIMARY KEY,
    data text NOT NULL,
    started_at bigint NOT NULL,
    heartbeat_at bigint NOT NULL,
    lease_id bigint NOT NULL,
    ended_at bigint,
    rescued bigint
) WITH (fillfactor = 50);

CREATE TABLE {s}set_item (
    key text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    score double precision NOT NULL,
    expire_at bigint,
    PRIMARY KEY (key, value)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX set_item_by_score ON {s}set_item (key, score, value);
CREATE INDEX set_item_expiring ON {s}set_item (expire_at) WHERE expire_at IS NOT NULL;

CREATE TABLE {s}hash_field (
    key text COLLATE "C" NOT NULL,
    field text COLLATE "C" NOT NULL,
    value text,
    expire_at bigint,
    PRIMARY KEY (key, field)
);
CREATE INDEX hash_field_expiring ON {s}hash_field (expire_at) WHERE expire_at IS NOT NULL;

CREATE TABLE {s}list_item (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text COLLATE "C" NOT NULL,
    value text,
    expire_at bigint
);
CREATE INDEX list_item_by_key ON {s}list_item (key, id DESC);
CREATE INDEX list_item_expiring ON {s}list_item (expire_at) WHERE expire_at IS NOT NULL;

-- Increments are appended and folded into the totals in the background.
CREATE TABLE {s}counter (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text COLLATE "C" NOT NULL,
    value bigint NOT NULL,
    expire_at bigint
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX counter_by_key ON {s}counter (key);

CREATE TABLE {s}counter_total (
    key text COLLATE "C" PRIMARY KEY,
    value bigint NOT NULL,
    expire_at bigint
) WITH (fillfactor = 50);
CREATE INDEX counter_total_expiring ON {s}counter_total (expire_at) WHERE expire_at IS NOT NULL;

-- Ends a commit whose assumptions no longer hold, before anything of it is visible.
CREATE FUNCTION {s}expect(actual bigint, wanted bigint, code text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF actual <> wanted THEN
        RAISE EXCEPTION 'expected % rows, found %', wanted, actual USING ERRCODE = code;
    END IF;
END $$;
