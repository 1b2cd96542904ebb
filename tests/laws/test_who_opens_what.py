"""Who opens what (SPEC "Who uses it", R36): a second table, written by hand from the rules, beside ``tenancy.roles``.

The role table says which right a role holds, the views which right a page asks. Here stands what comes of both, as the
people of a school would tell it; a right given or a check forgotten shows up as a line that differs.
"""
import pytest

from config.school_urls import site
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.laws.test_isolation import NAMED_BY, Ids, fill, school_routes

EVERYBODY = {str(role) for role in Role}
BOSSES = {"head", "deputy"}
ARCHIVISTS = BOSSES | {"supervisor", "frontdesk", "agent", "relations", "marketing"}  # who may change a family
IMPORTERS = BOSSES | {"supervisor", "marketing", "admin"}
EXPORTERS = BOSSES | {"supervisor", "marketing", "operations"}
MERGERS = BOSSES | {"marketing"}
READERS_OF_TIERS = EVERYBODY - {"frontdesk", "admin"}
CALLERS = ARCHIVISTS | {"teacher", "planner"}  # who may write a contact or a class's morning
CALENDAR = BOSSES | {"supervisor", "admin"}  # who keeps the 园历
RECEIVERS = BOSSES | {"supervisor", "frontdesk", "agent", "relations", "marketing"}  # who book for families
HOSTS = BOSSES | {"supervisor"}  # who says how families are received
OFFICE = BOSSES | {"admin"}  # who keeps the school's own lists
LISTENERS = BOSSES | {"supervisor", "relations", "operations"}  # who ask families and read what came of it
SPENDERS = BOSSES | {"supervisor", "marketing", "operations", "admin"}  # who answer for what a channel costs
REFUNDERS = BOSSES | {"supervisor", "frontdesk", "agent", "relations", "admin"}  # who takes refund applications down
EXPORTERS_OF_RISK = BOSSES | {"supervisor", "marketing", "operations"}
PLANNERS = BOSSES | {"marketing", "operations"}
PLAN_WRITERS = BOSSES | {"relations", "operations"}  # who works out what each tier is owed
SEERS_OF_CONCESSIONS = BOSSES | {"supervisor", "agent", "relations", "marketing", "operations", "inspector"}
INFORMERS = BOSSES | {"marketing", "relations"}  # who writes what families hear of the market
ORGANISERS = BOSSES | {"planner", "relations"}  # who plans events
READERS_OF_RISK = EVERYBODY - {"frontdesk"}
READERS_OF_THE_AUDIT = BOSSES | {"inspector"}

PAGES = {
    "crm:today": EVERYBODY,
    "crm:my_day": EVERYBODY,
    "crm:families": EVERYBODY,
    "crm:family": EVERYBODY,
    "crm:lists": EVERYBODY,
    "crm:promises": EVERYBODY,
    "crm:calendar": EVERYBODY,
    "crm:improvements": EVERYBODY,
    "crm:trainings": EVERYBODY,
    "crm:training_new": LISTENERS,
    "reception:review": EVERYBODY,
    "crm:improvement_new": LISTENERS,
    "crm:surveys": LISTENERS,
    "crm:survey_new": LISTENERS,
    "crm:survey": LISTENERS,
    "crm:survey_write": LISTENERS,
    "crm:survey_send": LISTENERS,
    "crm:survey_results": LISTENERS,
    "crm:call_backs": CALLERS,
    "crm:response": CALLERS,
    "reception:visits": EVERYBODY,
    "reception:visit": EVERYBODY,
    "reception:slots": EVERYBODY,
    "reception:book": RECEIVERS,
    "reception:rules": HOSTS,
    "reception:costs": SPENDERS,
    "reception:board": EVERYBODY,
    "reception:board_live": EVERYBODY,
    "reception:briefing": EVERYBODY,
    "reception:lengths": EVERYBODY,
    "reception:registration": RECEIVERS | {"teacher"},
    "reception:consultation": RECEIVERS | {"teacher"},
    "reception:follow_ups": EVERYBODY,
    "reception:manual": EVERYBODY,
    "reception:funnel": EVERYBODY,
    "reception:week": EVERYBODY,
    "reception:month": EVERYBODY,
    "reception:manual_write": HOSTS,
    "reception:contracts": RECEIVERS,
    "reception:contract": RECEIVERS,
    "reception:contract_new": RECEIVERS,
    "reception:contract_sign": RECEIVERS,
    "reception:contract_file": RECEIVERS,
    "reception:contract_templates": HOSTS,
    "reception:contract_template": HOSTS,
    "reception:contract_template_write": HOSTS,
    "reception:poster": EVERYBODY,
    "reception:wishes": RECEIVERS,
    "notifications:outgoing": RECEIVERS,
    "notifications:message": RECEIVERS,
    "notifications:templates": HOSTS,
    "notifications:template": HOSTS,
    "notifications:account": HOSTS,
    "crm:calendar_notice": CALENDAR,
    "crm:family_add": ARCHIVISTS,
    "crm:partner_add": ARCHIVISTS,
    "crm:act": ARCHIVISTS,
    "crm:attendance": CALLERS,
    "crm:concerns": EVERYBODY,
    "crm:disputes": EVERYBODY,
    "crm:dispute": EVERYBODY,
    "crm:dispute_new": CALLERS,
    "crm:bin": BOSSES,
    "crm:member": BOSSES,
    "crm:promote": IMPORTERS,
    "crm:promotion_undo": IMPORTERS,
    "crm:imports": IMPORTERS,
    "crm:import": IMPORTERS,
    "crm:import_template": IMPORTERS,
    "crm:import_progress": IMPORTERS,
    "crm:import_refused": IMPORTERS,
    "crm:duplicates": MERGERS,
    "crm:compare": MERGERS,
    "crm:merge_undo": MERGERS,
    "tiering:batches": READERS_OF_TIERS,
    "tiering:batch": READERS_OF_TIERS,
    "tiering:movers": READERS_OF_TIERS,
    "tiering:fairness": READERS_OF_TIERS,
    "tiering:batch_report": READERS_OF_TIERS,
    "tiering:download": READERS_OF_TIERS,
    "tiering:report": READERS_OF_TIERS,
    "tiering:drift": READERS_OF_TIERS,
    "tiering:overrides": READERS_OF_TIERS,
    "tiering:schemes": READERS_OF_TIERS,
    "tiering:sandbox": READERS_OF_TIERS,
    "tiering:override": BOSSES,
    "tiering:scheme": BOSSES,
    "churn:board": READERS_OF_RISK,
    "churn:now": READERS_OF_RISK,
    "churn:rules": READERS_OF_RISK,
    "churn:backtests": READERS_OF_RISK,
    "churn:backtest": READERS_OF_RISK,
    "churn:cases": READERS_OF_RISK,
    "churn:case": READERS_OF_RISK,
    "churn:case_new": READERS_OF_RISK - {"inspector"},
    "churn:departures": READERS_OF_RISK,
    "churn:report": READERS_OF_RISK,
    "churn:measures": READERS_OF_RISK,
    "churn:measure": READERS_OF_RISK,
    "churn:measure_new": PLANNERS,
    "churn:effects": READERS_OF_RISK,
    "churn:effect_rules": READERS_OF_RISK,
    "churn:lessons": READERS_OF_RISK,
    "churn:meetings": READERS_OF_RISK,
    "churn:voices": EVERYBODY,
    "churn:departments": READERS_OF_RISK,
    "churn:meeting": READERS_OF_RISK,
    "churn:analysis": READERS_OF_RISK,
    "churn:analysis_file": EXPORTERS_OF_RISK,
    "churn:policy": EVERYBODY,
    "service:requests": EVERYBODY,
    "service:request": EVERYBODY,
    "service:request_new": CALLERS,
    "service:recount": BOSSES,
    "service:pauses": LISTENERS,
    "service:clock_rules": PLAN_WRITERS,
    "service:attachment": EVERYBODY,
    "service:answers": CALLERS,
    "service:faq": CALLERS,
    "service:faq_new": CALLERS,
    "service:template": CALLERS,
    "service:template_new": CALLERS,
    "service:notices": EVERYBODY,
    "service:points": EVERYBODY,
    "service:findings": EVERYBODY,
    "service:finding": EVERYBODY,
    "service:finding_new": CALLERS,
    "service:team": EVERYBODY,
    "service:training_plans": EVERYBODY,
    "service:staff_rules": PLAN_WRITERS,
    "service:assign": PLAN_WRITERS,
    "service:training_plan": PLAN_WRITERS,
    "service:training_plan_new": PLAN_WRITERS,
    "service:training_held": PLAN_WRITERS,
    "service:profile": BOSSES,  # and everybody their own
    "service:leave": BOSSES,
    "service:win_backs": READERS_OF_RISK,
    "service:win_back": READERS_OF_RISK,
    "service:win_back_new": READERS_OF_RISK - {"inspector"},
    "service:events": EVERYBODY,
    "service:event": EVERYBODY,
    "service:event_effects": EVERYBODY,
    "service:event_door": EVERYBODY,
    "service:event_new": ORGANISERS,
    "service:event_plan": ORGANISERS,
    "service:event_fitting": ORGANISERS,
    "service:event_task": ORGANISERS,
    "service:interests": ORGANISERS,
    "service:guest": CALLERS,
    "service:market": EVERYBODY,
    "service:market_new": INFORMERS,
    "service:market_note": INFORMERS,
    "service:recommending": EVERYBODY,
    "service:fitting": EVERYBODY,
    "service:offer": ORGANISERS,
    "service:offer_new": ORGANISERS,
    "service:cooperation": EVERYBODY,
    "service:opinion": EVERYBODY,
    "service:opinion_new": CALLERS,
    "service:points_rules": ORGANISERS,
    "service:points_give": ORGANISERS,
    "service:prize": ORGANISERS,
    "service:prize_new": ORGANISERS,
    "service:concessions": SEERS_OF_CONCESSIONS,
    "service:concessions_fair": SEERS_OF_CONCESSIONS,
    "service:concession": SEERS_OF_CONCESSIONS,
    "service:concession_ask": SEERS_OF_CONCESSIONS - {"operations", "inspector"},  # who may ask for one
    "service:policy": SEERS_OF_CONCESSIONS,
    "service:policy_rule": PLAN_WRITERS,
    "service:touches": EVERYBODY,
    "service:coverage": READERS_OF_TIERS,
    "service:touch_rules": PLAN_WRITERS,
    "service:plans": EVERYBODY,
    "service:plan": EVERYBODY,
    "service:who": EVERYBODY,
    "service:means": PLAN_WRITERS,
    "service:draft": PLAN_WRITERS,
    "service:draft_plan": PLAN_WRITERS,
    "churn:policy_version": EVERYBODY,
    "churn:policy_file": EVERYBODY,
    "churn:refunds": REFUNDERS,
    "churn:refund": REFUNDERS,
    "churn:refund_new": REFUNDERS,
    "churn:refund_rules": REFUNDERS,
    "notifications:inbox": EVERYBODY,
    "notifications:follow": EVERYBODY,
    "tenancy:invite": BOSSES,
    "tenancy:link": EVERYBODY,  # shown once, to whom it was made: everybody else reads that it is gone
    "tenancy:tokens": EVERYBODY,
    "schema": EVERYBODY,
    "docs": EVERYBODY,
    "family-list": EVERYBODY,
    "family-detail": EVERYBODY,
    "child-list": EVERYBODY,
    "child-detail": EVERYBODY,
    "guardian-list": EVERYBODY,
    "guardian-detail": EVERYBODY,
    "enrolment-list": EVERYBODY,
    "enrolment-detail": EVERYBODY,
    "payment-list": EVERYBODY,
    "payment-detail": EVERYBODY,
    "referral-list": EVERYBODY,
    "referral-detail": EVERYBODY,
    "activity-list": EVERYBODY,
    "activity-detail": EVERYBODY,
    "standing-list": READERS_OF_TIERS,
    "standing-detail": READERS_OF_TIERS,
    "batch-list": READERS_OF_TIERS,
    "batch-detail": READERS_OF_TIERS,
    "request-list": EVERYBODY,
    "request-detail": EVERYBODY,
    "touch-list": EVERYBODY,
    "touch-detail": EVERYBODY,
}
FORMS_ONLY = {  # these take a form and show nothing: asked for as a page they answer 405 to everybody
    "service:market_drop", "service:finding_act", "service:finding_drop", "service:leave_end", "service:assign_all", "service:training_begin", "service:win_back_act", "service:win_back_step_act", "service:event_invite", "service:event_act", "service:event_task_act", "service:guest_act", "service:interest_remove", "service:interests_of",
    "service:recommend", "service:recommendation_act", "service:opinion_act", "service:points_redeem", "service:points_take_back", "service:notice_act", "service:concession_act", "service:policy_begin", "service:policy_act", "service:policy_discard",
    "service:answer_act", "service:template_drop", "service:request_act", "service:recount_act", "service:touch", "service:touch_again", "service:draft_begin", "service:draft_act", "service:draft_discard", "churn:again", "churn:case_act", "churn:refund_act", "crm:dispute_act", "crm:ownership_rules", "churn:analysis_act", "churn:policy_publish", "churn:policy_read", "churn:department_confirm", "churn:finding_act", "crm:concern_act", "churn:measure_act", "churn:meeting_act", "churn:voice_act",
    "reception:act", "reception:slot_act", "reception:step", "reception:back", "reception:retime", "reception:leave", "reception:area",
    "crm:promise", "crm:survey_act", "crm:training_remove", "reception:manual_read", "crm:response_act", "crm:improvement", "reception:appoint", "reception:took_part", "reception:follow_up", "reception:contract_act", "reception:contract_template_act", "reception:check", "reception:check_in", "reception:check_all", "reception:walk_in", "reception:wish", "notifications:settle", "notifications:preview", "notifications:sms_test", "crm:calendar_week", "crm:calendar_days", "crm:calendar_days_remove", "crm:calendar_part",
    "crm:log", "crm:pay", "crm:delete", "crm:unlog", "crm:reveal", "crm:leave", "crm:undo", "crm:undo_last", "crm:import_map",
    "crm:import_fix", "crm:import_start", "crm:import_undo", "tiering:compute", "tiering:write_report", "tiering:act",
    "tiering:scheme_submit", "tiering:scheme_approve", "tiering:scheme_discard", "notifications:address", "tenancy:revoke",
    "tenancy:campus", "language", "enrolment-end",
}

LISTS = {"audit.entry": READERS_OF_THE_AUDIT,
        "churn.cause": READERS_OF_RISK}  # every other list of the admin is read by everybody
NEW_ROWS = {  # what the admin's own form may add; every other kind of row is made on its own page, or by nobody
    "tenancy.campus": OFFICE,
    "crm.customertype": OFFICE,
    "crm.extrafield": OFFICE,
    "crm.feekind": OFFICE,
    "churn.cause": BOSSES | {"marketing"},
    "crm.workinggroup": ARCHIVISTS,
    "crm.classgroup": ARCHIVISTS,
    "reception.visittype": HOSTS,
    "reception.room": HOSTS,
    "reception.offer": HOSTS,
    "reception.area": HOSTS,
    "reception.checkitem": HOSTS,
    "reception.briefingpoint": HOSTS,
    "reception.followrule": HOSTS,
}
MODELS = sorted((model for model in site._registry), key=lambda model: model._meta.label_lower)


@pytest.fixture
def mine(school) -> Ids:
    return Ids(school)


@pytest.fixture
def people(school, mine) -> dict:
    """A client for each role, each a member who sees every campus."""
    return {str(role): signed_in(make_member(school, role, "人")) for role in Role}


def open_to(people: dict, path: str) -> set[str]:
    """The roles this address does not turn away: anything but 403 (a gone link or a missing row is no refusal)."""
    answers = {role: client.get(path).status_code for role, client in people.items()}
    assert max(answers.values()) < 500, path
    return {role for role, status in answers.items() if status != 403}


def test_every_page_is_open_to_whom_the_table_names(school, mine, people):
    paths = {name: fill(path, getattr(mine, NAMED_BY.get(name) or "", 1)) for name, path in school_routes()}

    seen = {name: open_to(people, f"/s/{school.slug}/{path}") for name, path in paths.items() if name not in FORMS_ONLY}

    assert seen == PAGES


def test_what_only_takes_a_form_shows_no_page_to_anybody(school, mine, people):
    paths = [f"/s/{school.slug}/{fill(path, getattr(mine, NAMED_BY.get(name) or '', 1))}" for name, path in school_routes()
             if name in FORMS_ONLY]

    assert {client.get(path).status_code for path in paths for client in people.values()} == {405}


def admin_of(school, model) -> str:
    return f"/s/{school.slug}/admin/{model._meta.label_lower.replace('.', '/')}"


def test_every_list_is_read_by_whom_the_table_names(school, people):
    for model in MODELS:
        assert open_to(people, f"{admin_of(school, model)}/") == LISTS.get(model._meta.label_lower, EVERYBODY), model


def test_a_list_leaves_as_a_file_only_with_who_reads_it_and_may_export(school, people):
    for model in MODELS:
        allowed = EXPORTERS & LISTS.get(model._meta.label_lower, EVERYBODY)
        assert open_to(people, f"{admin_of(school, model)}/?export=csv") == allowed, model


def test_only_the_schools_own_lists_take_new_rows_in_the_admin(school, people):
    for model in MODELS:
        assert open_to(people, f"{admin_of(school, model)}/add/") == NEW_ROWS.get(model._meta.label_lower, set()), model


@pytest.mark.parametrize("label", ["audit.entry", "crm.customer", "crm.timelineentry", "crm.feekind"])
def test_a_row_is_opened_by_whom_its_list_is_and_deleted_by_nobody(school, people, label):
    model = next(model for model in MODELS if model._meta.label_lower == label)
    with tenant_scope(school):
        row = f"{admin_of(school, model)}/{model.objects.order_by('pk').first().pk}"

    assert open_to(people, f"{row}/change/") == LISTS.get(label, EVERYBODY)
    assert open_to(people, f"{row}/delete/") == set()


@pytest.mark.parametrize("role", sorted(EXPORTERS - READERS_OF_THE_AUDIT))
def test_who_exports_families_does_not_thereby_read_the_audit(school, role, people):
    families = people[role].get(f"/s/{school.slug}/admin/crm/customer/?export=csv")
    audit = people[role].get(f"/s/{school.slug}/admin/audit/entry/?export=csv")

    assert (families.status_code, audit.status_code) == (200, 403)


def test_a_stranger_reads_how_the_api_works_and_a_gone_link_and_nothing_else(school, mine, client):
    paths = {name: f"/s/{school.slug}/{fill(path, getattr(mine, NAMED_BY.get(name) or '', 1))}" for name,
            path in school_routes()}

    answers = {name: client.get(path) for name, path in paths.items()}

    assert {name for name, answer in answers.items() if not turned_away(answer)} == {"schema", "docs", "tenancy:link"}


def turned_away(answer) -> bool:
    """Led to the sign-in, or told to bring a key."""
    return answer.status_code in (401, 403) or (answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"))
