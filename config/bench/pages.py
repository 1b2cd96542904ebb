"""E-2, E-3, E-8: what a large school waits for — its pages, one family judged anew, a sandbox, the report and its files.

Every figure goes through the whole request (session, scope, row-level security, template), signed in as the head.
"""
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from churn.risk import sweep
from config.bench.figures import figure, peak_mb, stopwatch
from config.bench.retier import AS_OF, AT, administrator, fill
from crm.models import Customer, Survey
from tenancy.models import Membership, Tenant, User
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tiering.actions import compute, draft_of, in_force, publish, review, save_draft, submit
from tiering.facts import gather
from tiering.models import Batch, Scheme
from tiering.rules import as_data, decide
from tiering.sweeps import rederive

TIMES = 20  # of each page; the first look warms the caches and is not counted
SCHEME = "kg-ad"
LATER = date(2026, 11, 20)  # the day of the nightly sweep, by when facts have changed since the batch


def _people(tenant: Tenant) -> dict[str, Membership]:
    with tenant_scope(tenant):
        return {role: Membership.objects.create(user=User.objects.create_user(f"{role}@{tenant.slug}"), role=role, name=role)
                for role in (Role.HEAD, Role.DEPUTY, Role.RELATIONS)}


def _quarter(tenant: Tenant, people: dict[str, Membership], day: date) -> Batch:
    """One quarter from computing to standings."""
    with tenant_scope(tenant):
        batch = compute(in_force(Scheme.objects.get(code=SCHEME)), as_of=day, today=AS_OF, by=people[Role.HEAD], at=AT)
        submit(batch, by=people[Role.HEAD], at=AT)
        review(batch, by=people[Role.RELATIONS], agrees=True, note="", at=AT)
        with stopwatch() as taken:
            publish(batch, by=people[Role.DEPUTY], at=AT)
        figure("publish", families=batch.size, seconds=round(taken[0], 2))
        return batch


def _draft(tenant: Tenant, people: dict[str, Membership]) -> int:
    """A draft that moves people: the higher lines a head would try."""
    with tenant_scope(tenant):
        draft = draft_of(Scheme.objects.get(code=SCHEME), by=people[Role.HEAD], at=AT)
        rules = as_data(draft.as_rules())
        save_draft(draft, rules | {"cuts": [cut and cut + 300 for cut in rules["cuts"]]}, by=people[Role.HEAD], at=AT)
        return draft.pk


def _talk(tenant: Tenant) -> None:
    """A word with every family in the last 100 days, so that one in ten has not been spoken to for 90."""
    with administrator() as admin, admin.cursor() as cursor:
        cursor.execute("""INSERT INTO crm_timelineentry (tenant_id, customer_id, kind, channel, at, day, title, text)
                          SELECT tenant_id, id, 'contact', 'phone', now(), current_date - (id * 7 %% 100)::int, '', ''
                          FROM crm_customer WHERE tenant_id = %s""", [tenant.pk])
        cursor.execute("ANALYZE crm_timelineentry")


RESPONSES = """
INSERT INTO crm_surveyresponse (tenant_id, version_id, customer_id, campus_id, key, language, state, asked_at, until, link_serial,
                                token_hash, answered_at, channel, score)
SELECT c.tenant_id, v.id, c.id, c.campus_id, 'sent-' || v.id || '-' || c.id, '', CASE WHEN c.id %% 5 < 4 THEN 'answered' ELSE 'open' END,
       now() - interval '20 days', now() + interval '10 days', 1, md5(c.id::text),
       CASE WHEN c.id %% 5 < 4 THEN now() - (c.id %% 20) * interval '1 day' END, CASE WHEN c.id %% 5 < 4 THEN 'online' ELSE '' END,
       CASE WHEN c.id %% 5 < 4 THEN 1 + c.id %% 5 END
FROM crm_customer c JOIN crm_survey s ON s.tenant_id = c.tenant_id AND s.occasion = 'by_hand'
     JOIN crm_surveyversion v ON v.tenant_id = c.tenant_id AND v.survey_id = s.id AND v.state = 'published'
WHERE c.tenant_id = %s"""
ANSWERS = """
INSERT INTO crm_answer (tenant_id, response_id, question_id, number, chosen, words)
SELECT r.tenant_id, r.id, q.id, CASE q.kind WHEN 'five' THEN 1 + (r.id * 7 + q.id) %% 5 WHEN 'ten' THEN (r.id * 3 + q.id) %% 11 END,
       CASE q.kind WHEN 'several' THEN '[0, 2]' ELSE '[]' END::jsonb, CASE q.kind WHEN 'text' THEN '还可以' ELSE '' END
FROM crm_surveyresponse r JOIN crm_question q ON q.tenant_id = r.tenant_id AND q.version_id = r.version_id
WHERE r.tenant_id = %s AND r.state = 'answered' AND (q.kind <> 'text' OR r.id %% 9 = 0)"""


def _ask(tenant: Tenant) -> int:
    """A term's survey to every family, four in five answered. Returns the survey's id."""
    with administrator() as admin, admin.cursor() as cursor:
        cursor.execute(RESPONSES, [tenant.pk])
        cursor.execute(ANSWERS, [tenant.pk])
        cursor.execute("ANALYZE crm_surveyresponse, crm_answer")
    with tenant_scope(tenant):
        return int(Survey.objects.get(occasion="by_hand").pk)


def _timed(ask: Callable[[], Any], times: int = TIMES) -> dict[str, Any]:
    """Median and 95th percentile in milliseconds, and the statements of one request."""
    statements = 0

    def count(execute: Callable[..., Any], *asked: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*asked)

    with connection.execute_wrapper(count):
        ask()
    taken: list[float] = []
    for _ in range(times):
        with stopwatch() as one:
            ask()
        taken += one
    taken.sort()
    return {"median_ms": round(taken[len(taken) // 2] * 1000, 1), "p95_ms": round(taken[int(len(taken) * 0.95) - 1] * 1000, 1),
            "statements": statements, "times": times}


def run(families: int) -> None:
    tenant = Tenant.objects.get(pk=fill(families, per_tenant=families)[0])
    people = _people(tenant)
    batch = [_quarter(tenant, people, day) for day in (date(2026, 6, 30), AS_OF)][-1]
    draft = _draft(tenant, people)
    _talk(tenant)
    survey = _ask(tenant)
    with tenant_scope(tenant):
        rederive(in_force(Scheme.objects.get(code=SCHEME)), LATER)
        with stopwatch() as taken:
            sweep.rederive(LATER, today=LATER, at=AT)
        figure("risk sweep of one school", families=families, seconds=round(taken[0], 2))
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS[0] != "*" else "localhost"})
    client.force_login(people[Role.HEAD].user, backend="tenancy.backends.StaffBackend")
    with tenant_scope(tenant):
        customer = Customer.objects.order_by("-id")[families // 3]
        name = customer.name

    def ask(path: str) -> Callable[[], Any]:
        def look() -> None:
            answer = client.get(f"/s/{tenant.slug}/{path}")
            assert answer.status_code == 200, (path, answer.status_code)
            b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
        return look

    def judge_one() -> None:
        with tenant_scope(tenant):
            rules = in_force(Scheme.objects.get(code=SCHEME)).as_rules()
            known = next(iter(gather(rules, customer.type_id, AS_OF, [customer.pk])))
            decide(rules, known.facts)

    here, report = f"families/{customer.pk}/", f"tiering/batches/{batch.pk}/report"
    figure("E-2 one family judged", families=families, **_timed(judge_one), goal_ms=50)
    for what, path in {"today": "", "list": "families/", "search": f"families/?q={name[-4:]}", "family and why-card": here,
                       "batch": f"tiering/batches/{batch.pk}/", "drift": "tiering/drift/",
                       "survey results": f"surveys/results/?survey={survey}", "surveys": "surveys/", "call-backs": "call-backs/",
                       "risk board": "churn/", "risk board by sign": "churn/?sign=silent", "churn cases": "churn/cases/",
                       "API list": "api/v1/families/", "API one": f"api/v1/{here}"}.items():
        figure(f"E-3 {what}", families=families, **_timed(ask(path)), goal_ms=120)
    for what, path, goal in (("report page", f"{report}/", 1000), ("PDF", f"{report}.pdf", 3000), ("XLSX", f"{report}.xlsx", 10_000)):
        figure(f"E-8 {what}", families=families, **_timed(ask(path), 3), goal_ms=goal)
    figure("E-2 sandbox", families=families, **_timed(ask(f"tiering/schemes/{draft}/sandbox/"), 2), goal_ms=10_000, peak_mb=peak_mb())
