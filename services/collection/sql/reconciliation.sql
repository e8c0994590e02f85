-- route_total_insert: write
INSERT INTO route_total (branch_id, route_id, driver_id, business_date, delivered_amount)
VALUES (:branch_id::uuid, :route_id::uuid, :driver_id::uuid, :business_date::date, :delivered_amount::bigint)
ON CONFLICT DO NOTHING;

-- day_figures_list: many
-- columns: day_figures
SELECT b.branch_id, :business_date::date AS business_date,
       (COALESCE((SELECT sum(t.delivered_amount) FROM route_total t WHERE t.branch_id = b.branch_id AND t.business_date = :business_date::date), 0)
        + COALESCE((SELECT sum(r.amount) FROM receivable r WHERE r.branch_id = b.branch_id AND r.business_date = :business_date::date
                     AND NOT EXISTS (SELECT 1 FROM route_total t WHERE t.branch_id = r.branch_id AND t.route_id = r.route_id)), 0))::bigint AS delivered,
       COALESCE((SELECT sum(r.amount) FROM receivable r WHERE r.branch_id = b.branch_id AND r.business_date = :business_date::date), 0)::bigint AS receivable,
       COALESCE((SELECT sum(n.amount) FROM credit_note n WHERE n.branch_id = b.branch_id AND n.business_date = :business_date::date), 0)::bigint AS returned,
       COALESCE((SELECT sum(p.amount) FROM receipt p WHERE p.branch_id = b.branch_id AND p.business_date = :business_date::date
                  AND p.status = 'valid'), 0)::bigint AS received,
       (COALESCE((SELECT sum(p.amount) FROM receipt p LEFT JOIN remittance m ON m.branch_id = p.branch_id AND m.remittance_id = p.remittance_id
                   WHERE p.branch_id = b.branch_id AND p.business_date = :business_date::date AND p.status = 'valid' AND p.method IN ('cash', 'cheque')
                     AND (NOT p.must_be_remitted OR m.status = 'accepted')), 0)
        + COALESCE((SELECT sum(m.counted - m.expected) FROM remittance m WHERE m.branch_id = b.branch_id AND m.business_date = :business_date::date
                     AND m.status = 'accepted'), 0))::bigint AS remitted,
       COALESCE((SELECT sum(e.amount) FROM bank_entry e WHERE e.branch_id = b.branch_id AND e.business_date = :business_date::date), 0)::bigint AS banked,
       COALESCE((SELECT sum(g.amount) FROM posting g WHERE g.branch_id = b.branch_id AND g.account = 'receivable'
                  AND g.business_date <= :business_date::date), 0)::bigint AS outstanding,
       COALESCE(c.differences, 0) AS differences, c.reconciled_at IS NOT NULL AS is_reconciled, c.reconciled_at,
       (SELECT max(j.posted_at) FROM journal j WHERE j.branch_id = b.branch_id) AS as_of
  FROM unnest(:branches::uuid[]) AS b(branch_id)
  LEFT JOIN reconciliation c ON c.branch_id = b.branch_id AND c.business_date = :business_date::date
 ORDER BY b.branch_id LIMIT 200;

-- difference_find: many
-- columns: kind difference_kind, amount bigint, reference_id uuid?, person_id uuid?
SELECT 'route_receivable' AS kind, (t.delivered_amount - COALESCE(sum(r.amount), 0))::bigint AS amount, t.route_id AS reference_id, t.driver_id AS person_id
  FROM route_total t LEFT JOIN receivable r ON r.branch_id = t.branch_id AND r.route_id = t.route_id
 WHERE t.branch_id = :branch_id::uuid AND t.business_date = :business_date::date
 GROUP BY t.route_id, t.driver_id, t.delivered_amount
HAVING t.delivered_amount <> COALESCE(sum(r.amount), 0)
 UNION ALL
SELECT 'cash_not_remitted', sum(p.amount)::bigint, NULL, p.collector_id
  FROM receipt p LEFT JOIN remittance m ON m.branch_id = p.branch_id AND m.remittance_id = p.remittance_id
 WHERE p.branch_id = :branch_id::uuid AND p.business_date = :business_date::date AND p.status = 'valid' AND p.must_be_remitted
   AND m.status IS DISTINCT FROM 'accepted'
 GROUP BY p.collector_id
 UNION ALL
SELECT CASE WHEN m.counted < m.expected THEN 'remittance_short' ELSE 'remittance_over' END, m.counted - m.expected, m.remittance_id, m.driver_id
  FROM remittance m
 WHERE m.branch_id = :branch_id::uuid AND m.business_date = :business_date::date AND m.status = 'accepted' AND m.counted <> m.expected
 UNION ALL
SELECT CASE WHEN x.received > x.banked THEN 'bank_missing' ELSE 'bank_surplus' END, x.received - x.banked, NULL, NULL
  FROM (SELECT way.method,
               COALESCE((SELECT sum(p.amount) FROM receipt p WHERE p.branch_id = :branch_id::uuid AND p.business_date = :business_date::date
                          AND p.status = 'valid' AND p.method = way.method), 0)::bigint AS received,
               COALESCE((SELECT sum(e.amount) FROM bank_entry e WHERE e.branch_id = :branch_id::uuid AND e.business_date = :business_date::date
                          AND e.method = way.method), 0)::bigint AS banked
          FROM (VALUES ('transfer'), ('wechat'), ('alipay')) AS way(method)) x
 WHERE x.received <> x.banked
 LIMIT 200;

-- difference_insert: write
INSERT INTO difference (branch_id, business_date, line_id, kind, amount, reference_id, person_id)
VALUES (:branch_id::uuid, :business_date::date, :line_id::uuid, :kind::difference_kind, :amount::bigint, :reference_id::uuid, :person_id::uuid)
ON CONFLICT DO NOTHING;

-- difference_drop_settled: write
DELETE FROM difference WHERE branch_id = :branch_id::uuid AND business_date = :business_date::date AND line_id <> ALL(:lines::uuid[]);

-- difference_list: many
-- columns: difference_row
SELECT line_id, kind, amount, reference_id, person_id, owner_id, explanation FROM difference
 WHERE branch_id = :other_branch_id::uuid AND business_date = :business_date::date ORDER BY line_id LIMIT 200;

-- difference_lock: one
-- columns: branch_id uuid, business_date date
SELECT branch_id, business_date FROM difference WHERE branch_id = ANY(:scope::uuid[]) AND line_id = :line_id::uuid
   FOR UPDATE;

-- difference_explain: write
UPDATE difference SET owner_id = :owner_id::uuid, explanation = :explanation::text
 WHERE branch_id = :branch_id::uuid AND business_date = :business_date::date AND line_id = :line_id::uuid;

-- reconciliation_save: write
INSERT INTO reconciliation (branch_id, business_date, reconciliation_id, delivered, receivable, returned, received, remitted, banked, outstanding,
                            differences, reconciled_by, reconciled_at)
VALUES (:branch_id::uuid, :business_date::date, :reconciliation_id::uuid, :delivered::bigint, :receivable::bigint, :returned::bigint, :received::bigint,
        :remitted::bigint, :banked::bigint, :outstanding::bigint, :differences::bigint, :actor_id::uuid, :now::timestamptz)
ON CONFLICT (branch_id, business_date) DO UPDATE SET reconciliation_id = EXCLUDED.reconciliation_id, delivered = EXCLUDED.delivered,
       receivable = EXCLUDED.receivable, returned = EXCLUDED.returned, received = EXCLUDED.received, remitted = EXCLUDED.remitted,
       banked = EXCLUDED.banked, outstanding = EXCLUDED.outstanding, differences = EXCLUDED.differences, reconciled_by = EXCLUDED.reconciled_by,
       reconciled_at = EXCLUDED.reconciled_at;
