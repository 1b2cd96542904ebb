-- What passed its day undone, once: for each customer what it was, apart what was promised and what was only a greeting.
WITH missed AS (
  UPDATE service_levels_touch SET missed_on = %(day)s
  WHERE tenant_id = %(tenant)s AND entry_id IS NULL AND voided_on IS NULL AND missed_on IS NULL AND due_on < %(day)s
  RETURNING customer_id, text, due_on, occasion = 'rhythm' AS promised
)
SELECT customer_id, promised, string_agg(DISTINCT text, %(comma)s ORDER BY text), max(due_on)
FROM missed GROUP BY customer_id, promised ORDER BY customer_id, promised
