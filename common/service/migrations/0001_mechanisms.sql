-- What every service stands on: row-level security by branch, events out and in, idempotency, audit, jobs, settings.

-- The second net under the branches (the first is in every statement): a transaction sees the branches named in songda.branches, or all where
-- it is '*' (events, jobs, sign-in). The subqueries are evaluated once per statement, not per row.
CREATE PROCEDURE protect(VARIADIC tables text[]) LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY tables LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY branches ON %I USING ((SELECT current_setting(''songda.branches'', true) = ''*'')'
            ' OR branch_id = ANY ((SELECT string_to_array(current_setting(''songda.branches'', true), '','')::uuid[]'
            ' WHERE current_setting(''songda.branches'', true) <> ''*'')::uuid[]))', name);
    END LOOP;
END $$;

-- Events out. Numbers are gapless per branch: the counter's row is locked last and held until the commit.
CREATE TABLE outbox_counter (
    branch_id uuid NOT NULL PRIMARY KEY,
    number bigint NOT NULL CHECK (number >= 0)
) WITH (fillfactor = 50);

CREATE TABLE outbox (
    branch_id uuid NOT NULL,
    number bigint NOT NULL,
    event text NOT NULL,
    event_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    actor_id uuid, -- NULL: the system
    aggregate_id uuid,
    trace text NOT NULL,
    body bytea NOT NULL, -- MessagePack by the event's shape
    PRIMARY KEY (branch_id, number)
);

-- How far each consumer is: nothing above the slowest may be pruned.
CREATE TABLE outbox_consumer (
    branch_id uuid NOT NULL,
    consumer text NOT NULL,
    number bigint NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, consumer)
);

-- Events in: the number of the last event of the producer's branch whose effect is here.
CREATE TABLE inbox_position (
    branch_id uuid NOT NULL,
    producer text NOT NULL,
    number bigint NOT NULL CHECK (number >= 0),
    PRIMARY KEY (branch_id, producer)
) WITH (fillfactor = 50);

-- Events whose effect definitely failed, and those of the same aggregate that wait behind them.
CREATE TABLE inbox_parked (
    branch_id uuid NOT NULL,
    producer text NOT NULL,
    number bigint NOT NULL,
    event text NOT NULL,
    event_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    actor_id uuid,
    aggregate_id uuid,
    trace text NOT NULL,
    body bytea NOT NULL,
    error text, -- NULL: it waits behind another
    error_value text,
    parked_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, producer, number)
);
CREATE INDEX inbox_parked_aggregate ON inbox_parked (branch_id, producer, aggregate_id);

-- What was answered to a key, so that a repeated request is not carried out twice.
CREATE TABLE idempotency (
    branch_id uuid NOT NULL,
    key uuid NOT NULL,
    hash bytea NOT NULL, -- BLAKE2b of operation, actor and request
    reply bytea,
    error text,
    error_value text,
    error_field text,
    at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, key)
);
CREATE INDEX idempotency_at ON idempotency USING brin (at);

CREATE TABLE audit (
    branch_id uuid NOT NULL,
    audit_id uuid NOT NULL,
    at timestamptz NOT NULL,
    staff_id uuid, -- NULL: the system, or nobody yet (sign-in)
    session_id uuid,
    operation text NOT NULL,
    object_id uuid,
    request bytea NOT NULL, -- MessagePack by the request's shape, masked
    before text,            -- JSON, masked
    outcome text NOT NULL,  -- ok, or the error's name
    trace text NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (branch_id, audit_id)
);
COMMENT ON TABLE audit IS 'insert-only: nobody changes what was recorded';
CREATE INDEX audit_order ON audit (xid, audit_id);
CREATE INDEX audit_object ON audit (object_id, audit_id) WHERE object_id IS NOT NULL;

-- The chain: hash = SHA-256(previous hash of the branch, the row). Written behind the commit horizon by the job audit_seal.
CREATE TABLE audit_seal (
    branch_id uuid NOT NULL,
    number bigint NOT NULL,
    audit_id uuid NOT NULL,
    xid xid8 NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, number)
);
COMMENT ON TABLE audit_seal IS 'insert-only: a chain is only ever made longer';
CREATE INDEX audit_seal_order ON audit_seal (xid, audit_id);

CREATE TABLE job (
    name text PRIMARY KEY,
    next_run timestamptz NOT NULL
);

-- Versions of settings; the company's stand under headquarters.
CREATE TABLE setting (
    branch_id uuid NOT NULL,
    setting_id uuid NOT NULL,
    name text NOT NULL,
    number bigint,
    text text,
    valid_from timestamptz NOT NULL,
    changed_by uuid,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (branch_id, setting_id),
    CHECK ((number IS NULL) <> (text IS NULL))
);
CREATE INDEX setting_valid ON setting (name, branch_id, valid_from);

CALL protect('outbox_counter', 'outbox', 'outbox_consumer', 'inbox_position', 'inbox_parked', 'idempotency', 'audit',
             'audit_seal', 'setting');
