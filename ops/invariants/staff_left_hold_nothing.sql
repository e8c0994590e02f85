-- Who has left has no session, no deputy, no subordinate and no open clock (S4).
SELECT p.staff_id, p.name FROM staff.person p
 WHERE p.status = 'left'
   AND (EXISTS (SELECT FROM staff.session s WHERE s.staff_id = p.staff_id AND s.closed_at IS NULL)
        OR EXISTS (SELECT FROM staff.person u WHERE u.superior_id = p.staff_id AND u.status <> 'left')
        OR EXISTS (SELECT FROM staff.departure d JOIN staff.deputy y ON p.staff_id IN (y.staff_id, y.deputy_id)
                    WHERE d.staff_id = p.staff_id AND NOT d.is_transfer AND y.until_date >= y.from_date AND y.until_date >= (d.left_at AT TIME ZONE 'Asia/Shanghai')::date)
        OR EXISTS (SELECT FROM staff.deadline d WHERE d.owner_id = p.staff_id AND d.status <> 'stopped')
        OR NOT EXISTS (SELECT FROM staff.departure d WHERE d.staff_id = p.staff_id AND NOT d.is_transfer));
