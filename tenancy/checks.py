"""Mistakes that Django's own checks do not know: a tenant model that lost its locks, a global table nobody listed."""
from typing import Any

from django.apps import apps
from django.core.checks import Error, register
from django.db import models

from tenancy.base import TenantModel
from tenancy.locks import TenantPolicy

GLOBAL_TABLES = {
    "tenancy_tenant": "a request finds its school here before any scope is open",
    "tenancy_user": "sign-in names, passwords and languages; no school's data",
    "django_session": "a session begins before the school is known",
    "django_content_type": "names of models",
    "django_migrations": "which migrations ran",
    "django_admin_log": "created by the admin app; closed to the app role, audit is used instead",
    "auth_group": "required by Django's auth app; unused and closed",
    "auth_permission": "required by Django's auth app; unused and closed",
    "auth_group_permissions": "required by Django's auth app; unused and closed",
    "axes_accessattempt": "failed sign-ins, counted before a school is known",
    "axes_accesslog": "sign-ins of accounts",
    "axes_accessfailurelog": "failed sign-ins of accounts",
    "axes_accessattemptexpiration": "when a locked account opens again",
    "pghistory_context": "required by pghistory; unused (the context stands in each event) and closed",
    "account_emailaddress": "allauth: addresses of accounts",
    "account_emailconfirmation": "allauth: addresses of accounts",
    "mfa_authenticator": "allauth: second factors of accounts",
    "django_celery_beat_clockedschedule": "when beat wakes up",
    "django_celery_beat_crontabschedule": "when beat wakes up",
    "django_celery_beat_intervalschedule": "when beat wakes up",
    "django_celery_beat_periodictask": "when beat wakes up",
    "django_celery_beat_periodictasks": "when beat wakes up",
    "django_celery_beat_solarschedule": "when beat wakes up",
}


@register("tenancy")
def tenant_models_are_locked(**_: Any) -> list[Error]:
    return [Error(f"{model._meta.label} 没有租户策略", obj=model, id="tenancy.E001")
            for model in apps.get_models() if issubclass(model, TenantModel) and not _locked(model)]


@register("tenancy")
def every_table_is_a_tenants_or_listed(**_: Any) -> list[Error]:
    return [Error(f"{model._meta.label} 既不是租户表，也不在全局表清单里", obj=model, id="tenancy.E002")
            for model in apps.get_models(include_auto_created=True)
            if not _locked(model) and model._meta.db_table not in GLOBAL_TABLES and model._meta.managed and not model._meta.proxy]


def _locked(model: type[models.Model]) -> bool:
    return any(type(constraint) is TenantPolicy for constraint in model._meta.constraints)
