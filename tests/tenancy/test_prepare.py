"""Bringing a database up to date: schools that are older than a table get what a new school starts with."""
import pytest

from crm.models import CustomerType, FeeKind, WorkCalendar, WorkShift
from tenancy.management.commands.prepare import Command
from tenancy.scope import tenant_scope


@pytest.mark.django_db(transaction=True)
def test_an_older_school_gets_its_calendar_and_keeps_what_it_changed(school, other_school):
    with tenant_scope(school):
        WorkCalendar.objects.all().delete()
        FeeKind.objects.filter(name="伙食费").delete()
        kinds = FeeKind.objects.count()
    with tenant_scope(other_school):
        WorkShift.objects.filter(weekday=6).delete()

    Command()._furnish()

    with tenant_scope(school):
        assert WorkCalendar.objects.get().shifts.count() == 10
        assert FeeKind.objects.count() == kinds and CustomerType.objects.count() == 2
    with tenant_scope(other_school):
        assert not WorkShift.objects.filter(weekday=6).exists()
