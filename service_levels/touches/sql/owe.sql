-- What plans owe by their rhythm and on festivals, to every customer whom the line has held long enough; what is owed already stays.
INSERT INTO service_levels_touch
  (tenant_id, customer_id, line, text, occasion, about, ways, label, band, opens_on, due_on, why)
SELECT %(tenant)s, e.customer_id, p.line, p.text, p.occasion, p.about, p.ways, e.label, e.band, p.opens, p.due, ''
FROM unnest(%(versions)s::bigint[], %(plans)s::varchar[], %(campuses)s::bigint[], %(lines)s::varchar[], %(texts)s::varchar[],
            %(occasions)s::varchar[], %(abouts)s::varchar[], %(ways)s::varchar[], %(opens)s::date[], %(dues)s::date[], %(sinces)s::date[])
     AS p (version_id, plan, campus_id, line, text, occasion, about, ways, opens, due, since)
JOIN service_levels_entitlement e ON e.version_id = p.version_id AND e.plan = p.plan
JOIN crm_customer c ON c.id = e.customer_id AND c.campus_id = p.campus_id
WHERE e.tenant_id = %(tenant)s AND c.tenant_id = %(tenant)s AND e.until_on IS NULL AND e.from_on <= p.since AND c.deleted_at IS NULL
ON CONFLICT (tenant_id, customer_id, line, due_on, about) DO NOTHING
