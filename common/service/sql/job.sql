-- Whose turn a job is: one of all instances.

-- job_declare: write
INSERT INTO job (name, next_run) VALUES (:name::text, :now) ON CONFLICT DO NOTHING;

-- job_claim: one
-- columns: name text
UPDATE job SET next_run = :next_run::timestamptz WHERE name = :name::text AND next_run <= :now
RETURNING name;

-- job_hurry: write
UPDATE job SET next_run = :now WHERE name = :name::text;
