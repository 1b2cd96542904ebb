-- The smallest honest program: the same facts aggregated, scored by CASE and inserted, for all schools in one statement.
INSERT INTO bench_result (tenant_id, batch_id, customer_id, campus_id_then, facts, parts, score, tier, uncapped, held, missing)
SELECT tenant_id, 0, id, campus_id, ARRAY[spend, intent, influence, tenure, frequency, activities, contacts, satisfaction, referred, converted, transfer],
       ARRAY[p1, p2, p3, p4, p5, p6, p7], p1 + p2 + p3 + p4 + p5 + p6 + p7,
       CASE WHEN p1 + p2 + p3 + p4 + p5 + p6 + p7 >= 7500 AND converted >= 1 THEN 0 WHEN p1 + p2 + p3 + p4 + p5 + p6 + p7 >= 5500 THEN 1
            WHEN p1 + p2 + p3 + p4 + p5 + p6 + p7 >= 3500 THEN 2 ELSE 3 END, 0, '{}', '{}'
FROM (
  SELECT c.tenant_id, c.id, c.campus_id, m.spend, i.intent, coalesce(r.influence, 0) AS influence, s.tenure, m.frequency,
         coalesce(e.activities, 0) AS activities, coalesce(e.contacts, 0) AS contacts, q.satisfaction, coalesce(r.referred, 0) AS referred, coalesce(r.converted, 0) AS converted,
         coalesce(e.transfer, 0) AS transfer,
         CASE WHEN m.spend >= 2400000 THEN 3000 WHEN m.spend >= 1800000 THEN 2400 WHEN m.spend >= 1400000 THEN 1800
              WHEN m.spend >= 800000 THEN 1050 ELSE 300 END AS p1,
         CASE WHEN i.intent IS NULL THEN 1000 ELSE (i.intent - 100) * 5 END::int AS p2,
         CASE WHEN r.influence >= 100 THEN 2000 WHEN r.influence >= 50 THEN 1600 WHEN r.influence >= 20 THEN 1100
              WHEN r.influence >= 10 THEN 800 ELSE 0 END AS p3,
         CASE WHEN s.tenure >= 1095 THEN 1500 WHEN s.tenure >= 730 THEN 1275 WHEN s.tenure >= 365 THEN 900
              WHEN s.tenure >= 182 THEN 600 ELSE 150 END AS p4,
         least(500, coalesce(e.activities, 0) * 70)::int AS p5, least(500, coalesce(e.contacts, 0) * 125)::int AS p6,
         CASE WHEN q.satisfaction IS NULL THEN 250 ELSE (q.satisfaction - 100) * 5 / 4 END::int AS p7
  FROM crm_customer c
  JOIN (SELECT p.customer_id, sum(coalesce(p.list_fen, p.amount_fen)) FILTER (WHERE p.paid_on > %(as_of)s - 365)::bigint AS spend,
               count(DISTINCT p.paid_on) AS frequency
        FROM crm_payment p JOIN crm_feekind k ON k.id = p.fee_kind_id AND k.counts WHERE p.paid_on <= %(as_of)s
          AND p.tenant_id = ANY(%(tenants)s) GROUP BY p.customer_id) m ON m.customer_id = c.id
  JOIN (SELECT f.customer_id, max(least(coalesce(n.until_on, %(as_of)s), %(as_of)s) - n.from_on + 1) AS tenure
        FROM crm_enrolment n JOIN crm_child h ON h.id = n.child_id JOIN crm_family f ON f.id = h.family_id
        WHERE n.from_on <= %(as_of)s AND n.tenant_id = ANY(%(tenants)s) GROUP BY f.customer_id) s ON s.customer_id = c.id
  LEFT JOIN (SELECT referrer_id, count(*) AS referred, count(*) FILTER (WHERE converted_on <= %(as_of)s) AS converted,
                    sum(CASE WHEN converted_on <= %(as_of)s THEN 50 ELSE 10 END) AS influence
             FROM crm_referral WHERE referred_on <= %(as_of)s AND counts AND tenant_id = ANY(%(tenants)s)
             GROUP BY referrer_id) r ON r.referrer_id = c.id
  LEFT JOIN (SELECT customer_id, count(*) FILTER (WHERE kind = 'event') AS activities,
                    count(*) FILTER (WHERE kind IN ('contact', 'consultation', 'visit')) AS contacts,
                    count(*) FILTER (WHERE kind = 'transfer_signal') AS transfer
             FROM crm_timelineentry WHERE day <= %(as_of)s AND tenant_id = ANY(%(tenants)s) GROUP BY customer_id) e ON e.customer_id = c.id
  LEFT JOIN (SELECT DISTINCT ON (customer_id) customer_id, (philosophy + teaching + co_education + eagerness + likelihood) * 20 AS intent
             FROM crm_intentrating WHERE rated_on <= %(as_of)s AND tenant_id = ANY(%(tenants)s)
             ORDER BY customer_id, rated_on DESC) i ON i.customer_id = c.id
  LEFT JOIN (SELECT customer_id, round(avg(score) * 100)::bigint AS satisfaction FROM crm_satisfaction
             WHERE answered_on <= %(as_of)s AND tenant_id = ANY(%(tenants)s) GROUP BY customer_id) q ON q.customer_id = c.id
  WHERE c.deleted_at IS NULL AND c.tenant_id = ANY(%(tenants)s)) x
