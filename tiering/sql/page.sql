-- One view of a batch, by customer. Both batches are gone through in step by their keys, and no further than the page asked for.
-- The same lines as lines.sql has with is_here; ``positions`` as there.
SELECT customer_id, before, after FROM (
  SELECT h.customer_id, (%(positions)s::int[])[t.tier + 1] AS before, h.tier AS after, cardinality(h.held) > 0 AS held
  FROM tiering_result h
  LEFT JOIN tiering_result t ON t.tenant_id = %(tenant)s AND t.batch_id = %(previous)s AND t.customer_id = h.customer_id
    AND (%(campuses)s::bigint[] IS NULL OR t.campus_id_then = ANY(%(campuses)s))
  WHERE h.tenant_id = %(tenant)s AND h.batch_id = %(batch)s
    AND (%(campuses)s::bigint[] IS NULL OR h.campus_id_then = ANY(%(campuses)s))
) lines
