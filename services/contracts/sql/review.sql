-- clause_find: one
-- columns: title text
SELECT title FROM template_clause
 WHERE branch_id = :company_id::uuid AND template_id = :template_id::uuid AND version = :version::bigint AND clause = :clause::bigint;

-- review_put: write
INSERT INTO contract_review (branch_id, contract_id, version, clause, is_ok, remark, reviewer_id, reviewed_at)
VALUES (:branch_id::uuid, :contract_id::uuid, :version::bigint, :clause::bigint, :is_ok::bool, :remark::text, :actor_id::uuid, :now::timestamptz)
    ON CONFLICT (branch_id, contract_id, version, clause) DO UPDATE
   SET is_ok = EXCLUDED.is_ok, remark = EXCLUDED.remark, reviewer_id = EXCLUDED.reviewer_id, reviewed_at = EXCLUDED.reviewed_at;

-- review_clear: write
DELETE FROM contract_review WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint;

-- review_drop_of: write
DELETE FROM contract_review
 WHERE branch_id = :branch_id::uuid AND contract_id = :contract_id::uuid AND version = :version::bigint AND reviewer_id = :reviewer_id::uuid;

-- review_open: many
-- columns: clause bigint, is_objected bool
SELECT t.clause, r.clause IS NOT NULL AS is_objected
  FROM template_clause t
  LEFT JOIN contract_review r ON r.branch_id = :branch_id::uuid AND r.contract_id = :contract_id::uuid
        AND r.version = :contract_version::bigint AND r.clause = t.clause
 WHERE t.branch_id = :company_id::uuid AND t.template_id = :template_id::uuid AND t.version = :template_version::bigint
   AND (r.is_ok IS NULL OR NOT r.is_ok)
 ORDER BY t.clause;

-- clause_list: many
-- columns: contract_clause
SELECT t.clause, t.title, t.text, r.is_ok, r.remark, r.reviewer_id, r.reviewed_at
  FROM template_clause t
  LEFT JOIN contract_review r ON r.branch_id = ANY(:scope::uuid[]) AND r.contract_id = :contract_id::uuid
        AND r.version = :contract_version::bigint AND r.clause = t.clause
 WHERE t.branch_id = :company_id::uuid AND t.template_id = :template_id::uuid AND t.version = :template_version::bigint
 ORDER BY t.clause;
