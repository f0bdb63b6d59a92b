-- Times are microseconds since 1970-01-01 UTC. {s} is the schema.

CREATE SEQUENCE {s}job_id INCREMENT BY 100;

-- A job and its current state. The version changes with every change that a worker must notice.
CREATE TABLE {s}job (
    id bigint PRIMARY KEY,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    expire_at bigint,
    locked_until bigint,
    queue text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    state text COLLATE "C",
    state_at bigint,
    state_reason text,
    state_data text,
    job_queue text,
    type text,
    method text,
    parameter_types text,
    arguments text,
    parameters text NOT NULL,
    keep_succeeded bigint,
    keep_deleted bigint,
    keep_failed bigint
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);

-- Jobs at rest, for the lists. Enqueued and Processing are left out: every job passes through them.
CREATE INDEX job_listed ON {s}job (state, state_at DESC, id DESC) WHERE state NOT IN ('Enqueued', 'Processing');
CREATE INDEX job_listed_by_queue ON {s}job (queue, state, state_at DESC, id DESC) WHERE state NOT IN ('Enqueued', 'Processing');
CREATE INDEX job_listed_by_name ON {s}job (name, state, state_at DESC, id DESC) WHERE state NOT IN ('Enqueued', 'Processing');
CREATE INDEX job_processing ON {s}job (state_at DESC, id DESC) WHERE state = 'Processing';
CREATE INDEX job_expiring ON {s}job (expire_at) WHERE expire_at IS NOT NULL;

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

-- One row a process, which must be renewed. Claims and locks belong to a lease and end with it.
CREATE TABLE {s}lease (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner text NOT NULL,
    expires_at bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- One row a connection that commits; its number shows, after a broken connection, whether the last commit succeeded.
CREATE TABLE {s}lane (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lease_id bigint NOT NULL,
    epoch bigint NOT NULL,
    commits bigint NOT NULL,
    closed_at bigint
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

CREATE TABLE {s}queue (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue text COLLATE "C" NOT NULL,
    job_id bigint NOT NULL,
    added_at bigint NOT NULL,
    claimed_by bigint,
    claimed_at bigint,
    deliveries bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

CREATE INDEX queue_waiting ON {s}queue (queue, id) WHERE claimed_by IS NULL;
CREATE INDEX queue_claimed ON {s}queue (claimed_by) WHERE claimed_by IS NOT NULL;

CREATE TABLE {s}lock (
    resource text COLLATE "C" PRIMARY KEY,
    lease_id bigint NOT NULL,
    token bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

CREATE TABLE {s}server (
    id text PRIMARY KEY,
    data text NOT NULL,
    started_at bigint NOT NULL,
    heartbeat_at bigint NOT NULL
);

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
