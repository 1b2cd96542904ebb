-- Points whose last day is over: of what came and is over, what nobody has spent. %(customers)s are held by the caller, or NULL to find them.
-- What was taken back, and the entry that took it back, were never there.
WITH counted AS (
  SELECT p.customer_id, p.points, p.last_on FROM service_levels_pointsentry p
  WHERE p.tenant_id = %(tenant)s AND p.undoes_id IS NULL
    AND (%(customers)s::bigint[] IS NULL OR p.customer_id = ANY(%(customers)s))
    AND NOT EXISTS (SELECT FROM service_levels_pointsentry u WHERE u.tenant_id = %(tenant)s AND u.undoes_id = p.id)
)
SELECT customer_id, (coalesce(sum(points) FILTER (WHERE points > 0 AND last_on < %(day)s), 0)
                   + coalesce(sum(points) FILTER (WHERE points < 0), 0))::int AS over
FROM counted GROUP BY customer_id
HAVING coalesce(sum(points) FILTER (WHERE points > 0 AND last_on < %(day)s), 0)
     + coalesce(sum(points) FILTER (WHERE points < 0), 0) > 0
