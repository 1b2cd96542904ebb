-- The signs of every present family on one day, as a set; what they are worth is decided in Python alone (churn/risk/rules.py).
-- Columns stand in the order of churn.risk.rules.SIGNS, after customer and campus. Facts count by their own date; null: nothing is known.
-- ``campuses`` and ``days`` are pairs: a campus and one of its last twenty school days.
WITH stay AS (
  SELECT f.customer_id, min(e.from_on) AS first_on, bool_or(e.until_on IS NULL OR e.until_on >= %(as_of)s) AS enrolled
  FROM crm_enrolment e
  JOIN crm_child h ON h.tenant_id = e.tenant_id AND h.id = e.child_id
  JOIN crm_family f ON f.tenant_id = h.tenant_id AND f.id = h.family_id
  WHERE e.tenant_id = %(tenant)s AND e.from_on <= %(as_of)s
    AND (%(only)s::bigint[] IS NULL OR f.customer_id = ANY(%(only)s))
  GROUP BY f.customer_id
), gaps AS (
  SELECT d.customer_id, d.paid_on, d.paid_on - lag(d.paid_on) OVER (PARTITION BY d.customer_id ORDER BY d.paid_on) AS gap
  FROM (SELECT DISTINCT p.customer_id, p.paid_on
        FROM crm_payment p JOIN crm_feekind k ON k.tenant_id = p.tenant_id AND k.id = p.fee_kind_id
        WHERE p.tenant_id = %(tenant)s AND p.paid_on <= %(as_of)s AND p.amount_fen > 0 AND k.counts
          AND (%(only)s::bigint[] IS NULL OR p.customer_id = ANY(%(only)s))) d
), money AS (
  SELECT g.customer_id, min(g.paid_on) AS first_paid, max(g.paid_on) AS last_paid, count(g.gap) AS gaps,
         percentile_disc(0.5) WITHIN GROUP (ORDER BY g.gap) AS usual
  FROM gaps g GROUP BY g.customer_id
), who AS MATERIALIZED (
  SELECT c.id, c.campus_id, c.since, stay.first_on, money.first_paid, money.last_paid, money.gaps, money.usual
  FROM crm_customer c
  JOIN crm_family f ON f.tenant_id = c.tenant_id AND f.customer_id = c.id
  LEFT JOIN stay ON stay.customer_id = c.id
  LEFT JOIN money ON money.customer_id = c.id
  WHERE c.tenant_id = %(tenant)s AND c.since <= %(as_of)s AND c.deleted_at IS NULL AND c.erased_at IS NULL
    AND (%(only)s::bigint[] IS NULL OR c.id = ANY(%(only)s))
    AND (stay.enrolled OR (stay.customer_id IS NULL AND money.customer_id IS NOT NULL))
), school_days AS (
  SELECT * FROM unnest(%(campuses)s::bigint[], %(days)s::date[]) AS s (campus_id, day)
), attended AS (
  SELECT d.customer_id, d.child_id, d.day, d.missed, max(d.day) FILTER (WHERE NOT d.missed) OVER (PARTITION BY d.child_id) AS last_present
  FROM (SELECT DISTINCT f.customer_id, e.child_id, s.day, a.status <> 'present' AS missed
        FROM crm_enrolment e
        JOIN school_days s ON s.campus_id = e.campus_id
        JOIN crm_attendance a ON a.tenant_id = e.tenant_id AND a.child_id = e.child_id AND a.day = s.day
        JOIN crm_child h ON h.tenant_id = e.tenant_id AND h.id = e.child_id
        JOIN crm_family f ON f.tenant_id = h.tenant_id AND f.id = h.family_id
        WHERE e.tenant_id = %(tenant)s AND e.from_on <= %(as_of)s AND (e.until_on IS NULL OR e.until_on >= %(as_of)s)
          AND (%(only)s::bigint[] IS NULL OR f.customer_id = ANY(%(only)s))) d
), absence AS (
  SELECT c.customer_id, max(c.missed) AS missed, max(c.run) AS run
  FROM (SELECT t.customer_id, t.child_id, count(*) FILTER (WHERE t.missed) * 100 / count(*) AS missed,
               count(*) FILTER (WHERE t.missed AND (t.last_present IS NULL OR t.day > t.last_present)) AS run
        FROM attended t GROUP BY t.customer_id, t.child_id HAVING count(*) >= %(least_days)s) c
  GROUP BY c.customer_id
), lived AS (
  SELECT t.customer_id,
         max(t.day) FILTER (WHERE t.kind IN ('contact', 'consultation', 'visit', 'event', 'survey')) AS last_seen,
         count(*) FILTER (WHERE t.kind = 'promise_broken' AND t.day > %(as_of)s - 180) AS broken,
         count(*) FILTER (WHERE t.kind = 'complaint' AND t.day > %(as_of)s - 180) AS complaints,
         count(*) FILTER (WHERE t.kind = 'transfer_signal' AND t.day > %(as_of)s - 90) AS transfer
  FROM crm_timelineentry t
  WHERE t.tenant_id = %(tenant)s AND t.day <= %(as_of)s
    AND t.kind IN ('contact', 'consultation', 'visit', 'event', 'survey', 'promise_broken', 'complaint', 'transfer_signal')
    AND (%(only)s::bigint[] IS NULL OR t.customer_id = ANY(%(only)s))
  GROUP BY t.customer_id
), asked AS (
  SELECT r.customer_id, count(*) AS unanswered
  FROM crm_surveyresponse r
  WHERE r.tenant_id = %(tenant)s AND r.asked_at >= %(asked_from)s AND r.asked_at < %(asked_until)s
    AND (r.answered_at IS NULL OR r.answered_at >= %(end)s)
    AND (%(only)s::bigint[] IS NULL OR r.customer_id = ANY(%(only)s))
  GROUP BY r.customer_id
), pleased AS (
  SELECT DISTINCT ON (s.customer_id) s.customer_id, s.score * 100 AS satisfaction
  FROM crm_satisfaction s
  WHERE s.tenant_id = %(tenant)s AND s.answered_on <= %(as_of)s AND s.answered_on > %(as_of)s - 365
    AND (%(only)s::bigint[] IS NULL OR s.customer_id = ANY(%(only)s))
  ORDER BY s.customer_id, s.answered_on DESC, s.id DESC
), lessons AS (
  SELECT l.customer_id, coalesce(sum(l.bought + l.gifted - l.used) FILTER (WHERE l.expires_on IS NULL OR l.expires_on >= %(as_of)s), 0) AS left_over
  FROM crm_lessonpackage l
  WHERE l.tenant_id = %(tenant)s AND l.bought_on <= %(as_of)s AND %(is_now)s  -- how many were used is known of today only
    AND (%(only)s::bigint[] IS NULL OR l.customer_id = ANY(%(only)s))
  GROUP BY l.customer_id
)
SELECT who.id, who.campus_id,
       absence.missed, absence.run,
       CASE WHEN who.gaps >= %(least_gaps)s THEN (%(as_of)s - who.last_paid) * 100 / who.usual END,
       %(as_of)s - greatest(lived.last_seen, who.since),
       coalesce(asked.unanswered, 0), coalesce(lived.broken, 0), pleased.satisfaction, coalesce(lived.complaints, 0),
       lessons.left_over::bigint,
       %(as_of)s - coalesce(who.first_on, who.first_paid, who.since) + 1,
       coalesce(lived.transfer, 0)
FROM who
LEFT JOIN absence ON absence.customer_id = who.id
LEFT JOIN lived ON lived.customer_id = who.id
LEFT JOIN asked ON asked.customer_id = who.id
LEFT JOIN pleased ON pleased.customer_id = who.id
LEFT JOIN lessons ON lessons.customer_id = who.id
ORDER BY who.id
