-- Any real contact settles what the rhythm owes from its span on, and a greeting from its day on; the first one counts.
UPDATE service_levels_touch t SET entry_id = first.entry_id, kept_on = first.day
FROM (
  SELECT DISTINCT ON (o.id) o.id AS touch_id, e.id AS entry_id, e.day
  FROM service_levels_touch o
  JOIN crm_timelineentry e ON e.tenant_id = o.tenant_id AND e.customer_id = o.customer_id
  WHERE o.tenant_id = %(tenant)s AND o.entry_id IS NULL AND o.voided_on IS NULL AND o.opens_on <= %(day)s
    AND (%(customer)s::bigint IS NULL OR o.customer_id = %(customer)s)
    AND e.kind = ANY (%(kinds)s) AND e.channel <> ALL (%(one_way)s) AND e.day <= %(day)s
    AND (o.occasion = 'rhythm' AND e.day >= o.opens_on OR o.occasion IN ('festival', 'birthday', 'anniversary') AND e.day >= o.due_on)
  ORDER BY o.id, e.day, e.id
) first
WHERE t.tenant_id = %(tenant)s AND t.id = first.touch_id
