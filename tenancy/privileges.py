"""What each database role may do, table by table; applied after every migrate, so it is never forgotten.

A model narrows its own table: ``app_may = "SELECT, INSERT"`` (append-only) or ``poller_sees`` /
``poller_writes`` (column names). ``CLOSED`` tables belong to packages we use without their storage.
"""
from django.apps import apps
from django.db import connection

CLOSED = frozenset({"django_admin_log", "auth_group", "auth_permission", "auth_group_permissions", "pghistory_context"})
READ_ONLY = frozenset({"django_migrations"})


def apply_privileges() -> None:
    """GRANT and REVOKE until the database agrees with the models. Runs as the owner; safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute("GRANT USAGE ON SCHEMA public TO miaopu_app, miaopu_poller, miaopu_backup")
        cursor.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO miaopu_app")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'REVOKE ALL ON "{table}" FROM miaopu_app, miaopu_poller')
            rights = _app_rights(table)
            if rights:
                cursor.execute(f'GRANT {rights} ON "{table}" TO miaopu_app')
        for statement in _poller_grants():
            cursor.execute(statement)


def _app_rights(table: str) -> str:
    if table in CLOSED:
        return ""
    if table in READ_ONLY:
        return "SELECT"
    narrowed = {model._meta.db_table: model.app_may for model in apps.get_models() if hasattr(model, "app_may")}
    return narrowed.get(table, "SELECT, INSERT, UPDATE, DELETE")


def _poller_grants() -> list[str]:
    grants = ['GRANT SELECT (id, slug, is_active) ON "tenancy_tenant" TO miaopu_poller']
    for model in apps.get_models():
        for right, attribute in (("SELECT", "poller_sees"), ("UPDATE", "poller_writes")):
            columns = getattr(model, attribute, None)
            if columns:
                grants.append(f'GRANT {right} ({", ".join(columns)}) ON "{model._meta.db_table}" TO miaopu_poller')
    return grants
