"""./dev manage create_tenant SLUG --kind kindergarten --name 名称 [--campus CODE=名称 …] [--head USERNAME]"""
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tenancy import panels
from tenancy.actions import create_tenant, sign_in_link
from tenancy.models import Kind, Membership
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope


class Command(BaseCommand):
    help = "开一所新机构，打印园长的一次性登录链接。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--kind", required=True, choices=Kind.values)
        parser.add_argument("--name", required=True)
        parser.add_argument("--campus", action="append", default=[], metavar="CODE=NAME")
        parser.add_argument("--head", metavar="USERNAME")

    def handle(self, *args: Any, **options: Any) -> None:
        campuses = dict(part.split("=", 1) for part in options["campus"] if "=" in part)
        if len(campuses) != len(options["campus"]):
            raise CommandError("--campus 要写成 CODE=名称，代码不能重复。")
        try:
            tenant = create_tenant(options["slug"], kind=options["kind"], name=options["name"],
                                   campuses=campuses, head=options["head"])
        except Refused as refusal:
            raise CommandError(refusal.message) from None
        with tenant_scope(tenant):
            panels.build("school_opened", tenant)
        self.stdout.write(f"已开好 {tenant.name}：/s/{tenant.slug}/")
        if options["head"]:
            with tenant_scope(tenant):
                head = Membership.objects.get(user__username=options["head"])
                self.stdout.write(f"园长第一次登录：/s/{tenant.slug}/link/{sign_in_link(head, at=timezone.now())}/")
