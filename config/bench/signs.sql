-- On top of fill.sql: ten school days of attendance, a rating and a contact a family, a complaint for one in ten, a wish to leave for one in thirty.
WITH kids AS (
  SELECT k.tenant_id, k.id, f.customer_id FROM crm_child k JOIN crm_family f ON f.tenant_id = k.tenant_id AND f.id = k.family_id
  WHERE k.tenant_id = ANY(%(tenants)s)
), attended AS (
  INSERT INTO crm_attendance (tenant_id, child_id, day, status)
  SELECT tenant_id, id, day, CASE WHEN (id + extract(day FROM day)::int) %% 11 = 0 OR id %% 50 = 0 THEN 'absent' ELSE 'present' END
  FROM kids, unnest(%(days)s::date[]) AS day
), rated AS (
  INSERT INTO crm_satisfaction (tenant_id, customer_id, answered_on, score, channel, comment)
  SELECT tenant_id, customer_id, date '2026-06-01' + (id %% 90)::int, 1 + (id %% 5)::int, 'phone', '' FROM kids
)
INSERT INTO crm_timelineentry (tenant_id, customer_id, kind, channel, at, day, title, text)
SELECT tenant_id, customer_id, kind, '', at, at::date, '', ''
FROM (SELECT tenant_id, customer_id, 'contact' AS kind, timestamptz '2026-09-01' - (id %% 120) * interval '1 day' AS at FROM kids
      UNION ALL SELECT tenant_id, customer_id, 'complaint', timestamptz '2026-08-01' FROM kids WHERE id %% 10 = 0
      UNION ALL SELECT tenant_id, customer_id, 'transfer_signal', timestamptz '2026-09-10' FROM kids WHERE id %% 30 = 0) told
