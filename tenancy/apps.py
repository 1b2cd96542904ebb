from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.signals import connection_created


class TenancyConfig(AppConfig):
    name = "tenancy"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        from tenancy import checks  # noqa: F401  (registers what it holds)

        connection_created.connect(refuse_strong_roles, dispatch_uid="tenancy.role")


def refuse_strong_roles(connection: Any, **_: Any) -> None:
    """Web, worker, beat and shell work as the app role or not at all: row-level security must bind them."""
    if settings.DB_ROLE != "app" or connection.alias != "default":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper OR rolbypassrls OR rolname = 'miaopu_owner' "
                       "FROM pg_roles WHERE rolname = current_user")
        name, strong = cursor.fetchone()
    if strong:
        connection.close()
        raise ImproperlyConfigured(f"数据库角色 {name} 不受行级安全约束；DATABASE_URL 要用 miaopu_app")
