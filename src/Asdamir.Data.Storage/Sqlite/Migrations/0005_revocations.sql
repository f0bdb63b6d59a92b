-- Changes of state that took a job from its worker, for the process that executes it; each is kept for a minute.
CREATE TABLE revocation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL
);
