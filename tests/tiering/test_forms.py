"""人工调整 as a form: the scheme's own labels, a reason of some length, a day."""
import pytest

from tiering.forms import OverrideForm

LABELS = ("A", "B", "C")
GOOD = {"tier": "1", "reason": "园长亲自谈过", "expires_on": "2030-01-01"}


def test_it_offers_the_labels_of_the_scheme_in_their_order():
    assert OverrideForm(labels=LABELS).fields["tier"].choices == [(0, "A"), (1, "B"), (2, "C")]


def test_a_chosen_tier_is_its_position():
    form = OverrideForm(GOOD, labels=LABELS)

    assert form.is_valid() and form.cleaned_data["tier"] == 1


@pytest.mark.parametrize(("name", "value"), [
    ("tier", "3"), ("tier", ""), ("tier", "B"), ("tier", "-1"), ("reason", ""), ("reason", "   "), ("reason",
            "长" * 301), ("expires_on", ""),
    ("expires_on", "gestern"), ("expires_on", "2030-02-30"),
])
def test_a_slip_stands_at_its_field(name, value):
    assert list(OverrideForm(GOOD | {name: value}, labels=LABELS).errors) == [name]


@pytest.mark.parametrize("labels", [("1", "2", "3", "4"), ("好", "中"), tuple("ABCDEFGH")])
def test_any_number_of_tiers_can_be_offered(labels):
    assert [label for _n, label in OverrideForm(labels=labels).fields["tier"].choices] == list(labels)


def test_the_end_is_typed_as_a_browser_speaks_it():
    assert OverrideForm(labels=LABELS).fields["expires_on"].widget.input_type == "date"


def test_every_widget_has_the_field_class():
    form = OverrideForm(labels=LABELS)

    assert {field.widget.attrs.get("class") for field in form.fields.values()} == {"mp-input"}
