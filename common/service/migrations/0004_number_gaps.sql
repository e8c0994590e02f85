-- Missing document numbers, found in the night after (policy B1, D5): once each, with the explanation when somebody gave one.
CREATE TABLE number_gap (
    branch_id uuid NOT NULL,
    kind text NOT NULL,
    year bigint NOT NULL,
    number bigint NOT NULL,
    lease_id uuid NOT NULL,
    found_at timestamptz NOT NULL,
    explanation text,
    explained_by uuid,
    explained_at timestamptz,
    PRIMARY KEY (branch_id, kind, year, number),
    FOREIGN KEY (branch_id, lease_id) REFERENCES number_lease,
    CHECK ((explanation IS NULL) = (explained_by IS NULL)),
    CHECK ((explanation IS NULL) = (explained_at IS NULL))
);
CALL protect('number_gap');

-- Ranges in which nothing more can turn out to be missing are not looked through again.
ALTER TABLE number_lease ADD COLUMN checked_at timestamptz;
CREATE INDEX number_lease_unchecked ON number_lease (branch_id) WHERE checked_at IS NULL;
