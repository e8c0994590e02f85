-- credit_report_insert: write
INSERT INTO credit_report (branch_id, report_id, customer_id, score, credit_limit, valid_until, note, staff_id, filed_at)
VALUES (:branch_id::uuid, :report_id::uuid, :customer_id::uuid, :score::bigint, :credit_limit::bigint, :valid_until::date, :note::text,
        :actor_id::uuid, :now::timestamptz);

-- credit_report_latest: one
-- columns: report_id uuid, credit_limit bigint, valid_until date
SELECT report_id, credit_limit, valid_until FROM credit_report
 WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid
 ORDER BY report_id DESC LIMIT 1;

-- credit_report_list: many
-- columns: credit_report_summary
-- pages: report_id desc by credit_list_sort
SELECT report_id, customer_id, score, credit_limit, valid_until, note, staff_id, filed_at
  FROM credit_report
 WHERE branch_id = ANY(:scope::uuid[])
   AND (:customer_id::uuid IS NULL OR customer_id = :customer_id::uuid);
