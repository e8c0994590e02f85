-- A customer's telephone and licence number are held by that customer and nobody else (L4).
SELECT c.branch_id, c.customer_id, k.kind FROM leads.customer c
  CROSS JOIN LATERAL (VALUES ('phone', c.phone), ('licence', c.licence_number)) AS k(kind, value)
  LEFT JOIN leads.customer_key h ON h.kind = k.kind AND h.value = k.value AND h.customer_id = c.customer_id
 WHERE k.value IS NOT NULL AND h.customer_id IS NULL;
