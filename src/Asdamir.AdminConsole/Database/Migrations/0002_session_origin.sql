-- The first of the sessions that replaced each other: a user who signs in again in the same browser, or changes the
-- password there, keeps what the session before began.
ALTER TABLE session ADD COLUMN origin TEXT;

UPDATE session
SET origin = id;
