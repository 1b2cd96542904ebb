"""./dev manage import_archive FILE --tenant SLUG --kind roster|payments|… [--mapping FILE] [--campus CODE] [--dry-run]"""
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from crm.imports.runs import dry_run, new_run, start, understand
from crm.models import ImportKind, ImportRow, ImportRun
from tenancy.models import Campus, Membership, Tenant
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope


class Command(BaseCommand):
    help = "把一份表格导入某个机构的档案；--dry-run 只看会发生什么。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--tenant", required=True)
        parser.add_argument("--kind", required=True, choices=ImportKind.values)
        parser.add_argument("--mapping", type=Path, help="JSON：format、header、columns、date、customer_type、on_missing")
        parser.add_argument("--campus", metavar="CODE")
        parser.add_argument("--as", dest="username", metavar="USERNAME")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"没有网址名为 {options['tenant']} 的机构。")
        if not options["file"].is_file():
            raise CommandError(f"没有这个文件：{options['file']}")
        try:
            with tenant_scope(tenant):
                self._import(options)
        except Refused as refusal:
            raise CommandError(refusal.message) from None

    def _import(self, options: dict[str, Any]) -> None:
        mapping = self._mapping(options["mapping"])
        sheet = understand(options["kind"], options["file"], mapping)
        run = new_run(options["kind"], options["file"].name, campus=self._campus(options["campus"]),
                      by=self._member(options["username"]), at=timezone.now())
        if options["dry_run"]:
            dry_run(run, sheet, today=timezone.localdate())
        else:
            start(run, sheet, at=timezone.now())
        self._report(run, options["dry_run"])
        if options["dry_run"]:
            run.delete()

    def _report(self, run: ImportRun, dry: bool) -> None:
        self.stdout.write(json.dumps({"run": None if dry else run.pk, "dry_run": dry, **run.counts}, ensure_ascii=False))
        for row in ImportRow.objects.filter(run=run).order_by("number")[:200]:
            self.stderr.write(f"第 {row.number} 行 [{row.verdict}] {row.reason}")

    def _mapping(self, path: Path | None) -> Any:
        if path is None:
            return None
        try:
            return json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"读不了对应列文件：{error}") from None

    def _campus(self, code: str | None) -> Campus | None:
        if code is None:
            return None
        campus = Campus.objects.filter(code=code).first()
        if campus is None:
            raise CommandError(f"没有代码为 {code} 的园所。")
        return campus

    def _member(self, username: str | None) -> Membership | None:
        if username is None:
            return None
        member = Membership.objects.filter(user__username=username).first()
        if member is None:
            raise CommandError(f"{username} 不是这个机构的成员。")
        return member
