"""收件箱: unread lines first, following a line reads it, and nobody follows another's."""
from datetime import timedelta

from django.utils import timezone

from notifications.actions import mark_read, settle, tell, unread
from notifications.models import Message
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in


def test_following_a_line_marks_it_read_and_leads_where_it_says(school, head):
    with tenant_scope(school):
        tell([head], "2026 Q3 定级批次等您复核", key="batch-7-review", link="tiering/batches/")
        line = Message.objects.get()
    answer = signed_in(head).get(f"/s/{school.slug}/inbox/{line.pk}/")

    with tenant_scope(school):
        assert (answer.status_code, answer["Location"], unread(head)) == (302, f"/s/{school.slug}/tiering/batches/", 0)


def test_the_day_it_was_first_read_stays(school, head):
    with tenant_scope(school):
        tell([head], "好了", key="one")
        mark_read(head, at=timezone.now() - timedelta(days=2))
        line = Message.objects.get()
    signed_in(head).get(f"/s/{school.slug}/inbox/{line.pk}/")

    with tenant_scope(school):
        assert Message.objects.get().read_at == line.read_at


def test_a_colleagues_line_is_not_there(school, head, deputy):
    with tenant_scope(school):
        tell([deputy], "好了", key="one")
        line = Message.objects.get()
    answer = signed_in(head).get(f"/s/{school.slug}/inbox/{line.pk}/")

    with tenant_scope(school):
        assert (answer.status_code, unread(deputy)) == (404, 1)


def test_unread_lines_stand_above_read_ones(school, head):
    with tenant_scope(school):
        tell([head], "旧的没看", key="old")
        tell([head], "新的看过", key="new")
        Message.objects.filter(key="new").update(read_at=timezone.now())
    page = signed_in(head).get(f"/s/{school.slug}/inbox/").content.decode()

    assert page.index("旧的没看") < page.index("新的看过")


def test_settling_a_question_reads_it_for_everybody_and_leaves_the_others(school, head, deputy, now):
    with tenant_scope(school):
        for number in (1, 12):
            tell([head, deputy], f"批次 {number}", key=f"batch-{number}-review-1")
        settle("batch-1-review", at=now)

        assert list(Message.objects.filter(read_at=None).values_list("key", flat=True)) == ["batch-12-review-1"] * 2


def test_another_schools_bell_is_left_alone(school, head, other_school, now):
    stranger = make_member(other_school, "head")
    for tenant, member in ((school, head), (other_school, stranger)):
        with tenant_scope(tenant):
            tell([member], "批次", key="batch-1-review-1")
    with tenant_scope(school):
        settle("batch-1-review", at=now)

    with tenant_scope(other_school):
        assert unread(stranger) == 1
