-- Nobody is punished without a human decision (X1): a measure stands only with a decider, two different ones for fines and dismissal, the
-- general manager among those of a dismissal, and never the person concerned.
SELECT k.case_id, k.number, k.staff_id, k.measure, count(DISTINCT d.decider_id) AS deciders
  FROM discipline.conduct_case k
  LEFT JOIN discipline.case_decision d ON d.branch_id = k.branch_id AND d.case_id = k.case_id AND d.stands
 WHERE k.measure IS NOT NULL
 GROUP BY k.branch_id, k.case_id, k.number, k.staff_id, k.measure, k.appeal_outcome
HAVING count(DISTINCT d.decider_id) < CASE WHEN k.measure IN ('fine', 'dismissal') AND k.appeal_outcome IS DISTINCT FROM 'changed' THEN 2 ELSE 1 END
    OR (k.measure = 'dismissal' AND NOT bool_or(coalesce(d.is_general_manager, false)))
    OR bool_or(d.decider_id = k.staff_id);
