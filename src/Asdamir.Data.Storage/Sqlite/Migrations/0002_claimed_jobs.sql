-- Whoever wants to change a job looks whether it was claimed lately. Few rows are claimed at a time, so those of a lease need no index.
DROP INDEX queue_claimed;
CREATE INDEX queue_claimed ON queue (job_id) WHERE claimed_by IS NOT NULL;
