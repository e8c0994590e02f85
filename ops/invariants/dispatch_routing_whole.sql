-- D4: a planning run that has its plan names every order once: what is planned and what is left out add up, and so do its routes.
SELECT r.run_id, r.stops, r.unplanned, v.planned, v.left_out, c.stops AS on_crews
  FROM dispatch.routing_run r
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE v.place IS NOT NULL) AS planned, count(*) FILTER (WHERE v.place IS NULL) AS left_out
                       FROM dispatch.routing_visit v WHERE v.branch_id = r.branch_id AND v.run_id = r.run_id) v
 CROSS JOIN LATERAL (SELECT coalesce(sum(c.stops), 0) AS stops
                       FROM dispatch.routing_crew c WHERE c.branch_id = r.branch_id AND c.run_id = r.run_id) c
 WHERE (r.status IN ('done', 'accepted') AND (r.stops <> v.planned OR r.unplanned <> v.left_out OR r.stops <> c.stops))
    OR (r.status IN ('queued', 'running', 'failed') AND v.planned + v.left_out > 0);
