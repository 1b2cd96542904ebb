"""A school that is put back is the one that was opened: only its times move."""
from datetime import timedelta

import time_machine
from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from tenancy.actions import create_tenant
from tenancy.base import TenantModel
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.conftest import NOW, make_school
from tests.kept import keep

OWN = ("id", "public_id", "wrapped_key", "slug", "name")  # what no two schools share
APART = (models.ForeignKey, models.DateTimeField)


def told(tenant: Tenant) -> dict[str, list]:
    """Everything a school has, but for ids, links and times, which differ between any two."""
    with tenant_scope(tenant):
        found = {}
        for model in apps.get_models():
            if issubclass(model, TenantModel):
                fields = [field.attname for field in model._meta.concrete_fields if not isinstance(field, APART) and field.attname not in OWN]
                found[model.__name__] = sorted(str(row) for row in model.objects.values_list(*fields))
        return found


def opened_and_put_back(slug: str) -> Tenant:
    """Opened once if nobody has yet, done away with, and put back."""
    mark = transaction.savepoint()
    make_school(slug)
    transaction.savepoint_rollback(mark)
    return make_school(slug)


def test_a_school_that_is_put_back_has_all_that_one_has_that_is_opened(db):
    again = opened_and_put_back("miao")

    fresh = create_tenant("qi", kind="kindergarten", name="x", campuses={"main": "本部"})

    assert told(again) == told(fresh)
    assert sum(map(len, told(again).values())) > 50


def test_its_times_are_of_now_and_its_dates_of_today(db):
    made = []

    def make():
        made.append(create_tenant("dun", kind="kindergarten", name="x", campuses={"main": "本部"}))
        return made[-1]

    with time_machine.travel(NOW, tick=False):
        mark = transaction.savepoint()
        first = keep(("dun",), make)
        transaction.savepoint_rollback(mark)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        second = keep(("dun",), make)
        transaction.savepoint_rollback(mark)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        keep(("dun",), make)

        assert second.created_at - first.created_at == timedelta(hours=2)
        assert len(made) == 2 and made[1].created_at == timezone.now()


def test_what_is_done_to_it_is_not_kept(db):
    mark = transaction.savepoint()
    school = make_school("miao")
    Tenant.objects.filter(pk=school.pk).update(name="x")
    transaction.savepoint_rollback(mark)

    assert make_school("miao").name == "miao机构"
