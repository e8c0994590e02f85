-- Staff (policy S): the company's tree, people, sign-in. The tables branch, person, deputy and calendar_day are the mechanisms'; here they
-- are not copies but the truth, and person has what no other service needs.

CREATE TABLE company (
    branch_id uuid NOT NULL PRIMARY KEY, -- headquarters
    is_founded bool NOT NULL UNIQUE CHECK (is_founded), -- there is one
    name text NOT NULL,
    administrator_id uuid NOT NULL,
    key uuid NOT NULL, -- of the request: the same one repeated gets the same answer
    founded_at timestamptz NOT NULL
);

ALTER TABLE branch ADD CONSTRAINT branch_code UNIQUE (code);
CREATE INDEX branch_parent ON branch (parent_id);

ALTER TABLE person
    ADD COLUMN sign_in_name text NOT NULL,
    ADD COLUMN rank text CHECK (rank IN ('representative', 'supervisor', 'manager', 'director', 'deputy_general_manager', 'general_manager')),
    ADD COLUMN region text,
    ADD COLUMN level bigint CHECK (level BETWEEN 1 AND 99),
    ADD COLUMN phone text,
    ADD COLUMN created_at timestamptz NOT NULL,
    ADD COLUMN created_by uuid,
    ADD CONSTRAINT person_number UNIQUE (number);
CREATE UNIQUE INDEX person_sign_in_name ON person (lower(sign_in_name));
CREATE INDEX person_list ON person (branch_id, staff_id);

-- Passwords, and those that may not be used again.
CREATE TABLE credential (
    branch_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    hash text NOT NULL, -- Argon2id with its parameters
    set_at timestamptz NOT NULL,
    is_temporary bool NOT NULL,
    PRIMARY KEY (branch_id, staff_id)
);
CREATE UNIQUE INDEX credential_staff ON credential (staff_id);

CREATE TABLE credential_past (
    branch_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    set_at timestamptz NOT NULL,
    hash text NOT NULL,
    PRIMARY KEY (branch_id, staff_id, set_at)
);
CREATE INDEX credential_past_staff ON credential_past (staff_id, set_at);

-- Failures by sign-in name, whether anybody has that name or not: the answers are the same.
CREATE TABLE sign_in_failure (
    branch_id uuid NOT NULL, -- zeros: nobody has signed in
    name_hash bytea NOT NULL, -- SHA-256 of the name as compared
    failures bigint NOT NULL CHECK (failures >= 1),
    failed_at timestamptz NOT NULL,
    locked_until timestamptz,
    PRIMARY KEY (branch_id, name_hash)
);
CREATE INDEX sign_in_failure_at ON sign_in_failure (failed_at);

CREATE TABLE session (
    branch_id uuid NOT NULL, -- of the person's post when it was opened
    session_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    token_hash bytea NOT NULL UNIQUE, -- SHA-256
    opened_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL, -- the last instant, however much it is used
    must_change_password bool NOT NULL,
    closed_at timestamptz,
    closed_by uuid,
    PRIMARY KEY (branch_id, session_id)
);
CREATE INDEX session_open ON session (staff_id, session_id) WHERE closed_at IS NULL;

CREATE TABLE onboarding (
    branch_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    step text NOT NULL CHECK (step IN ('agreement', 'induction', 'groups')),
    done_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    PRIMARY KEY (branch_id, staff_id, step)
);
CREATE INDEX onboarding_staff ON onboarding (staff_id);

-- Departures, and what each service says moved to the successor.
CREATE TABLE departure (
    branch_id uuid NOT NULL, -- where the person left
    departure_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    successor_id uuid NOT NULL,
    reason text NOT NULL,
    is_transfer bool NOT NULL,
    left_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    PRIMARY KEY (branch_id, departure_id)
);
CREATE INDEX departure_staff ON departure (staff_id, departure_id);

CREATE TABLE handover (
    branch_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    successor_id uuid NOT NULL,
    service text NOT NULL,
    kind text NOT NULL,
    count bigint NOT NULL CHECK (count >= 0),
    moved_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, staff_id, successor_id, service, kind)
);
CREATE INDEX handover_staff ON handover (staff_id);

CALL protect('departure', 'onboarding');
