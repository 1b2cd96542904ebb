-- Children whose birthday is near, of families whose plan keeps birthdays; not of a child that has left.
INSERT INTO service_levels_touch
  (tenant_id, customer_id, line, text, occasion, about, ways, label, band, opens_on, due_on, why)
SELECT %(tenant)s, e.customer_id, p.line, p.text, 'birthday', 'child-' || k.id, p.ways, e.label, e.band, p.opens, p.due, ''
FROM unnest(%(versions)s::bigint[], %(plans)s::varchar[], %(campuses)s::bigint[], %(lines)s::varchar[], %(texts)s::varchar[],
            %(ways)s::varchar[], %(months)s::int[], %(days)s::int[], %(lunars)s::boolean[], %(opens)s::date[], %(dues)s::date[])
     AS p (version_id, plan, campus_id, line, text, ways, month, day, lunar, opens, due)
JOIN service_levels_entitlement e ON e.version_id = p.version_id AND e.plan = p.plan
JOIN crm_customer c ON c.id = e.customer_id AND c.campus_id = p.campus_id
JOIN crm_family f ON f.customer_id = c.id
JOIN crm_child k ON k.family_id = f.id AND extract(month FROM k.born_on) = p.month AND extract(day FROM k.born_on) = p.day
WHERE NOT p.lunar AND e.tenant_id = %(tenant)s AND c.tenant_id = %(tenant)s AND f.tenant_id = %(tenant)s AND k.tenant_id = %(tenant)s
  AND e.until_on IS NULL AND e.from_on <= p.due AND c.deleted_at IS NULL
  AND (NOT EXISTS (SELECT FROM crm_enrolment n WHERE n.tenant_id = %(tenant)s AND n.child_id = k.id)
       OR EXISTS (SELECT FROM crm_enrolment n WHERE n.tenant_id = %(tenant)s AND n.child_id = k.id AND (n.until_on IS NULL OR n.until_on >= p.due)))
ON CONFLICT (tenant_id, customer_id, line, due_on, about) DO NOTHING
