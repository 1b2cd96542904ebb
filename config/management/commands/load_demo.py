"""Two demo schools with three years of data, a sign-in for each role, and past quarters already published."""
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config import (
    demo,
    demo_benefits,
    demo_churn,
    demo_concessions,
    demo_desk,
    demo_events,
    demo_heard,
    demo_measures,
    demo_refunds,
    demo_requests,
    demo_surveys,
    demo_team,
    demo_touches,
    demo_visits,
    demo_winback,
)
from crm.models import ClassGroup
from reception.models import BookingRules
from service_levels.plans import means
from tenancy.actions import create_tenant
from tenancy.models import Campus, Membership, Tenant, User
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tiering.actions import compute, in_force, publish, review, submit
from tiering.calendar import quarter_ends
from tiering.models import Scheme

SCHOOLS = (("miaomiao", "kindergarten", "苗苗幼儿园", {"east": "东园", "west": "西园"}, 260),
           ("qihang", "training", "启航培训中心", {"main": "总校"}, 160))
STREETS = ("东湖路 12 号，地铁 3 号线东湖站 B 口旁", "西山街 86 号，停车从北门进")
PEOPLE = {Role.HEAD: "许园长", Role.DEPUTY: "何副园长", Role.RECEPTION: "邹老师", Role.FRONT_DESK: "小周", Role.TEACHER: "梁老师",
          Role.AGENT: "高敏", Role.PLANNER: "苏晴", Role.RELATIONS: "陈老师", Role.MARKETING: "唐主任", Role.OPERATIONS: "丁主任",
          Role.ADMINISTRATION: "高主任", Role.INSPECTOR: "魏老师"}
STAFF_HOURS, BUDGET_FEN = 32, 6_000_000  # a week for keeping in touch, a year for gifts and concessions
CLASS_TEACHERS = ("孙老师", "马老师", "罗老师", "乔老师")


class Command(BaseCommand):
    help = "装入演示数据。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--families", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("生产环境不装演示数据。")
        password = settings.MIAOPU_DEMO_PASSWORD
        User.objects.create_user("operator", password, is_operator=True, is_demo=True)
        for slug, kind, name, campuses, families in SCHOOLS:
            self.stdout.write(f"装入{name} …")
            tenant = create_tenant(slug, kind=kind, name=name, campuses=campuses)
            self._place(tenant)
            self._fill(tenant, password, options["families"] or families)

    def _place(self, tenant: Tenant) -> None:
        """Where parents go and whom they call; what the training centre teaches."""
        with tenant_scope(tenant):
            for number, campus in enumerate(Campus.objects.all()):
                campus.address, campus.phone = STREETS[number], f"010-8888000{number + 1}"
                campus.save(update_fields=["address", "phone"])
            if tenant.kind == "training":
                BookingRules.objects.update(courses="创意美术\n儿童舞蹈\n乐高机器人\n小小演说家")

    def _fill(self, tenant: Tenant, password: str, families: int) -> None:
        with tenant_scope(tenant):
            first = User(username="hash-once")
            first.set_password(password)
            for role, name in PEOPLE.items():
                user = User.objects.create(username=f"{role}@{tenant.slug}", password=first.password, is_demo=True)
                Membership.objects.create(user=user, role=role, name=name)
        today = timezone.localdate()
        with tenant_scope(tenant):
            demo.make(tenant, families=families, seed=20260901, today=today)
            people = {member.role: member for member in Membership.objects.all()}
            self._teach(tenant, first.password)
        with tenant_scope(tenant):
            self._publish_past(today)
        with tenant_scope(tenant):
            demo_desk.set_out(people, at=timezone.now())
        with tenant_scope(tenant):
            demo_visits.receive(people, at=timezone.now())
            demo_surveys.rate(people, at=timezone.now())
            demo_churn.leave(people, today)
            demo_measures.improve(people, today)
            demo_refunds.ask(tenant.kind, people, today)
            demo_heard.hear(people, at=timezone.now())
            demo_touches.keep_in_touch(people[Role.RELATIONS], today)
            demo_requests.ask(people, at=timezone.now())
            demo_concessions.give(people, at=timezone.now())
            demo_events.add(people, today)
            demo_winback.add(people, today)
            demo_winback.look_into(people, today)
            demo_team.add(people, today)
            demo_benefits.add(people, today)
            means.keep(STAFF_HOURS, BUDGET_FEN, by=people[Role.HEAD], at=timezone.now())

    def _teach(self, tenant: Tenant, password_hash: str) -> None:
        """Every class has a teacher of its own."""
        teachers = []
        for number, name in enumerate(CLASS_TEACHERS, 2):
            user = User.objects.create(username=f"teacher{number}@{tenant.slug}", password=password_hash, is_demo=True)
            teachers.append(Membership.objects.create(user=user, role=Role.TEACHER, name=name))
        for place, row in enumerate(ClassGroup.objects.order_by("pk")):
            row.teacher = teachers[place % len(teachers)]
            row.save(update_fields=["teacher"])

    def _publish_past(self, today: Any) -> None:
        """Tiering began a year ago: quarters before that are worked back, later ones published by two people."""
        head, deputy = (Membership.objects.get(role=role) for role in (Role.HEAD, Role.DEPUTY))
        relations = Membership.objects.get(role=Role.RELATIONS)
        for scheme in Scheme.objects.order_by("id"):
            version = in_force(scheme)
            for number, day in enumerate(reversed(quarter_ends(today, 6))):
                at = timezone.make_aware(datetime(day.year, day.month, day.day, 18)) + timedelta(days=9)
                batch = compute(version, as_of=day, today=today, by=head, at=at, worked_back=number < 2)
                if number >= 2:
                    submit(batch, by=head, at=at)
                    review(batch, by=relations, agrees=True, note="", at=at)
                    publish(batch, by=deputy, at=at)
