-- What goes in comes out again, of every type.

-- value_echo: one
-- columns: id uuid?, word text?, number bigint?, flag bool?, at timestamptz?, day date?, raw bytea?
SELECT :id::uuid AS id, :word::text AS word, :number::bigint? AS number, :flag::bool? AS flag, :at::timestamptz AS at,
       :day::date AS day, :raw::bytea AS raw;

-- list_echo: one
-- columns: ids uuid[], words text[], numbers bigint[]
SELECT :ids::uuid[] AS ids, :words::text[] AS words, :numbers::bigint[] AS numbers;

-- text_of: one
-- columns: at text, day text, id text
SELECT to_char(:at::timestamptz, 'YYYY-MM-DD HH24:MI:SS.US') AS at, to_char(:day::date, 'YYYY-MM-DD') AS day,
       (:id::uuid)::text AS id;
