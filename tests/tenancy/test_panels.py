"""Places that many apps fill, in their order, each app once."""
import pytest

from tenancy import panels


@pytest.fixture(autouse=True)
def empty(monkeypatch):
    monkeypatch.setattr(panels, "_panels", {})


def test_panels_stand_in_their_order_however_they_were_registered():
    panels.register("family", 20, lambda who: f"second of {who}", "b.html")
    panels.register("family", 10, lambda who: f"first of {who}", "a.html")

    assert [(p.template, p.data) for p in panels.build("family", "周小满")] == [("a.html", "first of 周小满"),
            ("b.html", "second of 周小满")]


def test_a_panel_that_has_nothing_to_say_stays_away():
    panels.register("family", 10, lambda: None)
    panels.register("family", 20, lambda: 0)

    assert [p.data for p in panels.build("family")] == [0]


def test_the_same_builder_is_registered_once():
    def build():
        return 1
    for _ in range(3):
        panels.register("today", 10, build)

    assert len(panels.build("today")) == 1


def test_a_place_nobody_fills_is_empty():
    assert panels.build("nowhere", 1, 2) == []


def test_places_are_apart():
    panels.register("today", 10, lambda: "a")
    panels.register("family", 10, lambda: "b")

    assert [p.data for p in panels.build("today")] == ["a"]


def test_a_builder_gets_the_subject_as_it_is():
    panels.register("row", 10, lambda *subject: subject)

    assert panels.build("row", 1, "b", None)[0].data == (1, "b", None)
