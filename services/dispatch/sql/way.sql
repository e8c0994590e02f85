-- How far it is between places, as far as workers found it out.

-- way_source: one
-- columns: server text, file text, wrong text?, is_lost bool
SELECT server, file, wrong, is_lost FROM way_source WHERE branch_id = :branch_id;

-- Of these ways, those that are known.
-- ways_along: many
-- columns: from_place bigint, to_place bigint, metres bigint, seconds bigint
SELECT w.from_place, w.to_place, w.metres::bigint, w.seconds::bigint
  FROM unnest(:from_places::bigint[], :to_places::bigint[]) n (from_place, to_place)
  JOIN way w ON w.branch_id = :branch_id::uuid AND w.from_place = n.from_place AND w.to_place = n.to_place
 WHERE w.metres IS NOT NULL;

-- Those between any two of the places that were asked for; -1: and not known.
-- ways_between: many
-- columns: from_place bigint, to_place bigint, metres bigint, seconds bigint
SELECT from_place, to_place, coalesce(metres, -1)::bigint, coalesce(seconds, -1)::bigint FROM way
 WHERE branch_id = :branch_id::uuid AND from_place = ANY(:places::bigint[]) AND to_place = ANY(:places::bigint[]);

-- What a worker does. Whoever changes the source or writes what it found holds its row.
-- way_source_start: write
INSERT INTO way_source (branch_id, revision, server, file, stamp) VALUES (:branch_id::uuid, 0, '', '', '')
    ON CONFLICT (branch_id) DO NOTHING;

-- way_source_lock: one
-- columns: revision bigint, server text, file text, stamp text
SELECT revision, server, file, stamp FROM way_source WHERE branch_id = :branch_id::uuid FOR UPDATE;

-- way_source_change: write
UPDATE way_source SET revision = :revision::bigint, server = :server::text, file = :file::text, stamp = :stamp::text, wrong = NULL,
       is_lost = false
 WHERE branch_id = :branch_id::uuid;

-- way_source_tell: write
UPDATE way_source SET wrong = :wrong::text, is_lost = :is_lost::bool WHERE branch_id = :branch_id::uuid;

-- ways_drop: write
DELETE FROM way WHERE branch_id = :branch_id::uuid;

-- ways_forget: write
DELETE FROM way WHERE branch_id = :branch_id::uuid AND asked_on < :before::date;

-- way_put: write
INSERT INTO way (branch_id, from_place, to_place, metres, seconds, asked_on)
SELECT :branch_id::uuid, :from_place::bigint, n.to_place, nullif(n.metres, -1), nullif(n.seconds, -1), :today::date
  FROM unnest(:to_places::bigint[], :metres::bigint[], :seconds::bigint[]) n (to_place, metres, seconds)
    ON CONFLICT (branch_id, from_place, to_place) DO UPDATE
   SET metres = EXCLUDED.metres, seconds = EXCLUDED.seconds, asked_on = EXCLUDED.asked_on;

-- Branches in which anything could have to be found out.
-- way_branches: many
-- columns: branch_id uuid
SELECT DISTINCT branch_id FROM depot
 WHERE is_active AND EXISTS (SELECT FROM setting WHERE name IN ('travel_server', 'travel_file') AND text <> '')
 ORDER BY branch_id;

-- Where vehicles start, and where they may be sent these days.
-- way_places: many
-- columns: site_id uuid, latitude_e7 bigint?, longitude_e7 bigint?
SELECT d.depot_id, d.latitude_e7, d.longitude_e7 FROM depot d WHERE d.branch_id = :branch_id::uuid AND d.is_active
UNION ALL
SELECT * FROM (SELECT DISTINCT a.address_id, a.latitude_e7, a.longitude_e7
                 FROM customer_order o
                 JOIN address a ON a.branch_id = o.branch_id AND a.address_id = o.address_id
                WHERE o.branch_id = :branch_id::uuid AND o.delivery_date >= :since::date
                  AND o.status IN ('awaiting_review', 'awaiting_approval', 'awaiting_acceptance', 'ready', 'listed', 'planned')
                LIMIT :limit::bigint) s
 ORDER BY 1;

-- Whether anybody waits for a plan.
-- routing_queued: one
-- columns: run_id uuid
SELECT run_id FROM routing_run WHERE status = 'queued' LIMIT 1;
