-- What a month's fines add up to is what its cases took (P2).
SELECT coalesce(m.branch_id, k.branch_id) AS branch_id, coalesce(m.staff_id, k.staff_id) AS staff_id, coalesce(m.month, k.month) AS month,
       m.money AS kept, k.money AS taken
  FROM discipline.fine_month m
  FULL JOIN (SELECT branch_id, staff_id, fine_month AS month, sum(money) AS money FROM discipline.conduct_case
              WHERE fine_month IS NOT NULL GROUP BY branch_id, staff_id, fine_month) k
    ON k.branch_id = m.branch_id AND k.staff_id = m.staff_id AND k.month = m.month
 WHERE coalesce(m.money, 0) <> coalesce(k.money, 0);
