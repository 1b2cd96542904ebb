-- Every customer of a batch beside the published batch before it: where it was and where it is now.
-- To be asked as whole sets (tenancy/plans.py): a batch of this minute has no statistics, and a nested loop over it never ends.
-- ``positions`` translates the tiers of the earlier version into those of this one (null: a label that is no more).
WITH here AS (
  SELECT r.customer_id, r.tier, cardinality(r.held) > 0 AS held FROM tiering_result r
  WHERE r.tenant_id = %(tenant)s AND r.batch_id = %(batch)s
    AND (%(campuses)s::bigint[] IS NULL OR r.campus_id_then = ANY(%(campuses)s))
), there AS (
  SELECT r.customer_id, r.tier AS old_tier, (%(positions)s::int[])[r.tier + 1] AS tier FROM tiering_result r
  WHERE r.tenant_id = %(tenant)s AND r.batch_id = %(previous)s
    AND (%(campuses)s::bigint[] IS NULL OR r.campus_id_then = ANY(%(campuses)s))
), lines AS (
  SELECT coalesce(h.customer_id, t.customer_id) AS customer_id, t.tier AS before, h.tier AS after, t.old_tier,
         h.customer_id IS NOT NULL AS is_here, t.customer_id IS NOT NULL AS was_there, coalesce(h.held, false) AS held
  FROM here h FULL JOIN there t ON t.customer_id = h.customer_id
)
