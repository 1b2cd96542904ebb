-- The family's own days that are near; for whoever has told none, the day a child first came.
WITH p AS (
  SELECT * FROM unnest(%(versions)s::bigint[], %(plans)s::varchar[], %(campuses)s::bigint[], %(lines)s::varchar[], %(texts)s::varchar[],
                       %(ways)s::varchar[], %(months)s::int[], %(days)s::int[], %(lunars)s::boolean[], %(opens)s::date[], %(dues)s::date[],
                       %(years)s::int[])
    AS p (version_id, plan, campus_id, line, text, ways, month, day, lunar, opens, due, year)
), owed AS (
  SELECT e.customer_id, e.label, e.band, f.id AS family_id, p.*
  FROM p
  JOIN service_levels_entitlement e ON e.version_id = p.version_id AND e.plan = p.plan
  JOIN crm_customer c ON c.id = e.customer_id AND c.campus_id = p.campus_id
  JOIN crm_family f ON f.customer_id = c.id
  WHERE e.tenant_id = %(tenant)s AND c.tenant_id = %(tenant)s AND f.tenant_id = %(tenant)s AND e.until_on IS NULL AND e.from_on <= p.due
    AND c.deleted_at IS NULL
), near AS (
  SELECT o.*, 'day-' || a.id AS about FROM owed o
  JOIN crm_anniversary a ON a.family_id = o.family_id AND (a.month, a.day, a.lunar) = (o.month, o.day, o.lunar)
  WHERE a.tenant_id = %(tenant)s
  UNION ALL
  SELECT o.*, 'came-' || k.id FROM owed o
  JOIN crm_child k ON k.family_id = o.family_id
  CROSS JOIN LATERAL (SELECT min(n.from_on) AS came, bool_or(n.until_on IS NULL OR n.until_on >= o.due) AS here FROM crm_enrolment n
                      WHERE n.tenant_id = %(tenant)s AND n.child_id = k.id) s
  WHERE k.tenant_id = %(tenant)s AND NOT o.lunar AND s.here AND extract(year FROM s.came) < o.year
    AND extract(month FROM s.came) = o.month AND extract(day FROM s.came) = o.day
    AND NOT EXISTS (SELECT FROM crm_anniversary a WHERE a.tenant_id = %(tenant)s AND a.family_id = o.family_id)
)
INSERT INTO service_levels_touch
  (tenant_id, customer_id, line, text, occasion, about, ways, label, band, opens_on, due_on, why)
SELECT %(tenant)s, customer_id, line, text, %(occasion)s, about, ways, label, band, opens, due, '' FROM near
ON CONFLICT (tenant_id, customer_id, line, due_on, about) DO NOTHING
