-- Standings take over a published batch: who moved, came or left is closed, then opened anew. An approved
-- override that has not expired keeps its tier over the rules'. Returns the number of standings opened.
WITH held AS (
  SELECT DISTINCT ON (o.customer_id) o.customer_id, o.id, o.tier FROM tiering_override o
  WHERE o.tenant_id = %(tenant)s AND o.scheme_id = %(scheme)s AND o.approved_at IS NOT NULL AND o.expires_on > %(as_of)s
  ORDER BY o.customer_id, o.id DESC
), judged AS (
  SELECT r.customer_id, coalesce(o.tier, r.tier) AS tier, r.score, o.id AS override_id
  FROM tiering_result r LEFT JOIN held o ON o.customer_id = r.customer_id
  WHERE r.tenant_id = %(tenant)s AND r.batch_id = %(batch)s
), closed AS (
  UPDATE tiering_standing s SET until_on = greatest(%(as_of)s, s.from_on)
  WHERE s.tenant_id = %(tenant)s AND s.scheme_id = %(scheme)s AND s.until_on IS NULL
    AND NOT EXISTS (SELECT FROM judged j WHERE j.customer_id = s.customer_id AND j.tier IS NOT DISTINCT FROM s.tier)
  RETURNING s.customer_id
), same AS (
  UPDATE tiering_standing s SET score = j.score, batch_id = %(batch)s
  FROM judged j
  WHERE s.tenant_id = %(tenant)s AND s.scheme_id = %(scheme)s AND s.until_on IS NULL
    AND j.customer_id = s.customer_id AND j.tier IS NOT DISTINCT FROM s.tier
  RETURNING s.customer_id
), opened AS (
  INSERT INTO tiering_standing (tenant_id, scheme_id, customer_id, tier, label, score, from_on, batch_id, override_id)
  SELECT %(tenant)s, %(scheme)s, j.customer_id, j.tier, coalesce((%(labels)s::varchar[])[j.tier + 1], ''), j.score, %(as_of)s,
         %(batch)s, j.override_id
  FROM judged j
  WHERE NOT EXISTS (SELECT FROM same WHERE same.customer_id = j.customer_id)
    AND (SELECT count(*) FROM closed) >= 0  -- only after the closing, or the old row is still in the way
  RETURNING 1
)
SELECT count(*) FROM opened
