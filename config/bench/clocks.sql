-- Requests that wait, each with two clocks that run for weeks yet; ``late`` of them in the first school are due now.
WITH school AS (
  SELECT t.id AS tenant_id, t.id = %(first)s AS is_first FROM unnest(%(tenants)s) t(id)
), customers AS (
  SELECT c.tenant_id, c.id, row_number() OVER (PARTITION BY c.tenant_id ORDER BY c.id) AS n, count(*) OVER (PARTITION BY c.tenant_id) AS of
  FROM crm_customer c JOIN school s ON s.tenant_id = c.tenant_id
), asked AS (
  INSERT INTO service_levels_servicerequest
    (tenant_id, number, kind, channel, about, customer_id, phone_index, text, plan, priority, department, opened_at, heard_at, pause_why, result,
     sent_key, language, token_hash, link_serial, due_at)
  SELECT s.tenant_id, 'B-' || g.n, 'service', 'phone', '', c.id, '', '基准', 'quality', 2, '', %(opened)s, %(opened)s, '', '',
         '', '', '', 1, %(far)s
  FROM school s CROSS JOIN generate_series(1, %(requests)s) g(n) JOIN customers c ON c.tenant_id = s.tenant_id AND c.n = 1 + g.n %% c.of
  RETURNING id, tenant_id, number
), told AS (
  INSERT INTO service_levels_requestevent (tenant_id, request_id, at, verb, channel, text)
  SELECT tenant_id, id, %(opened)s, 'opened', 'phone', '' FROM asked
)
INSERT INTO service_levels_clock (tenant_id, request_id, kind, minutes, due_at, told, next_at)
SELECT a.tenant_id, a.id, k.kind, k.minutes, d.due, 0, d.due + interval '1 second' * (a.id %% 100000) * (NOT d.is_due)::int
FROM asked a JOIN school s ON s.tenant_id = a.tenant_id CROSS JOIN (VALUES ('reply', 120), ('resolve', 540)) k(kind, minutes)
CROSS JOIN LATERAL (SELECT s.is_first AND k.kind = 'reply' AND substr(a.number, 3)::int <= %(late)s AS is_due) q
CROSS JOIN LATERAL (SELECT q.is_due, CASE WHEN q.is_due THEN %(due)s ELSE %(far)s END AS due) d
