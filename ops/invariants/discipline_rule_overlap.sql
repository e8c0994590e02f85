-- At any moment at most one version of a rule is in force, and a case cites the version that was in force when it happened (P1, X1).
SELECT a.code, a.version, b.version AS other_version, NULL::uuid AS case_id
  FROM discipline.rule a
  JOIN discipline.rule b ON b.branch_id = a.branch_id AND b.code = a.code AND b.version > a.version
   AND tstzrange(a.valid_from, a.valid_until) && tstzrange(b.valid_from, b.valid_until)
 WHERE a.valid_from IS NOT NULL AND b.valid_from IS NOT NULL
UNION ALL
SELECT k.rule_code, k.rule_version, NULL, k.case_id
  FROM discipline.conduct_case k
 WHERE NOT EXISTS (SELECT 1 FROM discipline.rule r
                    WHERE r.rule_id = k.rule_id AND r.code = k.rule_code AND r.version = k.rule_version AND r.valid_from <= k.occurred_at
                      AND (r.valid_until IS NULL OR r.valid_until > k.occurred_at));
