-- The shipped rules are drafts until the general manager adopts the book (P1), and the general ladders are rules of it like all others (P2).
SET LOCAL songda.branches = '*';

ALTER TABLE rule ADD COLUMN is_shipped bool NOT NULL DEFAULT false;
ALTER TABLE rule ADD COLUMN reference text; -- where it was announced, if not here
ALTER TABLE shipped_step ADD COLUMN points bigint;

-- ladder-<severity> is the general ladder of that severity.
INSERT INTO shipped_rule (code, name_zh, name_en, text_zh, text_en, source, functions, trigger, severity, repeat_days, requires) VALUES
    ('ladder-minor', '轻微行为的通用措施阶梯', 'General ladder for minor acts',
     '条款未另行规定的轻微行为：首次警告，再犯逐级加重。',
     'A minor act that no clause provides for: a warning the first time, then up the ladder.',
     'Z0 七.3, Z3 七, Z4 4.3', '{}', NULL, 'minor', 0, NULL),
    ('ladder-serious', '严重行为的通用措施阶梯', 'General ladder for serious acts',
     '条款未另行规定的严重行为：书面警告起，逐级加重。',
     'A serious act that no clause provides for: from a written warning up the ladder.',
     'Z0 七.3, Z3 七, Z4 4.3', '{}', NULL, 'serious', 0, NULL),
    ('ladder-grave', '特别严重行为的通用措施阶梯', 'General ladder for grave acts',
     '条款未另行规定的特别严重行为：辞退。',
     'A grave act that no clause provides for: dismissal.',
     'Z0 七.3, Z3 七, Z4 4.3', '{}', NULL, 'grave', 0, NULL);
INSERT INTO shipped_step (code, from_offence, measure, points)
SELECT 'ladder-' || severity, from_offence, measure, points FROM ladder_step;
DROP TABLE ladder_step;

-- What an earlier program put into force by itself waits for its adoption like everything else; what a later version is on its way to
-- replace ends.
UPDATE rule r SET is_shipped = true, status = 'retired', valid_until = greatest(r.valid_from, now()), reason = '未经总经理通过'
 WHERE r.drafted_by IS NULL AND r.adopted_by IS NULL AND r.status = 'in_force'
   AND EXISTS (SELECT FROM rule u WHERE u.branch_id = r.branch_id AND u.code = r.code AND u.status IN ('drafted', 'consulted', 'adopted'));
UPDATE rule SET is_shipped = true, status = 'consulted', valid_from = NULL, valid_until = NULL, announced_at = NULL
 WHERE drafted_by IS NULL AND adopted_by IS NULL AND status = 'in_force';
