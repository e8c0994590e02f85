-- Cases: opened, stated, proposed, decided, appealed, executed, expired. A reader who is no handler sees the cases about
-- themselves and about those whose direct superior they are.

-- case_insert: one
-- columns: case_id uuid
INSERT INTO conduct_case (branch_id, case_id, number, staff_id, rule_id, rule_code, rule_version, event, event_id, occurred_at, opened_at,
                          opened_by, what, status, statement_due_at)
VALUES (:branch_id::uuid, :case_id::uuid, :number::text, :staff_id::uuid, :rule_id::uuid, :rule_code::text, :rule_version::bigint, :event::text,
        :event_id::uuid, :occurred_at::timestamptz, :now::timestamptz, :opened_by::uuid, :what::text, 'opened',
        :statement_due_at::timestamptz)
    ON CONFLICT DO NOTHING
RETURNING case_id;

-- case_of_event: one
-- columns: case_id uuid
SELECT case_id FROM conduct_case
 WHERE branch_id = :branch_id::uuid AND event_id = :event_id::uuid AND rule_code = :rule_code::text AND staff_id = :staff_id::uuid;

-- case_lock: one
-- columns: branch_id uuid, case_id uuid, staff_id uuid, rule_id uuid, rule_code text, rule_version bigint, occurred_at timestamptz, opened_by uuid?, status case_status, statement_due_at timestamptz?, offence bigint?, measure measure?, nominal bigint, points bigint, money bigint, objection_due_at timestamptz?, appeal_outcome appeal_outcome?, fine_month date?
SELECT branch_id, case_id, staff_id, rule_id, rule_code, rule_version, occurred_at, opened_by, status, statement_due_at, offence, measure, nominal,
       points, money, objection_due_at, appeal_outcome, fine_month
  FROM conduct_case WHERE branch_id = ANY(:scope::uuid[]) AND case_id = :case_id::uuid
   FOR UPDATE;

-- case_find: one
-- columns: case_id uuid, number text, branch_id uuid, staff_id uuid, rule_id uuid, rule_code text, rule_version bigint, occurred_at timestamptz, opened_at timestamptz, opened_by uuid?, what text?, status case_status, statement text?, statement_due_at timestamptz?, stated_at timestamptz?, proposed_by uuid?, proposed_at timestamptz?, proposed_measure measure?, proposed_money bigint?, proposed_points bigint?, proposal_reason text?, offence bigint?, decided_at timestamptz?, measure measure?, points bigint, money bigint, objection_due_at timestamptz?, appeal text?, appealed_at timestamptz?, appeal_outcome appeal_outcome?, appeal_answer text?, appeal_decided_by uuid?, executed_by uuid?, executed_at timestamptz?, execution_note text?, expires_at timestamptz?
SELECT case_id, number, branch_id, staff_id, rule_id, rule_code, rule_version, occurred_at, opened_at, opened_by, what, status, statement,
       statement_due_at, stated_at, proposed_by, proposed_at, proposed_measure, proposed_money, proposed_points, proposal_reason, offence, decided_at,
       measure, points, money, objection_due_at, appeal, appealed_at, appeal_outcome, appeal_answer, appeal_decided_by, executed_by, executed_at,
       execution_note, expires_at
  FROM conduct_case WHERE branch_id = ANY(:scope::uuid[]) AND case_id = :case_id::uuid;

-- case_list: many
-- columns: case_summary
-- pages: case_id desc by case_list_sort
SELECT k.case_id, k.number, k.staff_id, coalesce(p.name, ''), k.rule_code, k.rule_version, k.event, k.event_id, k.occurred_at, k.opened_at,
       k.status, k.measure
  FROM conduct_case k LEFT JOIN person p ON p.staff_id = k.staff_id
 WHERE k.branch_id = ANY(:scope::uuid[])
   AND (:sees_all::bool OR (p.superior_id = :actor_id::uuid AND k.staff_id <> :actor_id::uuid))
   AND (:staff_id::uuid IS NULL OR k.staff_id = :staff_id::uuid)
   AND (:status::case_status IS NULL OR k.status = :status::case_status)
   AND (:rule_code::text IS NULL OR k.rule_code = :rule_code::text);

-- case_mine: many
-- columns: case_summary
-- pages: case_id desc by case_mine_sort
SELECT k.case_id, k.number, k.staff_id, coalesce(p.name, ''), k.rule_code, k.rule_version, k.event, k.event_id, k.occurred_at, k.opened_at,
       k.status, k.measure
  FROM conduct_case k LEFT JOIN person p ON p.staff_id = k.staff_id
 WHERE k.branch_id = ANY(:scope::uuid[]) AND k.staff_id = :actor_id::uuid
   AND (:rule_code::text IS NULL OR k.rule_code = :rule_code::text);

-- case_by_event: many
-- columns: case_summary
SELECT k.case_id, k.number, k.staff_id, coalesce(p.name, ''), k.rule_code, k.rule_version, k.event, k.event_id, k.occurred_at, k.opened_at,
       k.status, k.measure
  FROM conduct_case k LEFT JOIN person p ON p.staff_id = k.staff_id
 WHERE k.branch_id = ANY(:scope::uuid[])
   AND EXISTS (SELECT 1 FROM evidence e WHERE e.event_id = :event_id::uuid AND e.branch_id = k.branch_id AND e.case_id = k.case_id)
   AND (:sees_all::bool OR p.superior_id = :actor_id::uuid OR k.staff_id = :actor_id::uuid)
 ORDER BY k.case_id LIMIT 50;

-- The earlier cases of a person under a rule whose measure stands: what makes this one a repetition.
-- record_under_rule: many
-- columns: record_item
SELECT case_id, number, rule_code, rule_version, occurred_at, measure, points, money, status, expires_at
  FROM conduct_case
 WHERE branch_id = ANY(:scope::uuid[]) AND staff_id = :staff_id::uuid AND rule_code = :rule_code::text AND case_id <> :case_id::uuid
   AND status IN ('decided', 'appealed', 'executed', 'expired')
 ORDER BY occurred_at DESC LIMIT 200;

-- record_list: many
-- columns: record_item
SELECT case_id, number, rule_code, rule_version, occurred_at, measure, points, money, status, expires_at
  FROM conduct_case
 WHERE branch_id = ANY(:scope::uuid[]) AND staff_id = :staff_id::uuid AND status IN ('decided', 'appealed', 'executed')
   AND (:rule_code::text IS NULL OR rule_code = :rule_code::text)
 ORDER BY occurred_at DESC LIMIT 200;

-- case_set_stated: write
UPDATE conduct_case SET status = 'stated', statement = :statement::text, stated_at = :now::timestamptz
 WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_set_proposed: write
UPDATE conduct_case SET status = 'proposed', proposed_by = :actor_id::uuid, proposed_at = :now::timestamptz, proposed_measure = :measure::measure,
       proposed_money = :money::bigint, proposed_points = :points::bigint, proposal_reason = :reason::text, offence = :offence::bigint
 WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_set_decided: write
UPDATE conduct_case SET status = :status::case_status, decided_at = :now::timestamptz, measure = :measure::measure, nominal = :nominal::bigint,
       points = :points::bigint, money = :money::bigint, objection_due_at = :objection_due_at::timestamptz,
       fine_month = :fine_month::date
 WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_set_appealed: write
UPDATE conduct_case SET status = 'appealed', appeal = :appeal::text, appealed_at = :now::timestamptz
 WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_set_appeal_decided: write
UPDATE conduct_case SET status = :status::case_status, measure = :measure::measure, nominal = :nominal::bigint, points = :points::bigint,
       money = :money::bigint, appeal_outcome = :outcome::appeal_outcome, appeal_answer = :answer::text, appeal_decided_by = :actor_id::uuid
 WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_set_executed: write
UPDATE conduct_case SET status = 'executed', executed_by = :actor_id::uuid, executed_at = :now::timestamptz, execution_note = :note::text,
       expires_at = :expires_at::timestamptz
 WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid;

-- case_expire: many
-- columns: case_id uuid
UPDATE conduct_case k SET status = 'expired'
  FROM (SELECT branch_id, case_id FROM conduct_case WHERE status = 'executed' AND expires_at <= :now::timestamptz
         ORDER BY branch_id, case_id LIMIT 200 FOR UPDATE) due
 WHERE k.branch_id = due.branch_id AND k.case_id = due.case_id
RETURNING k.case_id;

-- Money of a month moves only here: never above what the month allows, also when two cases are decided at once.
-- fine_month_take: one
-- columns: money bigint
INSERT INTO fine_month (branch_id, staff_id, month, money)
SELECT :branch_id::uuid, :staff_id::uuid, :month::date, :amount::bigint WHERE :amount::bigint <= :most::bigint
    ON CONFLICT (branch_id, staff_id, month) DO UPDATE SET money = fine_month.money + :amount::bigint
 WHERE fine_month.money + :amount::bigint <= :most::bigint
RETURNING money;

-- fine_month_give_back: write
UPDATE fine_month SET money = money - :amount::bigint
 WHERE branch_id = :branch_id::uuid AND staff_id = :staff_id::uuid AND month = :month::date;

-- fine_month_find: one
-- columns: money bigint
SELECT money FROM fine_month WHERE branch_id = :branch_id::uuid AND staff_id = :staff_id::uuid AND month = :month::date;

-- decision_insert: write
INSERT INTO case_decision (branch_id, case_id, decision_id, decider_id, is_general_manager, measure, nominal, points, monthly_wage, reason, at)
VALUES (:branch_id::uuid, :case_id::uuid, :decision_id::uuid, :actor_id::uuid, :is_general_manager::bool, :measure::measure, :nominal::bigint,
        :points::bigint, :monthly_wage::bigint?, :reason::text, :now::timestamptz);

-- decision_standing: many
-- columns: decider_id uuid, is_general_manager bool, measure measure, nominal bigint, points bigint
SELECT decider_id, is_general_manager, measure, nominal, points FROM case_decision
 WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid AND stands
 ORDER BY decision_id;

-- decision_set_aside: write
UPDATE case_decision SET stands = false WHERE branch_id = :branch_id::uuid AND case_id = :case_id::uuid AND stands;

-- decision_list: many
-- columns: decision_item
SELECT d.decision_id, d.decider_id, coalesce(p.name, ''), d.measure, d.points, d.nominal, d.reason, d.at, d.stands
  FROM case_decision d LEFT JOIN person p ON p.staff_id = d.decider_id
 WHERE d.branch_id = :in_branch_id::uuid AND d.case_id = :case_id::uuid ORDER BY d.decision_id LIMIT 50;
