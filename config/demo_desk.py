"""What lies on the desks of a demo school: an import with rows to mend, a family entered twice, one in the bin, two overrides.

It goes through the very actions people use, so every screen of unfinished work has something to show.
"""
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.utils import timezone

from crm.actions import add_family, delete_family
from crm.imports.runs import new_run, start, understand
from crm.models import Child, Customer
from tenancy.models import Campus, Membership
from tenancy.roles import Role
from tiering.actions import approve_override, in_force, propose_override
from tiering.models import Standing
from tiering.sweeps import rederive

People = Mapping[str, Membership]
LEADS = """小红书线索登记,,,,
咨询日期,家长姓名,电话,孩子姓名,来源,咨询内容
{day},杜女士,199 0009 0001,杜可心,小红书,问小班学费和接送时间
{day},尹先生,+86 199-0009-0002,尹星河,小红书,想约周末参观
{day},贺女士,199000900,贺知夏,小红书,问有没有半日班
{day},,19900090004,侯嘉禾,大众点评,问伙食和过敏餐
{day},毛女士,１９９０００９０００５,毛语晨,小红书,家里老二也想一起来
"""


def set_out(people: People, *, at: datetime) -> None:
    """Fill the desks of an already tiered school. Must be called inside its scope."""
    campus = Campus.objects.order_by("id").first()
    assert campus is not None
    _import_leads(campus, people[Role.MARKETING], at)
    _enter_twice(people[Role.FRONT_DESK], at)
    _into_the_bin(campus, people, at)
    _override(people, at)
    for standing in Standing.objects.now().order_by("scheme_id").distinct("scheme_id").select_related("scheme"):
        rederive(in_force(standing.scheme), timezone.localdate(at))


def _import_leads(campus: Campus, by: Membership, at: datetime) -> None:
    """A sheet with a short number and a missing name: two rows wait to be put right."""
    sheet = LEADS.format(day=timezone.localdate(at) - timedelta(days=2)).encode("gbk")
    run = new_run("leads", "小红书线索.csv", campus=campus, by=by, at=at, file=ContentFile(sheet))
    start(run, understand("leads", Path(run.file.path)), at=at)


def _enter_twice(by: Membership, at: datetime) -> None:
    """The grandmother called from her own phone, and nobody looked the child up."""
    for number, child in enumerate(Child.objects.exclude(born_on=None).order_by("id")[3:5]):
        add_family(guardian=f"{child.name[0]}奶奶", phone=f"1990009010{number}", relation="grandma_p", child=child.name,
                   born_on=child.born_on, campus=child.family.customer.campus, source="电话咨询", note="问接送时间", by=by, at=at)


def _into_the_bin(campus: Campus, people: People, at: datetime) -> None:
    tried = add_family(guardian="试用登记", phone="19900090200", relation="mother", child="测试", born_on=None, campus=campus,
                       source="", note="培训时录入", by=people[Role.FRONT_DESK], at=at)
    delete_family(Customer.objects.get(pk=tried.pk), typed_name=tried.name, by=people[Role.HEAD], at=at)


def _override(people: People, at: datetime) -> None:
    """One agreed by two people, one that still waits for the second."""
    held = list(Standing.objects.now().filter(tier=2).select_related("customer", "scheme").order_by("customer_id")[:2])
    reasons = ("爷爷是社区志愿者，组织了两次家长开放日", "妹妹明年入园，家长会上多次替园里说话")
    for standing, reason, agreed in zip(held, reasons, (True, False), strict=False):
        override = propose_override(standing.customer, standing.scheme, tier=1, reason=reason, by=people[Role.HEAD], at=at,
                                    expires_on=timezone.localdate(at) + timedelta(days=90))
        if agreed:
            approve_override(override, by=people[Role.DEPUTY], at=at)
