"""Bring the database up to date (as its owner) and, for a demo, fill it on the first run (as the app)."""
import os
import subprocess
import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from tenancy import panels
from tenancy.models import Tenant
from tenancy.privileges import apply_privileges
from tenancy.scope import tenant_scope


class Command(BaseCommand):
    help = "迁移、授权、编译翻译、收集静态文件；--demo 时首次运行装入演示数据。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true")
        parser.add_argument("--schema-only", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        apply_privileges()
        if options["schema_only"]:
            return
        call_command("compile_translations")
        call_command("collectstatic", verbosity=0, interactive=False)
        if options["demo"] and not Tenant.objects.exists():
            self._as_app("load_demo")
        else:
            self._furnish()

    def _furnish(self) -> None:
        """Schools that are older than a table get what a new school starts with; what is there stays."""
        for tenant in Tenant.objects.all():
            with tenant_scope(tenant):
                panels.build("older_school", tenant)

    def _as_app(self, *command: str) -> None:
        """Demo data is written under row-level security, like everything else."""
        sys.stdout.flush()
        subprocess.run([sys.executable, "manage.py", *command], check=True, env=os.environ | {"MIAOPU_DB_ROLE": "app"})
