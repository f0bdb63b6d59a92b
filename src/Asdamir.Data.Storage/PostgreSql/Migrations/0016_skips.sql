-- Whether a job for which a claim finds no room is deleted.
ALTER TABLE {s}limit_rule ADD COLUMN skips bigint NOT NULL DEFAULT 0;

-- The rule that had no room for a claimed row: its claim deletes the job, and is not counted as one that executes it.
ALTER TABLE {s}queue ADD COLUMN skip text COLLATE "C";
