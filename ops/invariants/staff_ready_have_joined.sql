-- Only who signed the agreement, passed the induction and is in the groups is ready; the founder is (S3).
SELECT p.staff_id, p.name FROM staff.person p
 WHERE p.is_ready AND p.staff_id NOT IN (SELECT administrator_id FROM staff.company)
   AND (SELECT count(*) FROM staff.onboarding o WHERE o.staff_id = p.staff_id) <> 3;
