-- What every service keeps of people, calendars, approvals, deadlines and document numbers.

-- People and branches: staff's own tables there, copies fed by staff's events everywhere else. `version` rises with each change,
-- so that of two events the older never wins.
CREATE TABLE branch (
    branch_id uuid NOT NULL PRIMARY KEY,
    parent_id uuid,
    company_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('headquarters', 'branch', 'department', 'team')),
    code text NOT NULL,
    name text NOT NULL,
    is_active bool NOT NULL,
    version bigint NOT NULL
);

CREATE TABLE person (
    branch_id uuid NOT NULL, -- the office of the person's post: headquarters or a branch
    staff_id uuid NOT NULL UNIQUE,
    number text NOT NULL,
    name text NOT NULL,
    position text,
    department_id uuid,
    department text,
    superior_id uuid,
    functions bigint NOT NULL, -- bit set: 1 << value of enum function
    status text NOT NULL CHECK (status IN ('joining', 'active', 'suspended', 'left')),
    is_ready bool NOT NULL,
    joined_on date NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (branch_id, staff_id)
);
CREATE INDEX person_superior ON person (superior_id);

-- Who signs for whom on which days.
CREATE TABLE deputy (
    branch_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    deputy_id uuid NOT NULL,
    from_date date NOT NULL,
    until_date date NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (branch_id, staff_id, deputy_id, from_date),
    CHECK (until_date >= from_date - 1) -- the day before it begins: taken back
);
CREATE INDEX deputy_of ON deputy (deputy_id, until_date);
CREATE INDEX deputy_for ON deputy (staff_id, until_date);

-- Days on which a branch departs from China's calendar; headquarters' days hold for every branch that does not say otherwise.
CREATE TABLE calendar_day (
    branch_id uuid NOT NULL,
    date date NOT NULL,
    kind text NOT NULL CHECK (kind IN ('holiday', 'working', 'as_china')),
    name text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (branch_id, date)
);

-- Chains: kind × amount → steps in order, each signed by a holder of a function. branch_id of zeros: the company's default, written by the
-- service's migration. The rows with the highest from_amount that is not above the amount are the chain; a branch with rows of its own
-- for a kind uses only these. Two rows with one step number: both sign, in any order.
CREATE TABLE approval_chain (
    branch_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    kind text NOT NULL,
    from_amount bigint NOT NULL DEFAULT 0 CHECK (from_amount >= 0),
    step bigint NOT NULL CHECK (step BETWEEN 1 AND 20),
    function text NOT NULL,
    PRIMARY KEY (branch_id, kind, from_amount, step, function)
);

CREATE TABLE approval (
    branch_id uuid NOT NULL,
    approval_id uuid NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    amount bigint NOT NULL,
    summary text NOT NULL,
    author_id uuid NOT NULL,
    step bigint NOT NULL, -- the step that waits, 1…; of a closed one the last that waited
    status text NOT NULL CHECK (status IN ('waiting', 'granted', 'rejected', 'withdrawn')),
    reason text,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    picture text NOT NULL, -- the subject at opening, JSON
    PRIMARY KEY (branch_id, approval_id),
    CHECK ((status = 'waiting') = (closed_at IS NULL))
);
CREATE UNIQUE INDEX approval_waiting ON approval (branch_id, kind, subject_id) WHERE status = 'waiting';
CREATE INDEX approval_subject ON approval (branch_id, kind, subject_id, approval_id);
CREATE INDEX approval_author ON approval (author_id, approval_id);

CREATE TABLE approval_step (
    branch_id uuid NOT NULL,
    approval_id uuid NOT NULL,
    step bigint NOT NULL,
    function text NOT NULL,
    status text NOT NULL CHECK (status IN ('waiting', 'approved', 'rejected', 'skipped')),
    signer_id uuid,
    deputy_for_id uuid, -- whose function the signer signed with, where it was not their own
    signed_at timestamptz,
    reason text,
    picture text, -- the subject as it was signed, JSON
    PRIMARY KEY (branch_id, approval_id, step, function),
    FOREIGN KEY (branch_id, approval_id) REFERENCES approval,
    CHECK ((status IN ('approved', 'rejected')) = (signer_id IS NOT NULL))
);
CREATE INDEX approval_step_waiting ON approval_step (branch_id, function, approval_id) WHERE status = 'waiting';
CREATE INDEX approval_step_signer ON approval_step (signer_id, approval_id) WHERE signer_id IS NOT NULL;

-- Clocks. due_at = counted_from + (counted_minutes | counted_days) of working time by the branch's calendar, or fixed where both are NULL.
-- next_at: when the job must look at it; NULL when there is nothing left to do.
CREATE TABLE deadline (
    branch_id uuid NOT NULL,
    deadline_id uuid NOT NULL, -- derived from kind and subject: there is one of each
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    owner_id uuid,
    status text NOT NULL CHECK (status IN ('running', 'paused', 'stopped')),
    started_at timestamptz NOT NULL,
    counted_from timestamptz NOT NULL,
    counted_minutes bigint CHECK (counted_minutes >= 0),
    counted_days bigint CHECK (counted_days >= 0),
    due_at timestamptz NOT NULL,
    next_at timestamptz,
    is_reminded bool NOT NULL,
    level bigint NOT NULL, -- times it was told since it passed: 0 not yet, 1 the owner, 2 the superior …
    is_stale bool NOT NULL, -- the calendar changed: due_at is to be computed again
    paused_at timestamptz,
    paused_left bigint, -- working minutes left when it was paused
    pause_reason text,
    PRIMARY KEY (branch_id, deadline_id),
    CHECK ((status = 'paused') = (paused_at IS NOT NULL)),
    CHECK (status = 'running' OR next_at IS NULL)
);
CREATE INDEX deadline_subject ON deadline (branch_id, subject_id, kind);
CREATE INDEX deadline_next ON deadline (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX deadline_owner ON deadline (owner_id, due_at) WHERE status <> 'stopped';
CREATE INDEX deadline_open ON deadline (branch_id, due_at, deadline_id) WHERE status <> 'stopped';

-- Who held the ball: every turn of a clock.
CREATE TABLE deadline_turn (
    branch_id uuid NOT NULL,
    deadline_id uuid NOT NULL,
    turn_id uuid NOT NULL,
    at timestamptz NOT NULL,
    what text NOT NULL CHECK (what IN ('started', 'paused', 'resumed', 'handed_over', 'recomputed', 'reminded', 'passed', 'stopped')),
    owner_id uuid,
    due_at timestamptz NOT NULL,
    reason text,
    PRIMARY KEY (branch_id, deadline_id, turn_id)
);

-- Document numbers: `next` is the one to give.
CREATE TABLE number_series (
    branch_id uuid NOT NULL,
    kind text NOT NULL,
    year bigint NOT NULL,
    next bigint NOT NULL CHECK (next >= 1),
    PRIMARY KEY (branch_id, kind, year)
);

CREATE TABLE number_lease (
    branch_id uuid NOT NULL,
    lease_id uuid NOT NULL,
    kind text NOT NULL,
    year bigint NOT NULL,
    code text NOT NULL, -- of the branch when it was leased
    first bigint NOT NULL CHECK (first >= 1),
    last bigint NOT NULL,
    highest bigint NOT NULL, -- the highest that was used or void; first - 1: none
    holder_id uuid NOT NULL,
    leased_at timestamptz NOT NULL,
    closed_at timestamptz, -- the book was handed in: what is not used or void is missing
    PRIMARY KEY (branch_id, lease_id),
    CHECK (last >= first),
    CHECK (highest BETWEEN first - 1 AND last)
);
CREATE UNIQUE INDEX number_lease_range ON number_lease (branch_id, kind, year, first);
CREATE INDEX number_lease_holder ON number_lease (holder_id, leased_at);

CREATE TABLE number_entry (
    branch_id uuid NOT NULL,
    kind text NOT NULL,
    year bigint NOT NULL,
    number bigint NOT NULL,
    lease_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('used', 'void')),
    document_id uuid,
    reason text,
    staff_id uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, kind, year, number),
    FOREIGN KEY (branch_id, lease_id) REFERENCES number_lease,
    CHECK ((status = 'used') = (document_id IS NOT NULL)),
    CHECK ((status = 'void') = (reason IS NOT NULL))
);

CALL protect('approval', 'approval_step', 'deadline', 'deadline_turn', 'number_series', 'number_lease', 'number_entry');
