-- What is still to be done under a plan that holds no more is not owed any more, nor what nobody has done for long; what was missed stays so.
UPDATE service_levels_touch t SET voided_on = %(day)s, why = %(why)s
WHERE t.tenant_id = %(tenant)s AND t.entry_id IS NULL AND t.voided_on IS NULL
  AND (t.due_on < %(given_up)s OR NOT EXISTS (
    SELECT FROM service_levels_entitlement e
    JOIN unnest(%(versions)s::bigint[], %(plans)s::varchar[], %(lines)s::varchar[]) AS p (version_id, plan, line)
      ON p.version_id = e.version_id AND p.plan = e.plan
    WHERE e.tenant_id = %(tenant)s AND e.customer_id = t.customer_id AND e.until_on IS NULL AND p.line = t.line))
