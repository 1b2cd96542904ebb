"""What the tests of concessions share: rules with a budget, families whose plan promises something off, an open case with its causes."""
from datetime import timedelta

from churn.cases.opening import open_by_hand
from churn.models import CaseCause, Cause
from service_levels.concessions import working
from service_levels.concessions.policy import Policy, Rule, as_data
from service_levels.concessions.working import Wish
from service_levels.models import ConcessionPolicy, Entitlement
from tenancy.models import Membership, User
from tests.churn.conftest import AT, DAY
from tests.service_levels.conftest import derive, family

NEXT = timedelta(days=1)
TUITION = Rule("tuition", "学费优惠", "K30(a)", "提出困难、原因查清的家庭，减一次学费。", 50_000, 120_000)
CLASS = Rule("free-class", "免费兴趣班", "K30(b)", "提出困难的家庭，送一期兴趣班。", 30_000, 90_000)
RULES = Policy((TUITION, CLASS))


def hold(policy: Policy = RULES) -> ConcessionPolicy:
    """These rules are in force; a version that was retires."""
    ConcessionPolicy.objects.filter(state="in_force").update(state="retired")
    return ConcessionPolicy.objects.create(number=ConcessionPolicy.objects.count() + 1, state="in_force", policy=as_data(policy),
                                           in_force_since=AT)


def troubled(number: int = 1, **more):
    """A family long of tier D: its plan promises tuition off and a free class."""
    customer = family(number, "D", "high", **more)
    derive()
    Entitlement.objects.filter(customer=customer).update(from_on=DAY - 200 * NEXT)
    return customer


def colleague(role: str, name: str = "", campuses=()) -> Membership:
    """Somebody who works here, made inside the open scope."""
    user = User.objects.create(username=f"{role}{name}@miao")
    made = Membership.objects.create(user=user, role=role, name=name or role)
    for campus in campuses:
        made.campus_links.create(campus=campus)
    return made


def cased(customer, by, *, caused: bool = True):
    """An open case, and why."""
    case = open_by_hand(customer, None, note="说要走", owner=None, by=by, at=AT)
    if caused:
        cause = Cause.objects.get_or_create(area="teaching", name="换老师太多")[0]
        CaseCause.objects.create(case=case, cause=cause, weight=10, evidence="两个月换了三位", by=by)
    return case


def asked(customer, by, fen: int = 50_000, rule: str = "tuition", *, at=AT):
    return working.ask(customer, Wish(rule, fen, "妈妈说这学期手头紧"), by=by, at=at)


def granted(customer, by, head, fen: int = 50_000, rule: str = "tuition", *, at=AT):
    """Asked for by one, approved by another."""
    row = asked(customer, by, fen, rule, at=at)
    working.grant(row, by=head, at=at)
    return row
