-- Working calendars.

-- calendar_top: one
-- columns: version bigint
SELECT coalesce(max(version), 0) FROM calendar_day WHERE branch_id = :of_branch_id::uuid;

-- calendar_set: write
INSERT INTO calendar_day (branch_id, date, kind, name, version)
VALUES (:of_branch_id::uuid, :date::date, :kind::calendar_day_kind, :name::text, :version::bigint)
    ON CONFLICT (branch_id, date) DO UPDATE SET kind = EXCLUDED.kind, name = EXCLUDED.name, version = EXCLUDED.version;
