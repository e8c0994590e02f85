-- customer_insert: write
INSERT INTO customer (branch_id, customer_id, number, name, name_folded, name_bigrams, phone, licence_number, contact, address_folded, source,
                      class, stage, owner_id, last_activity_at, competitor, consumption, has_consent, tags, created_by, created_at)
VALUES (:branch_id::uuid, :customer_id::uuid, :number::text, :name::text, :name_folded::text, :name_bigrams::text[], :phone::text,
        :licence_number::text, :contact::text, :address_folded::text, :source::lead_source, :class::customer_class, 'lead', :owner_id::uuid,
        :now::timestamptz, :competitor::text, :consumption::text, :has_consent::bool, :tags::text[], :actor_id::uuid, :now::timestamptz);

-- customer_key_take: one
-- columns: customer_id uuid, customer_branch_id uuid
WITH taken AS (
    INSERT INTO customer_key (branch_id, kind, value, customer_branch_id, customer_id)
    VALUES (:company_id::uuid, :kind::text, :value::text, :branch_id::uuid, :customer_id::uuid)
    ON CONFLICT (branch_id, kind, value) DO UPDATE SET kind = customer_key.kind
    RETURNING customer_key.customer_id, customer_key.customer_branch_id)
SELECT customer_id, customer_branch_id FROM taken;

-- customer_key_find: one
-- columns: customer_id uuid, customer_branch_id uuid
SELECT customer_id, customer_branch_id FROM customer_key
 WHERE branch_id = :company_id::uuid AND kind = :kind::text AND value = :value::text;

-- customer_key_drop: write
DELETE FROM customer_key WHERE branch_id = :company_id::uuid AND kind = :kind::text AND value = :value::text AND customer_id = :customer_id::uuid;

-- customer_similar: many
-- columns: customer_id uuid, branch_id uuid, name text, address_folded text
SELECT customer_id, branch_id, name, address_folded FROM customer
 WHERE branch_id = :branch_id::uuid AND name_bigrams && :bigrams::text[] AND address_folded <> ''
 LIMIT 500;

-- customer_owner_of: one
-- columns: owner_id uuid?, branch_id uuid
SELECT owner_id, branch_id FROM customer_owner(:customer_branch_id::uuid, :customer_id::uuid);

-- customer_lock: one
-- columns: branch_id uuid, customer_id uuid, number text, name text, class customer_class?, stage customer_stage, owner_id uuid?, phone text?, licence_number text?, contact text?, competitor text?, consumption text?, equipment text?, has_consent bool, tags text[], is_locked bool
SELECT branch_id, customer_id, number, name, class, stage, owner_id, phone, licence_number, contact, competitor, consumption, equipment, has_consent,
       tags, is_locked
  FROM customer WHERE branch_id = ANY(:scope::uuid[]) AND customer_id = :customer_id::uuid
   FOR UPDATE;

-- customer_card: one
-- columns: customer_id uuid, number text, name text, class customer_class?, stage customer_stage, owner_id uuid?, owner_name text?, phone text?, contact text?, licence_number text?, source lead_source, exclusion exclusion?, competitor text?, consumption text?, equipment text?, has_consent bool, tags text[], is_locked bool, last_activity_at timestamptz, created_at timestamptz
SELECT c.customer_id, c.number, c.name, c.class, c.stage, c.owner_id, p.name AS owner_name, c.phone, c.contact, c.licence_number, c.source, c.exclusion,
       c.competitor, c.consumption, c.equipment, c.has_consent, c.tags, c.is_locked, c.last_activity_at, c.created_at
  FROM customer c LEFT JOIN person p ON p.staff_id = c.owner_id
 WHERE c.branch_id = ANY(:scope::uuid[]) AND c.customer_id = :customer_id::uuid;

-- customer_list: many
-- columns: customer_summary
-- pages: customer_id by customer_list_sort
SELECT customer_id, number, name, class, stage, owner_id, phone, contact, last_activity_at, is_locked
  FROM customer
 WHERE branch_id = ANY(:scope::uuid[])
   AND (:owner_id::uuid IS NULL OR owner_id = :owner_id::uuid)
   AND (NOT :is_pool::bool OR (owner_id IS NULL AND stage <> 'excluded'))
   AND (:stage::customer_stage IS NULL OR stage = :stage::customer_stage)
   AND (:class::customer_class IS NULL OR class = :class::customer_class)
   AND (:search::text IS NULL OR name_folded LIKE :search::text OR phone LIKE :search::text OR number LIKE :search::text);

-- funnel_list: many
-- columns: funnel_stage
SELECT branch_id, stage, count(*) AS customers, max(last_activity_at) AS as_of
  FROM customer
 WHERE branch_id = ANY(:scope::uuid[])
 GROUP BY branch_id, stage
 ORDER BY branch_id, stage
 LIMIT 1400;

-- customer_update_file: write
UPDATE customer SET contact = :contact::text, phone = :phone::text, licence_number = :licence_number::text, competitor = :competitor::text,
       consumption = :consumption::text, equipment = :equipment::text, has_consent = :has_consent::bool, class = :class::customer_class,
       tags = :tags::text[], last_activity_at = :now::timestamptz, warned_at = NULL
 WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid;

-- customer_set_lock: write
UPDATE customer SET is_locked = :is_locked::bool WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid;

-- customer_set_owner: write
UPDATE customer SET owner_id = :owner_id::uuid, last_activity_at = :now::timestamptz, warned_at = NULL
 WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid;

-- customer_set_stage: write
UPDATE customer SET stage = :stage::customer_stage, exclusion = :exclusion::exclusion, class = COALESCE(:class::customer_class, class),
       owner_id = CASE WHEN :stage::customer_stage = 'excluded' THEN NULL ELSE owner_id END, last_activity_at = :now::timestamptz, warned_at = NULL
 WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid;

-- customer_touch: write
UPDATE customer SET last_activity_at = GREATEST(last_activity_at, :now::timestamptz), warned_at = NULL
 WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid;

-- customer_set_place: write
UPDATE customer SET address_folded = :address_folded::text
 WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid AND address_folded = '';

-- owner_load_take: one
-- columns: open_leads bigint
WITH room AS (
    INSERT INTO owner_load (branch_id, staff_id, open_leads) VALUES (:branch_id::uuid, :staff_id::uuid, 1)
    ON CONFLICT (branch_id, staff_id) DO UPDATE SET open_leads = owner_load.open_leads + 1 WHERE owner_load.open_leads < :most::bigint
    RETURNING open_leads)
SELECT open_leads FROM room;

-- owner_load_give: write
UPDATE owner_load SET open_leads = open_leads - 1 WHERE branch_id = :branch_id::uuid AND staff_id = :staff_id::uuid;

-- attempt_insert: write
INSERT INTO taking_attempt (branch_id, attempt_id, customer_id, staff_id, at)
VALUES (:branch_id::uuid, :attempt_id::uuid, :customer_id::uuid, :actor_id::uuid, :now::timestamptz);

-- attempt_count: one
-- columns: attempts bigint
SELECT count(*) AS attempts FROM taking_attempt
 WHERE branch_id = :branch_id::uuid AND staff_id = :actor_id::uuid AND customer_id = :customer_id::uuid AND at >= :since::timestamptz;

-- customer_without_activity: many
-- columns: customer_id uuid, owner_id uuid, last_activity_at timestamptz
SELECT customer_id, owner_id, last_activity_at FROM customer
 WHERE branch_id = :branch_id::uuid AND owner_id IS NOT NULL AND stage IN ('lead', 'visit', 'needs', 'proposal')
   AND last_activity_at < :before::timestamptz
 ORDER BY last_activity_at LIMIT 100
   FOR UPDATE SKIP LOCKED;

-- customer_expiring: many
-- columns: customer_id uuid, owner_id uuid, last_activity_at timestamptz
SELECT customer_id, owner_id, last_activity_at FROM customer
 WHERE branch_id = :branch_id::uuid AND owner_id IS NOT NULL AND stage IN ('lead', 'visit', 'needs', 'proposal')
   AND last_activity_at < :before::timestamptz AND warned_at IS NULL
 ORDER BY last_activity_at LIMIT 100
   FOR UPDATE SKIP LOCKED;

-- customer_set_warned: write
UPDATE customer SET warned_at = :now::timestamptz WHERE branch_id = :branch_id::uuid AND customer_id = :customer_id::uuid;

-- customer_owned_by: many
-- columns: customer_id uuid, stage customer_stage
SELECT customer_id, stage FROM customer WHERE branch_id = :branch_id::uuid AND owner_id = :owner_id::uuid
 ORDER BY customer_id FOR UPDATE;
