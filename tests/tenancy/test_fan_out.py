"""One night fans out to every school that is open, and to no other."""
from tenancy.fan_out import fan_out
from tenancy.models import Tenant


class Asked:
    """Stands where a task does and remembers what it was asked for."""

    def __init__(self) -> None:
        self.calls: list[tuple] = []

    def delay(self, *arguments: object) -> None:
        self.calls.append(arguments)


def test_each_open_school_is_asked_for_once_in_order(school, other_school):
    asked = Asked()

    fan_out(asked)

    assert asked.calls == [(pk,) for pk in sorted([school.pk, other_school.pk])]


def test_a_closed_school_is_left_out(school, other_school):
    Tenant.objects.filter(pk=other_school.pk).update(is_active=False)
    asked = Asked()

    fan_out(asked, "today")

    assert asked.calls == [(school.pk, "today")]
