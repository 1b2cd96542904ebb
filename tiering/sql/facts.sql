-- Facts of every customer of one type on one day, as a set; what they are worth is decided in Python alone.
-- Columns stand in the order of tiering.rules.FACTS, after customer and campus. Facts count by their own date.
-- Tenure is the longest stay among the children. Windows are days the fact must be after; null means all time. Units: 分, days, counts, rating × 100, points × 10.
WITH who AS MATERIALIZED (
  SELECT c.id, c.campus_id, c.since
  FROM crm_customer c
  WHERE c.tenant_id = %(tenant)s AND c.type_id = %(type)s AND c.since <= %(as_of)s
    AND c.deleted_at IS NULL AND c.erased_at IS NULL
    AND (%(only)s::bigint[] IS NULL OR c.id = ANY(%(only)s))
), money AS (
  SELECT p.customer_id,
         sum(CASE WHEN p.paid_on > coalesce(%(spend_after)s::date, '-infinity')
                  THEN CASE WHEN %(list_price)s THEN coalesce(p.list_fen, p.amount_fen) ELSE p.amount_fen END END)
           FILTER (WHERE k.counts) AS spend,
         count(DISTINCT p.paid_on) FILTER (WHERE p.paid_on > coalesce(%(frequency_after)s::date, '-infinity')) AS frequency,
         min(p.paid_on) AS first_paid
  FROM crm_payment p JOIN crm_feekind k ON k.tenant_id = p.tenant_id AND k.id = p.fee_kind_id
  WHERE p.tenant_id = %(tenant)s AND p.paid_on <= %(as_of)s
    AND (%(only)s::bigint[] IS NULL OR p.customer_id = ANY(%(only)s))
  GROUP BY p.customer_id
), stay AS (
  SELECT s.customer_id, max(s.days) AS days, min(s.first_on) AS first_on, bool_or(s.enrolled) AS enrolled
  FROM (SELECT f.customer_id, e.child_id, min(e.from_on) AS first_on,
               sum(least(coalesce(e.until_on, %(as_of)s), %(as_of)s) - e.from_on + 1) AS days,
               bool_or(e.until_on IS NULL OR e.until_on >= %(as_of)s) AS enrolled
        FROM crm_enrolment e
        JOIN crm_child h ON h.tenant_id = e.tenant_id AND h.id = e.child_id
        JOIN crm_family f ON f.tenant_id = h.tenant_id AND f.id = h.family_id
        WHERE e.tenant_id = %(tenant)s AND e.from_on <= %(as_of)s
          AND (%(only)s::bigint[] IS NULL OR f.customer_id = ANY(%(only)s))
        GROUP BY f.customer_id, e.child_id) s
  GROUP BY s.customer_id
), introduced AS (
  SELECT r.referrer_id AS customer_id, count(*) AS referred,
         count(*) FILTER (WHERE r.converted_on <= %(as_of)s) AS converted,
         sum(CASE WHEN r.converted_on <= %(as_of)s THEN %(converted)s
                  WHEN r.result IN ('visited', 'converted') THEN %(visited)s ELSE %(referred)s END
             / CASE WHEN %(halve_after)s > 0 AND %(as_of)s - r.referred_on > %(halve_after)s THEN 2 ELSE 1 END)
           FILTER (WHERE r.referred_on > coalesce(%(influence_after)s::date, '-infinity')) AS influence
  FROM crm_referral r
  WHERE r.tenant_id = %(tenant)s AND r.referred_on <= %(as_of)s AND r.counts
    AND (%(only)s::bigint[] IS NULL OR r.referrer_id = ANY(%(only)s))
  GROUP BY r.referrer_id
), lived AS (
  SELECT t.customer_id,
         count(*) FILTER (WHERE t.kind = 'event' AND t.day > coalesce(%(activities_after)s::date, '-infinity')) AS activities,
         count(*) FILTER (WHERE t.kind IN ('contact', 'consultation', 'visit')
                            AND t.day > coalesce(%(contacts_after)s::date, '-infinity')) AS contacts,
         count(*) FILTER (WHERE t.kind = 'complaint' AND t.day > %(as_of)s - 365) AS complaints,
         count(*) FILTER (WHERE t.kind = 'transfer_signal' AND t.day > %(as_of)s - %(transfer_days)s) AS transfer
  FROM crm_timelineentry t
  WHERE t.tenant_id = %(tenant)s AND t.day <= %(as_of)s
    AND t.kind IN ('event', 'contact', 'consultation', 'visit', 'complaint', 'transfer_signal')
    AND (%(only)s::bigint[] IS NULL OR t.customer_id = ANY(%(only)s))
  GROUP BY t.customer_id
), intent AS (
  SELECT DISTINCT ON (i.customer_id) i.customer_id,
         (i.philosophy + i.teaching + i.co_education + i.eagerness + i.likelihood) * 20 AS rating
  FROM crm_intentrating i
  WHERE i.tenant_id = %(tenant)s AND i.rated_on <= %(as_of)s AND i.rated_on > coalesce(%(intent_after)s::date, '-infinity')
    AND (%(only)s::bigint[] IS NULL OR i.customer_id = ANY(%(only)s))
  ORDER BY i.customer_id, i.rated_on DESC, i.id DESC
), assessed AS (
  SELECT x.customer_id, max(x.score) FILTER (WHERE x.about = 'credit') * 100 AS credit,
         max(x.score) FILTER (WHERE x.about = 'complexity') * 100 AS complexity
  FROM (SELECT DISTINCT ON (a.customer_id, a.about) a.customer_id, a.about, a.score
        FROM crm_assessment a
        WHERE a.tenant_id = %(tenant)s AND a.assessed_on <= %(as_of)s
          AND (%(only)s::bigint[] IS NULL OR a.customer_id = ANY(%(only)s))
        ORDER BY a.customer_id, a.about, a.assessed_on DESC, a.id DESC) x
  GROUP BY x.customer_id
), pleased AS (
  SELECT s.customer_id, round(avg(s.score) * 100)::bigint AS satisfaction
  FROM crm_satisfaction s
  WHERE s.tenant_id = %(tenant)s AND s.answered_on <= %(as_of)s AND s.answered_on > %(as_of)s - 365
    AND (%(only)s::bigint[] IS NULL OR s.customer_id = ANY(%(only)s))
  GROUP BY s.customer_id
)
SELECT who.id, who.campus_id,
       coalesce(money.spend, 0)::bigint, intent.rating, coalesce(introduced.influence, 0)::bigint,
       coalesce(stay.days, %(as_of)s - least(money.first_paid, who.since) + 1)::bigint, coalesce(money.frequency, 0)::bigint,
       assessed.credit, assessed.complexity,
       coalesce(lived.activities, 0), coalesce(lived.contacts, 0), pleased.satisfaction,
       coalesce(introduced.referred, 0), coalesce(introduced.converted, 0),
       coalesce(lived.complaints, 0), coalesce(lived.transfer, 0),
       (%(as_of)s - least(stay.first_on, money.first_paid, who.since) + 1)::bigint
FROM who
LEFT JOIN money ON money.customer_id = who.id
LEFT JOIN stay ON stay.customer_id = who.id
LEFT JOIN introduced ON introduced.customer_id = who.id
LEFT JOIN lived ON lived.customer_id = who.id
LEFT JOIN intent ON intent.customer_id = who.id
LEFT JOIN assessed ON assessed.customer_id = who.id
LEFT JOIN pleased ON pleased.customer_id = who.id
WHERE %(stage)s = 'any' OR (%(stage)s = 'enrolled' AND stay.enrolled) OR (%(stage)s = 'prospect' AND stay.customer_id IS NULL)
ORDER BY who.id
