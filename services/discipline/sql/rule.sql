-- The rule book: versions of rules, their steps, what people said to them. All of it stands under headquarters.

-- rule_next_version: one
-- columns: version bigint
SELECT coalesce(max(version), 0) + 1 FROM rule WHERE branch_id = :company_id::uuid AND code = :code::text;

-- rule_insert: one
-- columns: rule_id uuid
INSERT INTO rule (branch_id, rule_id, code, version, name_zh, name_en, text_zh, text_en, source, functions, trigger, severity, repeat_days, requires,
                  status, drafted_by, drafted_at)
VALUES (:company_id::uuid, :rule_id::uuid, :code::text, :version::bigint, :name_zh::text, :name_en::text, :text_zh::text, :text_en::text,
        :source::text, :functions::bigint, :trigger::text, :severity::severity, :repeat_days::bigint?, :requires::text,
        'drafted', :actor_id::uuid, :now::timestamptz)
    ON CONFLICT DO NOTHING
RETURNING rule_id;

-- rule_underway: one
-- columns: version bigint
SELECT version FROM rule WHERE branch_id = :company_id::uuid AND code = :code::text AND status IN ('drafted', 'consulted', 'adopted');

-- rule_lock: one
-- columns: rule_id uuid, code text, version bigint, name_zh text, name_en text, text_zh text, text_en text, repeat_days bigint?, requires text?, status rule_status, valid_from timestamptz?, drafted_by uuid?
SELECT rule_id, code, version, name_zh, name_en, text_zh, text_en, repeat_days, requires, status, valid_from, drafted_by
  FROM rule WHERE branch_id = :company_id::uuid AND rule_id = :rule_id::uuid
   FOR UPDATE;

-- rule_find: one
-- columns: rule_id uuid, code text, version bigint, name_zh text, name_en text, text_zh text, text_en text, source text, functions bigint, trigger text?, severity severity, repeat_days bigint?, requires text?, status rule_status, valid_from timestamptz?, valid_until timestamptz?, drafted_by uuid?, adopted_by uuid?
SELECT rule_id, code, version, name_zh, name_en, text_zh, text_en, source, functions, trigger, severity, repeat_days, requires, status, valid_from,
       valid_until, drafted_by, adopted_by
  FROM rule WHERE branch_id = :company_id::uuid AND rule_id = :rule_id::uuid;

-- rule_rewrite: write
UPDATE rule SET name_zh = :name_zh::text, name_en = :name_en::text, text_zh = :text_zh::text, text_en = :text_en::text, source = :source::text,
       functions = :functions::bigint, trigger = :trigger::text, severity = :severity::severity, repeat_days = :repeat_days::bigint?,
       requires = :requires::text
 WHERE branch_id = :company_id::uuid AND rule_id = :rule_id::uuid;

-- rule_set_status: write
UPDATE rule SET status = :status::rule_status, reason = :reason::text WHERE branch_id = :company_id::uuid AND rule_id = :rule_id::uuid;

-- rule_set_adopted: write
UPDATE rule SET status = 'adopted', adopted_by = :actor_id::uuid, adopted_at = :now::timestamptz
 WHERE branch_id = :company_id::uuid AND rule_id = :rule_id::uuid;

-- rule_set_announced: write
UPDATE rule SET status = 'announced', announced_at = :now::timestamptz, valid_from = :valid_from::timestamptz
 WHERE branch_id = :company_id::uuid AND rule_id = :rule_id::uuid;

-- The version before ends where the new one begins.
-- rule_end_before: write
UPDATE rule SET valid_until = greatest(valid_from, :valid_from::timestamptz)
 WHERE branch_id = :company_id::uuid AND code = :code::text AND version < :version::bigint AND status IN ('announced', 'in_force')
   AND (valid_until IS NULL OR valid_until > :valid_from::timestamptz);

-- rule_set_ended: write
UPDATE rule SET status = 'retired', valid_until = :now::timestamptz, reason = :reason::text
 WHERE branch_id = :company_id::uuid AND rule_id = :rule_id::uuid;

-- rule_enter: many
-- columns: rule_id uuid
UPDATE rule SET status = 'in_force'
 WHERE branch_id = :company_id::uuid
   AND rule_id IN (SELECT rule_id FROM rule WHERE status = 'announced' AND valid_from <= :now::timestamptz ORDER BY rule_id LIMIT 200 FOR UPDATE)
RETURNING rule_id;

-- rule_leave: many
-- columns: rule_id uuid
UPDATE rule SET status = 'retired'
 WHERE branch_id = :company_id::uuid
   AND rule_id IN (SELECT rule_id FROM rule WHERE status = 'in_force' AND valid_until <= :now::timestamptz ORDER BY rule_id LIMIT 200 FOR UPDATE)
RETURNING rule_id;

-- rule_list: many
-- columns: rule_summary
-- pages: rule_id desc by rule_list_sort
SELECT rule_id, code, version, name_zh, name_en, source, trigger, severity, status, valid_from, valid_until
  FROM rule
 WHERE branch_id = :company_id::uuid
   AND (:code::text IS NULL OR code = :code::text)
   AND (:status::rule_status IS NULL OR status = :status::rule_status)
   AND (:trigger::text IS NULL OR trigger = :trigger::text)
   AND (:in_force_at::timestamptz IS NULL
        OR (valid_from <= :in_force_at::timestamptz AND (valid_until IS NULL OR valid_until > :in_force_at::timestamptz)));

-- What an event calls for: the versions that were in force when it happened.
-- rule_triggered: many
-- columns: rule_id uuid, code text, version bigint, functions bigint
SELECT rule_id, code, version, functions FROM rule
 WHERE branch_id = :company_id::uuid AND trigger = :trigger::text AND valid_from <= :at::timestamptz
   AND (valid_until IS NULL OR valid_until > :at::timestamptz)
 ORDER BY code;

-- rule_at: one
-- columns: rule_triggered
SELECT rule_id, code, version, functions FROM rule
 WHERE branch_id = :company_id::uuid AND code = :code::text AND valid_from <= :at::timestamptz
   AND (valid_until IS NULL OR valid_until > :at::timestamptz);

-- rule_any: one
-- columns: rule_id uuid
SELECT rule_id FROM rule WHERE branch_id = :company_id::uuid AND code = :code::text LIMIT 1;

-- rule_step_insert: write
INSERT INTO rule_step (branch_id, rule_id, from_offence, measure, points, money_min, money_max)
VALUES (:company_id::uuid, :rule_id::uuid, :from_offence::bigint, :measure::measure, :points::bigint?, :money_min::bigint?, :money_max::bigint?);

-- rule_steps_delete: write
DELETE FROM rule_step WHERE branch_id = :company_id::uuid AND rule_id = :rule_id::uuid;

-- rule_steps: many
-- columns: rule_step
SELECT from_offence, measure, points, money_min, money_max FROM rule_step
 WHERE branch_id = :company_id::uuid AND rule_id = :rule_id::uuid ORDER BY from_offence;

-- The general ladder that was in force at a time.
-- ladder_at: one
-- columns: rule_id uuid, version bigint, valid_from timestamptz
SELECT rule_id, version, valid_from FROM rule
 WHERE branch_id = :company_id::uuid AND code = 'ladder-' || :severity::severity AND valid_from <= :at::timestamptz
   AND (valid_until IS NULL OR valid_until > :at::timestamptz);

-- rule_acknowledgement_put: write
INSERT INTO rule_acknowledgement (branch_id, rule_id, staff_id, stage, comment, at)
VALUES (:company_id::uuid, :rule_id::uuid, :actor_id::uuid, :stage::acknowledgement_stage, :comment::text, :now::timestamptz)
    ON CONFLICT (branch_id, rule_id, staff_id, stage) DO UPDATE SET comment = coalesce(EXCLUDED.comment, rule_acknowledgement.comment);

-- rule_acknowledgements: many
-- columns: acknowledgement
SELECT staff_id, stage, comment, at FROM rule_acknowledgement
 WHERE branch_id = :company_id::uuid AND rule_id = :rule_id::uuid ORDER BY at, staff_id LIMIT 200;

-- rule_notified: one
-- columns: at timestamptz
SELECT at FROM rule_acknowledgement
 WHERE branch_id = :company_id::uuid AND rule_id = :rule_id::uuid AND staff_id = :staff_id::uuid AND stage = 'notice' AND at <= :before::timestamptz;

-- What is shipped and not yet in the company's book.
-- shipped_missing: many
-- columns: code text, name_zh text, name_en text, text_zh text, text_en text, source text, functions text[], trigger text?, severity severity, repeat_days bigint, requires text?
SELECT s.code, s.name_zh, s.name_en, s.text_zh, s.text_en, s.source, s.functions, s.trigger, s.severity, s.repeat_days, s.requires
  FROM shipped_rule s
 WHERE NOT EXISTS (SELECT 1 FROM rule r WHERE r.branch_id = :company_id::uuid AND r.code = s.code)
 ORDER BY s.code;

-- shipped_total: one
-- columns: total bigint
SELECT count(*) FROM shipped_rule;

-- shipped_install: one
-- columns: rule_id uuid
INSERT INTO rule (branch_id, rule_id, code, version, name_zh, name_en, text_zh, text_en, source, functions, trigger, severity, repeat_days, requires,
                  status, drafted_by, drafted_at, is_shipped)
VALUES (:company_id::uuid, :rule_id::uuid, :code::text, 1, :name_zh::text, :name_en::text, :text_zh::text, :text_en::text,
        :source::text, :functions::bigint, :trigger::text, :severity::severity, :repeat_days::bigint, :requires::text,
        'drafted', :actor_id::uuid, :now::timestamptz, true)
    ON CONFLICT DO NOTHING
RETURNING rule_id;

-- shipped_steps_install: write
INSERT INTO rule_step (branch_id, rule_id, from_offence, measure, points, money_min, money_max)
SELECT :company_id::uuid, :rule_id::uuid, from_offence, measure, points, money, money FROM shipped_step WHERE code = :code::text;

-- The shipped rules that nobody has put before the members yet.
-- shipped_consult: many
-- columns: rule_id uuid, code text, version bigint
UPDATE rule SET status = 'consulted' WHERE branch_id = :company_id::uuid AND is_shipped AND status = 'drafted'
RETURNING rule_id, code, version;

-- Those the members were consulted on, but for any that is before the general manager by itself.
-- shipped_consulted: many
-- columns: rule_lock
SELECT rule_id, code, version, name_zh, name_en, text_zh, text_en, repeat_days, requires, status, valid_from, drafted_by
  FROM rule
 WHERE branch_id = :company_id::uuid AND is_shipped AND status = 'consulted'
   AND NOT EXISTS (SELECT FROM approval a WHERE a.branch_id = rule.branch_id AND a.kind = 'rule' AND a.subject_id = rule.rule_id
                                            AND a.status = 'waiting')
 ORDER BY rule_id
   FOR UPDATE;

-- shipped_adopt: write
UPDATE rule SET status = CASE WHEN :valid_from::timestamptz <= :now::timestamptz THEN 'in_force' ELSE 'announced' END,
       adopted_by = :actor_id::uuid, adopted_at = :now::timestamptz, announced_at = :now::timestamptz,
       valid_from = :valid_from::timestamptz, reference = :reference::text
 WHERE branch_id = :company_id::uuid AND rule_id = :rule_id::uuid;
