-- A person's count of open leads is the number of open leads they own (L3).
SELECT branch_id, staff_id, l.open_leads, c.owned
  FROM leads.owner_load l
  FULL JOIN (SELECT branch_id, owner_id AS staff_id, count(*) AS owned FROM leads.customer
              WHERE owner_id IS NOT NULL AND stage IN ('lead', 'visit', 'needs', 'proposal') GROUP BY branch_id, owner_id) c USING (branch_id, staff_id)
 WHERE COALESCE(l.open_leads, 0) <> COALESCE(c.owned, 0);
