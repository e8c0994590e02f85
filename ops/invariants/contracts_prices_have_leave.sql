-- No quotation was shown with a price that needs more leave than it was granted (C2).
SELECT q.branch_id, q.quotation_id, q.leave, q.granted
  FROM contracts.quotation q
 WHERE q.status = 'presented'
   AND array_position(ARRAY['none', 'discount', 'floor'], q.leave) > array_position(ARRAY['none', 'discount', 'floor'], q.granted)
UNION ALL
SELECT l.branch_id, l.quotation_id, l.leave, q.leave
  FROM contracts.quotation_line l JOIN contracts.quotation q USING (branch_id, quotation_id)
 WHERE array_position(ARRAY['none', 'discount', 'floor'], l.leave) > array_position(ARRAY['none', 'discount', 'floor'], q.leave);
