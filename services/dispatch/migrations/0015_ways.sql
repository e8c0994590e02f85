-- How far it is between places, as the branch's file or server of distances says: found out by workers, read by everything that reckons a way.
CREATE TABLE way_source (
    branch_id uuid NOT NULL PRIMARY KEY,
    revision bigint NOT NULL, -- another one whenever what is below is another: then nothing found before holds
    server text NOT NULL,     -- the settings
    file text NOT NULL,
    stamp text NOT NULL,      -- the file's size and time of change
    wrong text,               -- why the file is not used
    is_lost bool NOT NULL DEFAULT false -- the server gave no answer when it was asked last
);
CREATE TABLE way (
    branch_id uuid NOT NULL,
    from_place bigint NOT NULL, -- plan_place_key()
    to_place bigint NOT NULL,
    metres integer, -- NULL: asked for, and not known
    seconds integer,
    asked_on date NOT NULL,
    PRIMARY KEY (branch_id, from_place, to_place),
    CHECK ((metres IS NULL) = (seconds IS NULL))
);
CALL protect('way_source', 'way');
