-- Who is served differently from today on, into entitlement_stage: by the tier and risk of now, whose cell names a plan.
-- A customer with the school but without a tier has the plan of who is not rated; without a risk it counts as low.
-- With plan '' stand those who are not with the school any more.
WITH cells AS (
  SELECT * FROM unnest(%(versions)s::bigint[], %(schemes)s::bigint[], %(types)s::bigint[], %(labels)s::varchar[], %(bands)s::varchar[],
                       %(plans)s::varchar[]) AS c (version_id, scheme_id, type_id, label, band, plan)
), risks AS (
  SELECT r.customer_id, r.band FROM churn_riskstanding r WHERE r.tenant_id = %(tenant)s AND r.until_on IS NULL
), tiers AS (
  SELECT DISTINCT ON (s.customer_id) s.customer_id, s.scheme_id, s.label FROM tiering_standing s
  WHERE s.tenant_id = %(tenant)s AND s.until_on IS NULL AND s.label <> ''
    AND EXISTS (SELECT FROM cells c WHERE c.scheme_id = s.scheme_id AND c.label = s.label)
  ORDER BY s.customer_id, s.scheme_id
), wanted AS (
  SELECT k.id AS customer_id, c.version_id, c.plan, c.label, c.band
  FROM crm_customer k
  LEFT JOIN tiers t ON t.customer_id = k.id
  LEFT JOIN risks r ON r.customer_id = k.id
  JOIN cells c ON c.band = coalesce(r.band, 'low') AND c.label = coalesce(t.label, '')
              AND CASE WHEN t.scheme_id IS NULL THEN c.type_id = k.type_id ELSE c.scheme_id = t.scheme_id END
  WHERE k.tenant_id = %(tenant)s AND k.deleted_at IS NULL AND (t.customer_id IS NOT NULL OR r.customer_id IS NOT NULL)
), held AS (
  SELECT e.customer_id, e.version_id, e.plan, e.label, e.band FROM service_levels_entitlement e
  WHERE e.tenant_id = %(tenant)s AND e.until_on IS NULL
)
INSERT INTO entitlement_stage (customer_id, version_id, plan, label, band, before)
SELECT coalesce(w.customer_id, h.customer_id), w.version_id, coalesce(w.plan, ''), coalesce(w.label, ''), coalesce(w.band, 'low'),
       coalesce(h.plan, '')
FROM wanted w FULL JOIN held h ON h.customer_id = w.customer_id
WHERE (w.version_id, w.plan, w.label, w.band) IS DISTINCT FROM (h.version_id, h.plan, h.label, h.band)
