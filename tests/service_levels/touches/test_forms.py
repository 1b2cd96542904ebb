"""What is typed about touches: only the family's own open ones can be meant."""
from service_levels.models import Touch
from service_levels.touches.forms import ExcuseForm, RulesForm, TalkForm
from tests.service_levels.conftest import DAY, family, owe


def test_only_the_familys_open_touches_can_be_ticked(miao):
    mine, other = family(1, "D", "low"), family(2, "D", "low")
    owe()
    own, foreign = Touch.objects.get(customer=mine), Touch.objects.get(customer=other)

    assert TalkForm({"touches": [own.pk], "channel": "phone"}, customer=mine).is_valid()
    form = TalkForm({"touches": [foreign.pk], "channel": "phone"}, customer=mine)
    assert form.errors == {"touches": ["有一件已经做了或免了，请刷新页面。"]}
    Touch.objects.update(voided_on=DAY)
    assert not TalkForm({"touches": [own.pk], "channel": "phone"}, customer=mine).is_valid()


def test_a_talk_needs_a_way_of_talking(miao):
    customer = family(1)

    assert set(TalkForm({"channel": "sms"}, customer=customer).errors) == {"channel"}
    assert set(TalkForm({"channel": "phone", "text": "长" * 501}, customer=customer).errors) == {"text"}


def test_an_excuse_needs_its_reason(miao):
    assert set(ExcuseForm({"why": " "}, customer=family(1)).errors) == {"why"}


def test_rules_know_their_festivals_and_bounds():
    assert RulesForm({"festivals": ["spring"], "most_a_week": "3"}).is_valid()
    assert set(RulesForm({"festivals": ["yesterday"], "most_a_week": "8"}).errors) == {"festivals", "most_a_week"}
