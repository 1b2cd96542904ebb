"""What the audit's verbs and objects are called on a screen."""
import pytest
from django.apps import apps
from django.utils import translation

from audit import words
from audit.words import kind, name, word
from crm.queries import VERBS as OF_THE_ARCHIVE
from tiering.words import VERBS as OF_THE_TIERS


@pytest.mark.parametrize("verb", sorted(OF_THE_ARCHIVE | OF_THE_TIERS))
def test_every_verb_that_an_app_names_has_its_word(verb):
    assert word(verb) != verb and word(verb).strip()


@pytest.mark.parametrize(("verb", "said"), [
    ("crm.feekind_added", "新建收费项目"), ("crm.child_downloaded", "导出孩子"), ("tenancy.campus_changed",
            "改园所"), ("crm.family_deleted", "删除家庭"),
    ("audit.operator_entered", "平台运营进入"),
])
def test_what_the_admin_did_is_called_by_its_model(verb, said):
    assert word(verb) == said


@pytest.mark.parametrize("verb", ["", "unknown", "crm.ghost", "crm.feekind_exploded", "a.b.c_added", "_added"])
def test_a_verb_nobody_named_stands_as_it_is(verb):
    assert word(verb) == verb


@pytest.mark.parametrize("label", sorted(model._meta.label_lower for model in apps.get_models() if model._meta.app_label in ("crm", "tenancy")))
def test_every_object_has_a_name(label):
    assert kind(label)


@pytest.mark.parametrize("label", ["", "crm", "crm.ghost", "ghost.child"])
def test_an_object_nobody_knows_stands_as_it_is(label):
    assert kind(label) == label


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "登记缴费"), ("zh-hant", "登記繳費")])
def test_a_verb_is_told_in_the_readers_language(language, said):
    with translation.override(language):
        assert word("crm.payment_taken") == said


def test_an_app_adds_its_own(monkeypatch):
    monkeypatch.setattr(words, "_words", {})
    name({"x.done": "做好了"})

    assert word("x.done") == "做好了"
