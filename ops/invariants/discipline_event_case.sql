-- An event's case has that event as evidence, and an act that opened cases has one (P4).
SELECT k.case_id, k.event_id, 'no evidence' AS missing
  FROM discipline.conduct_case k
 WHERE k.opened_by IS NULL
   AND NOT EXISTS (SELECT 1 FROM discipline.evidence e WHERE e.branch_id = k.branch_id AND e.case_id = k.case_id AND e.event_id = k.event_id)
UNION ALL
SELECT NULL, a.event_id, 'no case'
  FROM discipline.act a
 WHERE a.outcome = 'opened'
   AND NOT EXISTS (SELECT 1 FROM discipline.conduct_case k WHERE k.event_id = a.event_id AND k.staff_id = a.staff_id);
