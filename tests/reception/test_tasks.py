"""What beat asks of reception every night, one school at a time."""
from datetime import timedelta

import pytest
from django.utils import timezone

from reception.booking import hold
from reception.models import Booking, Slot, StoredAnswer
from reception.once import KEPT, once
from reception.tasks import sweep_one
from tenancy.scope import tenant_scope
from tests.reception.makers import slot

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_night_lays_slots_ends_holds_and_forgets_old_answers(school, other_school):
    now = timezone.now()
    with tenant_scope(school):
        here = slot(1, now + timedelta(days=2), extra=True)
        hold(here, cutoff=now, channel="online", at=now - timedelta(hours=1))
        once("a-key-of-long-ago", {}, lambda: {}, at=now - KEPT)

    sweep_one(school.pk)

    with tenant_scope(school):
        assert Booking.objects.get().state == "expired" and Slot.objects.get(pk=here.pk).booked == 0
        assert Slot.objects.filter(state="open").count() > 50 and StoredAnswer.objects.count() == 0
    with tenant_scope(other_school):
        assert Slot.objects.count() == 0
