-- With IF NOT EXISTS, as files from before the migrations have these tables.
CREATE TABLE IF NOT EXISTS account (
    name TEXT PRIMARY KEY COLLATE NOCASE,
    password_hash TEXT NOT NULL,
    grants TEXT NOT NULL,
    -- Changes with the password: sessions of the old one end.
    stamp TEXT NOT NULL
) WITHOUT ROWID;

-- Sign-ins to an account from a source: an address, an IPv6 network or, as '*', all of them.
CREATE TABLE IF NOT EXISTS sign_in (
    account TEXT NOT NULL COLLATE NOCASE,
    source TEXT NOT NULL,
    failed INTEGER NOT NULL,
    locked_until INTEGER NOT NULL,
    failed_at INTEGER NOT NULL,
    succeeded_at INTEGER NOT NULL,
    PRIMARY KEY (account, source)
) WITHOUT ROWID;

-- A cookie names its session, and is invalid without a row here.
CREATE TABLE IF NOT EXISTS session (
    id TEXT PRIMARY KEY,
    actor TEXT,
    -- Issuer and subject of a person from an OpenID Connect provider.
    subject TEXT,
    -- Issuer and id of the session at that provider.
    provider_session TEXT,
    ends_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    phase TEXT NOT NULL,
    action TEXT NOT NULL,
    action_id TEXT,
    company TEXT,
    actor TEXT,
    role TEXT,
    target TEXT,
    reason TEXT,
    done INTEGER,
    skipped INTEGER,
    failed INTEGER,
    remarks TEXT,
    address TEXT,
    trace_id TEXT,
    -- Issuer and subject of an actor from an OpenID Connect provider.
    subject TEXT
);

CREATE INDEX IF NOT EXISTS audit_company ON audit (company, id);

CREATE INDEX IF NOT EXISTS audit_action ON audit (action_id)
WHERE action_id IS NOT NULL;

CREATE TRIGGER IF NOT EXISTS audit_no_update
BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'The audit is append-only.');
END;

CREATE TRIGGER IF NOT EXISTS audit_no_delete
BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'The audit is append-only.');
END;

-- Replacing a line would remove it, and SQLite fires no delete trigger for that.
CREATE TRIGGER IF NOT EXISTS audit_no_replace
BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'The audit is append-only.');
END;
