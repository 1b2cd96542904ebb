"""./dev manage retier --tenant SLUG --scheme CODE --as-of DATE [--csv OUT] [--with-phone]: the computing step, no standing."""
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audit.actions import looked
from crm.models import Customer
from tenancy.models import Tenant
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tiering import csv_out
from tiering.actions import in_force, judged
from tiering.models import Scheme


class Command(BaseCommand):
    help = "按现行方案算一遍等级，不写当前等级；--csv 写出明细。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True)
        parser.add_argument("--scheme", required=True)
        parser.add_argument("--as-of", required=True)
        parser.add_argument("--csv", type=Path)
        parser.add_argument("--with-phone", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"没有网址名为 {options['tenant']} 的机构。")
        try:
            as_of = date.fromisoformat(options["as_of"])
        except ValueError:
            raise CommandError("--as-of 要写成 2026-09-30。") from None
        if as_of > timezone.localdate():
            raise CommandError(f"{as_of} 还没到，只能按今天或更早的日期计算。")
        try:
            with tenant_scope(tenant):
                self._retier(options["scheme"], as_of, options["csv"], options["with_phone"])
        except Refused as refusal:
            raise CommandError(refusal.message) from None

    def _retier(self, code: str, as_of: date, out: Path | None, with_phone: bool) -> None:
        scheme = Scheme.objects.select_related("customer_type").filter(code=code).first()
        if scheme is None:
            raise CommandError(f"没有代码为 {code} 的方案；有：{'、'.join(Scheme.objects.values_list('code', flat=True))}")
        version = in_force(scheme)
        results = list(judged(version, as_of))
        if out:
            with out.open("w", encoding="utf-8-sig", newline="") as file:
                csv_out.write(file, version, as_of, results, with_phone=with_phone)
            if with_phone:
                looked(None, "tiering.phones_exported", Customer.objects.filter(pk__in=[k.customer for k, _ in results]))
        labels = version.as_rules().labels
        tiers = Counter("" if d.tier is None else labels[d.tier] for _, d in results)
        self.stdout.write(json.dumps({"scheme": code, "version": version.number, "as_of": as_of.isoformat(),
                                      "customers": len(results), "tiers": {label: tiers[label] for label in (*labels, "")}},
                                     ensure_ascii=False))
