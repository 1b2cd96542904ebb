-- Points for who took part in an event: once a family, a day and an event, also where several children came or a list was read in twice.
-- What was earned once is not earned again, not even where it was taken back. No constraint says so, since two families that are found to
-- be one keep what each of them earned: the caller sees to it that one school is counted by one worker at a time.
INSERT INTO service_levels_pointsentry (tenant_id, customer_id, kind, points, "on", last_on, words, at)
SELECT DISTINCT %(tenant)s, e.customer_id, 'earned', %(points)s, e.day, (e.day + make_interval(months => %(months)s))::date,
       left(e.title, 100), %(at)s::timestamptz
FROM crm_timelineentry e
JOIN crm_customer c ON c.id = e.customer_id AND c.tenant_id = %(tenant)s AND c.deleted_at IS NULL
WHERE e.tenant_id = %(tenant)s AND e.day BETWEEN %(since)s AND %(day)s AND e.kind = 'event'
  AND e.day + make_interval(months => %(months)s) >= %(day)s
  AND NOT EXISTS (SELECT FROM service_levels_pointsentry p
                  WHERE p.tenant_id = %(tenant)s AND p.customer_id = e.customer_id AND p.kind = 'earned' AND p."on" = e.day
                    AND p.words = left(e.title, 100))
