-- Discipline (policy P1 to P4): the rule book, cases with their evidence, decisions, the record of a person.

-- One row is one version of a rule; all stand under headquarters. In force at T: valid_from <= T and (valid_until is NULL or T < valid_until).
CREATE TABLE rule (
    branch_id uuid NOT NULL,
    rule_id uuid NOT NULL,
    code text NOT NULL,
    version bigint NOT NULL CHECK (version >= 1),
    name_zh text NOT NULL,
    name_en text NOT NULL,
    text_zh text NOT NULL,
    text_en text NOT NULL,
    source text NOT NULL,
    functions bigint NOT NULL, -- whom it binds: 1 << value of enum function; 0: everybody
    trigger text,              -- the event that opens a case; NULL: by hand
    severity text NOT NULL CHECK (severity IN ('minor', 'serious', 'grave')),
    repeat_days bigint CHECK (repeat_days >= 0), -- NULL: an open figure
    requires text,
    status text NOT NULL CHECK (status IN ('drafted', 'consulted', 'adopted', 'announced', 'in_force', 'retired', 'withdrawn')),
    valid_from timestamptz,
    valid_until timestamptz,
    drafted_by uuid, -- NULL: shipped
    drafted_at timestamptz NOT NULL,
    adopted_by uuid,
    adopted_at timestamptz,
    announced_at timestamptz,
    reason text, -- why it was sent back, withdrawn or ended
    PRIMARY KEY (branch_id, rule_id),
    UNIQUE (branch_id, code, version),
    CHECK ((status IN ('announced', 'in_force', 'retired')) = (valid_from IS NOT NULL)),
    CHECK (status NOT IN ('announced', 'in_force', 'retired') OR repeat_days IS NOT NULL),
    CHECK (valid_until IS NULL OR valid_until >= valid_from)
);
-- At most one version of a rule is on its way: drafted, consulted or adopted.
CREATE UNIQUE INDEX rule_underway ON rule (branch_id, code) WHERE status IN ('drafted', 'consulted', 'adopted');
CREATE INDEX rule_by_trigger ON rule (branch_id, trigger, valid_from) WHERE trigger IS NOT NULL AND valid_from IS NOT NULL;
CREATE INDEX rule_entering ON rule (valid_from) WHERE status = 'announced';
CREATE INDEX rule_leaving ON rule (valid_until) WHERE status = 'in_force' AND valid_until IS NOT NULL;

-- The particular measures of a rule, by offence number; they go before the general ladder.
CREATE TABLE rule_step (
    branch_id uuid NOT NULL,
    rule_id uuid NOT NULL,
    from_offence bigint NOT NULL CHECK (from_offence BETWEEN 1 AND 20),
    measure text NOT NULL CHECK (measure IN ('none', 'oral_warning', 'written_warning', 'fine', 'points', 'demotion', 'suspension',
                                             'removal', 'dismissal', 'legal_action')),
    points bigint CHECK (points >= 0),
    money_min bigint CHECK (money_min >= 0),
    money_max bigint CHECK (money_max >= money_min),
    PRIMARY KEY (branch_id, rule_id, from_offence),
    FOREIGN KEY (branch_id, rule_id) REFERENCES rule,
    CHECK (measure = 'fine' OR (money_min IS NULL AND money_max IS NULL))
);

CREATE TABLE rule_acknowledgement (
    branch_id uuid NOT NULL,
    rule_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    stage text NOT NULL CHECK (stage IN ('consultation', 'notice')),
    comment text,
    at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, rule_id, staff_id, stage),
    FOREIGN KEY (branch_id, rule_id) REFERENCES rule
);

-- The general ladder for what no particular clause names: first minor offence a warning, repeated or serious up the ladder.
CREATE TABLE ladder_step (
    branch_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    severity text NOT NULL CHECK (severity IN ('minor', 'serious', 'grave')),
    from_offence bigint NOT NULL CHECK (from_offence BETWEEN 1 AND 20),
    measure text NOT NULL,
    points bigint CHECK (points >= 0),
    PRIMARY KEY (branch_id, severity, from_offence)
);
INSERT INTO ladder_step (severity, from_offence, measure, points) VALUES
    ('minor', 1, 'oral_warning', NULL),
    ('minor', 2, 'written_warning', NULL),
    ('minor', 3, 'points', 5),
    ('minor', 4, 'demotion', NULL),
    ('minor', 5, 'dismissal', NULL),
    ('serious', 1, 'written_warning', NULL),
    ('serious', 2, 'points', 10),
    ('serious', 3, 'suspension', NULL),
    ('serious', 4, 'dismissal', NULL),
    ('grave', 1, 'dismissal', NULL);

-- Every rule event that came, once for each person it names: what it led to, and why when it led to nothing.
CREATE TABLE act (
    branch_id uuid NOT NULL,
    event_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    producer text NOT NULL,
    number bigint NOT NULL,
    event text NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    body text NOT NULL, -- JSON, masked
    outcome text NOT NULL CHECK (outcome IN ('waiting', 'opened', 'no_rule', 'not_bound')),
    PRIMARY KEY (branch_id, event_id, staff_id)
);
CREATE INDEX act_waiting ON act (received_at) WHERE outcome = 'waiting';
CREATE INDEX act_by_event ON act (event_id);

CREATE TABLE conduct_case (
    branch_id uuid NOT NULL, -- of the person concerned
    case_id uuid NOT NULL,
    number text NOT NULL,
    staff_id uuid NOT NULL,
    rule_id uuid NOT NULL, -- the version in force when it happened
    rule_code text NOT NULL,
    rule_version bigint NOT NULL,
    event text,
    event_id uuid,
    occurred_at timestamptz NOT NULL,
    opened_at timestamptz NOT NULL,
    opened_by uuid, -- NULL: by the event
    what text,
    status text NOT NULL CHECK (status IN ('opened', 'stated', 'proposed', 'decided', 'appealed', 'executed', 'expired', 'closed')),
    statement text,
    statement_due_at timestamptz,
    stated_at timestamptz,
    proposed_by uuid,
    proposed_at timestamptz,
    proposed_measure text,
    proposed_money bigint CHECK (proposed_money >= 0),
    proposed_points bigint CHECK (proposed_points >= 0),
    proposal_reason text,
    offence bigint CHECK (offence >= 1),
    decided_at timestamptz,
    measure text,
    nominal bigint NOT NULL DEFAULT 0 CHECK (nominal >= 0), -- the fine as decided, in fen
    points bigint NOT NULL DEFAULT 0 CHECK (points >= 0),
    money bigint NOT NULL DEFAULT 0 CHECK (money >= 0), -- what is really taken
    objection_due_at timestamptz,
    fine_month date, -- the month whose fines its money counts among
    appeal text,
    appealed_at timestamptz,
    appeal_outcome text CHECK (appeal_outcome IN ('upheld', 'changed', 'annulled')),
    appeal_answer text,
    appeal_decided_by uuid,
    executed_by uuid,
    executed_at timestamptz,
    execution_note text,
    expires_at timestamptz,
    PRIMARY KEY (branch_id, case_id),
    UNIQUE (branch_id, number),
    UNIQUE (branch_id, event_id, rule_code, staff_id),
    CHECK (opened_by IS NOT NULL OR event_id IS NOT NULL),
    CHECK (opened_by IS DISTINCT FROM staff_id OR opened_by IS NULL),
    CHECK (proposed_by IS DISTINCT FROM staff_id OR proposed_by IS NULL),
    CHECK (appeal_decided_by IS DISTINCT FROM staff_id OR appeal_decided_by IS NULL),
    CHECK (executed_by IS DISTINCT FROM staff_id OR executed_by IS NULL),
    CHECK ((status IN ('decided', 'appealed', 'executed', 'expired', 'closed')) = (decided_at IS NOT NULL)),
    CHECK ((decided_at IS NOT NULL) = (measure IS NOT NULL)),
    CHECK (status <> 'closed' OR (points = 0 AND money = 0)),
    CHECK ((status IN ('executed', 'expired')) = (executed_at IS NOT NULL))
);
CREATE INDEX conduct_case_by_person ON conduct_case (staff_id, case_id);
CREATE INDEX conduct_case_by_event ON conduct_case (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX conduct_case_by_status ON conduct_case (branch_id, status, case_id);
CREATE INDEX conduct_case_by_rule ON conduct_case (branch_id, rule_code, case_id);
CREATE INDEX conduct_case_expiring ON conduct_case (expires_at) WHERE status = 'executed';

CREATE TABLE evidence (
    branch_id uuid NOT NULL,
    case_id uuid NOT NULL,
    evidence_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('event', 'audit', 'note')),
    producer text,
    event text,
    event_id uuid,
    event_branch_id uuid,
    event_number bigint,
    audit_id uuid, -- in the audit log of the service that producer names
    occurred_at timestamptz,
    body text, -- the event's body, JSON, masked
    note text,
    added_by uuid, -- NULL: by the event itself
    added_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, case_id, evidence_id),
    FOREIGN KEY (branch_id, case_id) REFERENCES conduct_case,
    CHECK (event_id IS NOT NULL OR event IS NOT NULL OR audit_id IS NOT NULL OR note IS NOT NULL)
);
COMMENT ON TABLE evidence IS 'insert-only: what was put before the person stays';
CREATE INDEX evidence_by_event ON evidence (event_id) WHERE event_id IS NOT NULL;

-- What was taken from a person in money in a month (date: its first day); kept under the cap.
CREATE TABLE fine_month (
    branch_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    month date NOT NULL,
    money bigint NOT NULL CHECK (money >= 0),
    PRIMARY KEY (branch_id, staff_id, month)
);

-- What each decider decided. A decision that another decider did not follow does not stand.
CREATE TABLE case_decision (
    branch_id uuid NOT NULL,
    case_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    decider_id uuid NOT NULL,
    is_general_manager boolean NOT NULL,
    measure text NOT NULL,
    nominal bigint NOT NULL CHECK (nominal >= 0),
    points bigint NOT NULL CHECK (points >= 0),
    monthly_wage bigint CHECK (monthly_wage >= 0),
    reason text,
    at timestamptz NOT NULL,
    stands boolean NOT NULL DEFAULT true,
    PRIMARY KEY (branch_id, case_id, decision_id),
    FOREIGN KEY (branch_id, case_id) REFERENCES conduct_case
);
-- Nobody counts twice.
CREATE UNIQUE INDEX case_decision_once ON case_decision (branch_id, case_id, decider_id) WHERE stands;

INSERT INTO approval_chain (kind, step, function) VALUES ('rule', 1, 'general_manager');

CALL protect('rule', 'rule_step', 'rule_acknowledgement', 'act', 'conduct_case', 'evidence', 'fine_month', 'case_decision');
