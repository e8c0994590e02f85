-- After-sales (policy A): requests from the telephone call to the satisfied customer.

CREATE TABLE customer (
    branch_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    name text NOT NULL,
    owner_id uuid,
    PRIMARY KEY (branch_id, customer_id)
);

CREATE TABLE equipment (
    branch_id uuid NOT NULL,
    serial_number text NOT NULL,
    customer_id uuid NOT NULL,
    installed_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, serial_number)
);

CREATE TABLE service_case (
    branch_id uuid NOT NULL,
    case_id uuid NOT NULL,
    number text NOT NULL,
    customer_id uuid NOT NULL,
    class text NOT NULL CHECK (class IN ('quality', 'installation', 'use', 'delivery', 'billing', 'complaint')),
    priority text NOT NULL CHECK (priority IN ('normal', 'urgent', 'critical')),
    status text NOT NULL CHECK (status IN ('requested', 'confirmed', 'rejected', 'formed', 'working', 'solved', 'surveyed')),
    is_complex boolean NOT NULL DEFAULT false,
    is_overdue boolean NOT NULL DEFAULT false,
    due_at timestamptz,
    summary text NOT NULL,
    contact text,
    phone text,
    serial_number text,
    about_staff_id uuid,
    opened_by uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    confirmed_by uuid,
    technician_id uuid,
    answered_at timestamptz,
    handling text,
    result text,
    cause text,
    solved_at timestamptz,
    score bigint CHECK (score BETWEEN 1 AND 5),
    survey_text text,
    needs_call_back boolean NOT NULL DEFAULT false,
    manager_saw_at timestamptz,
    representative_saw_at timestamptz,
    PRIMARY KEY (branch_id, case_id),
    UNIQUE (branch_id, number),
    CHECK ((status = 'surveyed') = (score IS NOT NULL)),
    CHECK (status NOT IN ('working', 'solved', 'surveyed') OR technician_id IS NOT NULL),
    CHECK (technician_id IS DISTINCT FROM about_staff_id OR about_staff_id IS NULL)
);
CREATE INDEX service_case_by_customer ON service_case (branch_id, customer_id, case_id);
CREATE INDEX service_case_by_status ON service_case (branch_id, status, case_id);
CREATE INDEX service_case_by_technician ON service_case (branch_id, technician_id, case_id);

CREATE TABLE service_form (
    branch_id uuid NOT NULL,
    case_id uuid NOT NULL,
    filled_by uuid NOT NULL,
    filled_at timestamptz NOT NULL,
    problem text NOT NULL,
    place text NOT NULL,
    contact text NOT NULL,
    phone text NOT NULL,
    wanted_at timestamptz,
    equipment text,
    PRIMARY KEY (branch_id, case_id),
    FOREIGN KEY (branch_id, case_id) REFERENCES service_case
);

CREATE TABLE case_note (
    branch_id uuid NOT NULL,
    case_id uuid NOT NULL,
    note_id uuid NOT NULL,
    at timestamptz NOT NULL,
    staff_id uuid,
    kind text NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (branch_id, case_id, note_id),
    FOREIGN KEY (branch_id, case_id) REFERENCES service_case
);
