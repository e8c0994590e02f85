-- visit_insert: write
INSERT INTO visit (branch_id, visit_id, customer_id, staff_id, planned_at, purpose, is_key, status)
VALUES (:branch_id::uuid, :visit_id::uuid, :customer_id::uuid, :actor_id::uuid, :planned_at::timestamptz, :purpose::text, :is_key::bool, 'planned');

-- visit_lock: one
-- columns: branch_id uuid, visit_id uuid, customer_id uuid, staff_id uuid, planned_at timestamptz, is_key bool, is_first bool, status visit_status, has_report bool
SELECT branch_id, visit_id, customer_id, staff_id, planned_at, is_key, is_first, status, has_report
  FROM visit WHERE branch_id = ANY(:scope::uuid[]) AND visit_id = :visit_id::uuid
   FOR UPDATE;

-- visit_submit: many
-- columns: visit_id uuid
UPDATE visit SET status = 'submitted'
 WHERE branch_id = :branch_id::uuid AND staff_id = :actor_id::uuid AND status = 'planned'
   AND planned_at >= :from_at::timestamptz AND planned_at < :until_at::timestamptz
RETURNING visit_id;

-- visit_set_confirmed: write
UPDATE visit SET status = 'confirmed', planned_at = :planned_at::timestamptz, staff_id = :staff_id::uuid, is_key = :is_key::bool, confirmed_by = :actor_id::uuid
 WHERE branch_id = :branch_id::uuid AND visit_id = :visit_id::uuid;

-- visit_set_cancelled: write
UPDATE visit SET status = 'cancelled', result = :result::text WHERE branch_id = :branch_id::uuid AND visit_id = :visit_id::uuid;

-- visit_set_started: write
UPDATE visit SET status = 'started', checked_in_at = :now::timestamptz, latitude_e7 = :latitude_e7::bigint?, longitude_e7 = :longitude_e7::bigint?,
       place = :place::text
 WHERE branch_id = :branch_id::uuid AND visit_id = :visit_id::uuid;

-- visit_completed_before: one
-- columns: visit_id uuid
SELECT visit_id FROM visit WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid AND status = 'completed' LIMIT 1;

-- visit_set_completed: write
UPDATE visit SET status = 'completed', checked_out_at = :now::timestamptz, result = :result::text, is_first = :is_first::bool
 WHERE branch_id = :branch_id::uuid AND visit_id = :visit_id::uuid;

-- visit_set_reported: write
UPDATE visit SET has_report = true WHERE branch_id = :branch_id::uuid AND visit_id = :visit_id::uuid;

-- visit_find: one
-- columns: customer_id uuid, staff_id uuid
SELECT customer_id, staff_id FROM visit WHERE branch_id = :branch_id::uuid AND visit_id = :visit_id::uuid;

-- visit_list: many
-- columns: visit_summary
-- pages: visit_id desc by visit_list_sort
SELECT visit_id, customer_id, staff_id, planned_at, purpose, is_key, is_first, status, checked_in_at, checked_out_at, result, has_report
  FROM visit
 WHERE branch_id = ANY(:scope::uuid[])
   AND (:staff_id::uuid IS NULL OR staff_id = :staff_id::uuid)
   AND (:customer_id::uuid IS NULL OR customer_id = :customer_id::uuid)
   AND (:from_at::timestamptz IS NULL OR planned_at >= :from_at::timestamptz)
   AND (:until_at::timestamptz IS NULL OR planned_at < :until_at::timestamptz)
   AND (NOT :needs_report::bool OR (status = 'completed' AND NOT has_report));

-- visit_report_insert: write
INSERT INTO visit_report (branch_id, visit_id, report_id, staff_id, filed_at, business, seats, burners, monthly_quantity, present_fuel, present_price,
                          competitor, decision_maker, needs, concerns)
VALUES (:branch_id::uuid, :visit_id::uuid, :report_id::uuid, :actor_id::uuid, :now::timestamptz, :business::text, :seats::bigint?, :burners::bigint?,
        :monthly_quantity::bigint?, :present_fuel::text, :present_price::bigint?, :competitor::text, :decision_maker::text, :needs::text, :concerns::text);

-- visit_report_find: one
-- columns: report_id uuid, staff_id uuid, filed_at timestamptz, business text, seats bigint?, burners bigint?, monthly_quantity bigint?, present_fuel text?, present_price bigint?, competitor text?, decision_maker text?, needs text, concerns text?
SELECT report_id, staff_id, filed_at, business, seats, burners, monthly_quantity, present_fuel, present_price, competitor, decision_maker, needs, concerns
  FROM visit_report WHERE branch_id = ANY(:scope::uuid[]) AND visit_id = :visit_id::uuid;

-- visit_hand_over: many
-- columns: visit_id uuid
UPDATE visit SET staff_id = :successor_id::uuid
 WHERE branch_id = :branch_id::uuid AND staff_id = :staff_id::uuid AND status IN ('planned', 'submitted', 'confirmed', 'started')
RETURNING visit_id;
