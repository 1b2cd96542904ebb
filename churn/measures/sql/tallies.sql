-- One tally for the families of a measure (treated) and one for those they are compared with, over some days. Families, not children.
-- A family belongs to the measure if any of its enrolments in these days does; to the comparison if none does and one is in there.
WITH stay AS (
  SELECT f.customer_id,
         bool_or(e.campus_id = ANY(%(campuses)s) AND (%(classes)s::bigint[] IS NULL OR e.class_group_id = ANY(%(classes)s))) AS treated,
         bool_or(e.campus_id = ANY(%(others)s) AND (%(other_classes)s::bigint[] IS NULL OR e.class_group_id = ANY(%(other_classes)s))) AS beside,
         bool_or(e.from_on <= %(first)s) AS at_start,
         bool_or(e.until_on IS NULL OR e.until_on >= %(last)s) AS at_end,
         bool_or(e.until_on < %(last)s AND e.outcome = ANY(%(natural)s)) AS naturally
  FROM crm_enrolment e
  JOIN crm_child h ON h.tenant_id = e.tenant_id AND h.id = e.child_id
  JOIN crm_family f ON f.tenant_id = h.tenant_id AND f.id = h.family_id
  JOIN crm_customer c ON c.tenant_id = f.tenant_id AND c.id = f.customer_id
  WHERE e.tenant_id = %(tenant)s AND e.from_on <= %(last)s AND (e.until_on IS NULL OR e.until_on >= %(first)s)
    AND c.deleted_at IS NULL AND c.erased_at IS NULL
  GROUP BY f.customer_id
), families AS MATERIALIZED (
  SELECT s.customer_id, s.treated, s.at_end,
         s.at_start AND (s.at_end OR NOT (s.naturally OR EXISTS (
           SELECT 1 FROM churn_churncase n
           WHERE n.tenant_id = %(tenant)s AND n.customer_id = s.customer_id AND n.state = 'natural' AND n.left_on BETWEEN %(first)s AND %(last)s)))
           AS counted
  FROM stay s WHERE s.treated OR s.beside
), paid AS (
  SELECT DISTINCT p.customer_id
  FROM crm_payment p JOIN crm_feekind k ON k.tenant_id = p.tenant_id AND k.id = p.fee_kind_id
  WHERE p.tenant_id = %(tenant)s AND p.paid_on BETWEEN %(first)s AND %(last)s AND p.amount_fen > 0 AND k.counts
    AND p.customer_id IN (SELECT customer_id FROM families)
), spoke AS (
  SELECT DISTINCT t.customer_id FROM crm_timelineentry t
  WHERE t.tenant_id = %(tenant)s AND t.kind = 'transfer_signal' AND t.day BETWEEN %(first)s AND %(last)s
), recommended AS (
  SELECT DISTINCT r.referrer_id AS customer_id FROM crm_referral r
  WHERE r.tenant_id = %(tenant)s AND r.referred_on BETWEEN %(first)s AND %(last)s AND r.counts
), said AS (
  SELECT DISTINCT ON (s.customer_id) s.customer_id, s.score
  FROM crm_satisfaction s
  WHERE s.tenant_id = %(tenant)s AND s.answered_on BETWEEN %(first)s AND %(last)s
  ORDER BY s.customer_id, s.answered_on DESC, s.id DESC
)
SELECT f.treated,
       count(*) FILTER (WHERE f.counted),
       count(*) FILTER (WHERE f.at_end),
       count(*) FILTER (WHERE f.counted AND f.at_end AND paid.customer_id IS NOT NULL),
       count(*) FILTER (WHERE f.counted AND f.at_end AND spoke.customer_id IS NULL),
       count(*) FILTER (WHERE f.counted AND recommended.customer_id IS NOT NULL),
       count(*) FILTER (WHERE f.counted AND NOT f.at_end),
       count(said.score),
       count(*) FILTER (WHERE said.score >= %(satisfied)s)
FROM families f
LEFT JOIN paid ON paid.customer_id = f.customer_id
LEFT JOIN spoke ON spoke.customer_id = f.customer_id
LEFT JOIN recommended ON recommended.customer_id = f.customer_id
LEFT JOIN said ON said.customer_id = f.customer_id
GROUP BY f.treated
