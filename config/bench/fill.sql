-- Families with an enrolled child and monthly payments, a referral for one in five, and a visit to an event for every second one.
WITH school AS (
  SELECT t.id AS tenant_id, c.id AS campus_id, y.id AS type_id, k.id AS fee_id
  FROM unnest(%(tenants)s) t(id) JOIN crm_customertype y ON y.tenant_id = t.id AND y.code = 'family'
  JOIN tenancy_campus c ON c.tenant_id = t.id JOIN crm_feekind k ON k.tenant_id = t.id AND k.name = '保教费'
), customers AS (
  INSERT INTO crm_customer (tenant_id, campus_id, type_id, external_ref, name, since, source, version)
  SELECT tenant_id, campus_id, type_id, 'F-' || n, '基准家庭' || n, date '2024-09-01' + (n %% 500)::int, '', 1
  FROM school, generate_series(1, %(families)s) n RETURNING id, tenant_id, campus_id, since
), homes AS (
  INSERT INTO crm_family (tenant_id, customer_id, note) SELECT tenant_id, id, '' FROM customers RETURNING id, tenant_id, customer_id
), kids AS (
  INSERT INTO crm_child (tenant_id, family_id, name, nickname, sex, born_on)
  SELECT tenant_id, id, '孩子', '', 'm', date '2021-05-01' FROM homes RETURNING id, tenant_id, family_id
), stays AS (
  INSERT INTO crm_enrolment (tenant_id, child_id, campus_id, from_on, outcome)
  SELECT k.tenant_id, k.id, c.campus_id, c.since, '' FROM kids k JOIN homes h ON h.id = k.family_id JOIN customers c ON c.id = h.customer_id
), told AS (
  INSERT INTO crm_referral (tenant_id, referrer_id, referred_name, phone_index, referred_on, result, converted_on, counts, flag)
  SELECT tenant_id, id, '', id::text, date '2026-03-01', 'converted', date '2026-04-01', true, '' FROM customers WHERE id %% 5 = 0
), events AS (
  INSERT INTO crm_timelineentry (tenant_id, customer_id, kind, channel, at, day, title, text)
  SELECT tenant_id, id, 'event', 'sign_in', timestamptz '2026-06-01', date '2026-06-01', '', '' FROM customers WHERE id %% 2 = 0
)
INSERT INTO crm_payment (tenant_id, customer_id, fee_kind_id, paid_on, amount_fen, method, receipt, remark)
SELECT c.tenant_id, c.id, s.fee_id, date '2025-10-05' + n * 30, 100000 + (c.id * 37 + n * 1013) %% 150000, '', '', ''
FROM customers c JOIN school s ON s.tenant_id = c.tenant_id, generate_series(1, %(payments)s) n
