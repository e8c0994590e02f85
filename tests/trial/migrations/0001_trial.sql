CREATE TABLE account (
    branch_id uuid NOT NULL,
    account_id uuid NOT NULL,
    balance bigint NOT NULL CHECK (balance >= 0),
    phone text,
    PRIMARY KEY (branch_id, account_id)
);
CREATE TABLE payment (
    branch_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    account_id uuid NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (branch_id, payment_id)
);
CREATE TABLE effect (
    branch_id uuid NOT NULL,
    effect_id uuid NOT NULL,
    account_id uuid NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (branch_id, effect_id)
);
-- What a statement of a call leaves, in the order in which it was carried out.
CREATE TABLE trace (
    branch_id uuid NOT NULL,
    place bigserial NOT NULL,
    word text NOT NULL UNIQUE DEFERRABLE INITIALLY IMMEDIATE,
    PRIMARY KEY (branch_id, place)
);
CALL protect('account', 'payment', 'effect', 'trace');
