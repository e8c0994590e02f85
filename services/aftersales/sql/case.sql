-- customer_save: write
INSERT INTO customer (branch_id, customer_id, name, owner_id) VALUES (:branch_id::uuid, :customer_id::uuid, :name::text, :owner_id::uuid)
ON CONFLICT (branch_id, customer_id) DO UPDATE SET name = EXCLUDED.name, owner_id = EXCLUDED.owner_id;

-- customer_find: one
-- columns: branch_id uuid, owner_id uuid?
SELECT branch_id, owner_id FROM customer WHERE branch_id = ANY(:scope::uuid[]) AND customer_id = :customer_id::uuid;

-- equipment_save: write
INSERT INTO equipment (branch_id, serial_number, customer_id, installed_at)
VALUES (:branch_id::uuid, :serial_number::text, :customer_id::uuid, :now::timestamptz)
ON CONFLICT (branch_id, serial_number) DO UPDATE SET customer_id = EXCLUDED.customer_id, installed_at = EXCLUDED.installed_at;

-- case_insert: write
INSERT INTO service_case (branch_id, case_id, number, customer_id, class, priority, status, summary, contact, phone, serial_number, about_staff_id, opened_by,
                          opened_at, due_at)
VALUES (:branch_id::uuid, :case_id::uuid, :number::text, :customer_id::uuid, :class::case_class, :priority::priority, 'requested', :summary::text,
        :contact::text, :phone::text, :serial_number::text, :about_staff_id::uuid, :actor_id::uuid, :now::timestamptz, :due_at::timestamptz);

-- case_lock: one
-- columns: branch_id uuid, case_id uuid, number text, customer_id uuid, status case_status, is_complex bool, about_staff_id uuid?, technician_id uuid?, confirmed_by uuid?, needs_call_back bool, answered_at timestamptz?
SELECT branch_id, case_id, number, customer_id, status, is_complex, about_staff_id, technician_id, confirmed_by, needs_call_back, answered_at
  FROM service_case WHERE branch_id = ANY(:scope::uuid[]) AND case_id = :case_id::uuid
   FOR UPDATE;

-- case_set_confirmed: write
UPDATE service_case SET status = :status::case_status, is_complex = :is_complex::bool, confirmed_by = :actor_id::uuid
 WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_set_formed: write
UPDATE service_case SET status = 'formed', due_at = :due_at::timestamptz WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_set_technician: write
UPDATE service_case SET status = 'working', technician_id = :technician_id::uuid WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_set_answered: write
UPDATE service_case SET answered_at = COALESCE(answered_at, :now::timestamptz) WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_set_due: write
UPDATE service_case SET due_at = :due_at::timestamptz, is_overdue = false WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_set_solved: write
UPDATE service_case SET status = 'solved', handling = :handling::text, result = :result::text, cause = :cause::text, solved_at = :now::timestamptz, due_at = NULL
 WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_set_seen: write
UPDATE service_case SET manager_saw_at = CASE WHEN :is_manager::bool THEN :now::timestamptz ELSE manager_saw_at END,
       representative_saw_at = CASE WHEN :is_representative::bool THEN :now::timestamptz ELSE representative_saw_at END
 WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_set_surveyed: write
UPDATE service_case SET status = 'surveyed', score = :score::bigint, survey_text = :survey_text::text, needs_call_back = :needs_call_back::bool
 WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_set_called_back: write
UPDATE service_case SET needs_call_back = false WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_set_overdue: one
-- columns: customer_id uuid, technician_id uuid?
UPDATE service_case SET is_overdue = true WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid
RETURNING customer_id, technician_id;

-- case_find: one
-- columns: case_id uuid, number text, customer_id uuid, customer_name text?, class case_class, priority priority, status case_status, is_complex bool, is_overdue bool, summary text, contact text?, phone text?, serial_number text?, about_staff_id uuid?, opened_by uuid, opened_at timestamptz, confirmed_by uuid?, technician_id uuid?, answered_at timestamptz?, handling text?, result text?, cause text?, solved_at timestamptz?, score bigint?, survey_text text?, needs_call_back bool, manager_saw_at timestamptz?, representative_saw_at timestamptz?
SELECT s.case_id, s.number, s.customer_id, u.name AS customer_name, s.class, s.priority, s.status, s.is_complex, s.is_overdue, s.summary, s.contact, s.phone,
       s.serial_number, s.about_staff_id, s.opened_by, s.opened_at, s.confirmed_by, s.technician_id, s.answered_at, s.handling, s.result, s.cause,
       s.solved_at, s.score, s.survey_text, s.needs_call_back, s.manager_saw_at, s.representative_saw_at
  FROM service_case s LEFT JOIN customer u USING (branch_id, customer_id)
 WHERE s.branch_id = ANY(:scope::uuid[]) AND s.case_id = :case_id::uuid;

-- case_list: many
-- columns: case_summary
-- pages: case_id desc by case_list_sort
SELECT s.case_id, s.number, s.customer_id, u.name AS customer_name, s.class, s.priority, s.status, s.is_complex, s.is_overdue, s.opened_at, s.technician_id, s.due_at
  FROM service_case s LEFT JOIN customer u USING (branch_id, customer_id)
 WHERE s.branch_id = ANY(:scope::uuid[])
   AND (:customer_id::uuid IS NULL OR s.customer_id = :customer_id::uuid)
   AND (:status::case_status IS NULL OR s.status = :status::case_status)
   AND (:class::case_class IS NULL OR s.class = :class::case_class)
   AND (:technician_id::uuid IS NULL OR s.technician_id = :technician_id::uuid)
   AND (NOT :is_overdue::bool OR s.is_overdue);

-- form_insert: write
INSERT INTO service_form (branch_id, case_id, filled_by, filled_at, problem, place, contact, phone, wanted_at, equipment)
VALUES (:branch_id::uuid, :case_id::uuid, :actor_id::uuid, :now::timestamptz, :problem::text, :place::text, :contact::text, :phone::text,
        :wanted_at::timestamptz, :equipment::text);

-- form_find: one
-- columns: case_id uuid, filled_by uuid, filled_at timestamptz, problem text, place text, contact text, phone text, wanted_at timestamptz?, equipment text?
SELECT case_id, filled_by, filled_at, problem, place, contact, phone, wanted_at, equipment
  FROM service_form WHERE branch_id = ANY(:scope::uuid[]) AND case_id = :case_id::uuid;

-- note_insert: write
INSERT INTO case_note (branch_id, case_id, note_id, at, staff_id, kind, note)
VALUES (:branch_id::uuid, :case_id::uuid, :note_id::uuid, :now::timestamptz, :actor_id::uuid, :kind::text, :note::text);

-- note_list: many
-- columns: case_note
SELECT at, staff_id, kind, note FROM case_note
 WHERE branch_id = ANY(:scope::uuid[]) AND case_id = :case_id::uuid ORDER BY note_id LIMIT 200;

-- case_hand_over: many
-- columns: case_id uuid
UPDATE service_case SET technician_id = :successor_id::uuid
 WHERE branch_id = :branch_id::uuid AND technician_id = :staff_id::uuid AND status = 'working' AND about_staff_id IS DISTINCT FROM :successor_id::uuid
RETURNING case_id;
