CREATE TABLE IF NOT EXISTS migration (
    name text PRIMARY KEY,
    checksum text NOT NULL, -- SHA-256 of the file, hexadecimal
    at timestamptz NOT NULL DEFAULT now()
);
