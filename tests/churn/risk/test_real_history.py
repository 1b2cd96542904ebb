"""Real purchases of 2,357 customers as a training centre: the back-test on its page equals what plain Python counts from the file."""
import re
from collections import defaultdict
from datetime import UTC, date, datetime
from statistics import median_low

import pytest

from churn.models import Backtest
from churn.risk.backtest import ask, work_out
from churn.risk.rules import SHIPPED
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in
from tests.crm.test_imports_real_purchases import DATA, centre  # noqa: F401  (the fixture)

AS_OF, UNTIL = date(1997, 9, 30), date(1998, 6, 30)
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def purchases() -> dict[str, dict[date, float]]:
    """Customer → day → what was paid on it, from the file."""
    found: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for line in (DATA / "cdnow_sample.txt").read_text().splitlines():
        _all, customer, day, _quantity, amount = line.split()
        found[customer][datetime.strptime(day, "%Y%m%d").date()] += float(amount)
    return found


def earned(sign: str, value: int | None, falling: bool = False) -> int:
    return 0 if value is None else max([0, *(points for bound,
            points in SHIPPED.steps[sign] if (value <= bound if falling else value >= bound))])


def judged(days: dict[date, float]) -> tuple[str, int]:
    """The band of a customer on the day, from three signs that a file of purchases holds, and the points of a lapse."""
    paid = sorted(day for day, amount in days.items() if day <= AS_OF and amount > 0)
    since = min(days)
    gaps = [(b - a).days for a, b in zip(paid, paid[1:], strict=False)]
    lapse = (AS_OF - paid[-1]).days * 100 // median_low(gaps) if len(gaps) >= 2 else None
    lapsed = earned("lapsed", lapse)
    score = lapsed + earned("silent", (AS_OF - since).days) + earned("tenure", (AS_OF - paid[0]).days + 1, falling=True)
    return "high" if score >= SHIPPED.high else "watch" if score >= SHIPPED.watch else "low", lapsed


def expected() -> dict:
    counted = {"bands": {band: [0, 0] for band in ("high", "watch", "low")}, "lapsed": [0, 0], "n": 0, "lost": 0}
    for days in purchases().values():
        if not any(day <= AS_OF and amount > 0 for day, amount in days.items()):
            continue  # who was only ever given something has paid nothing yet
        band, lapsed = judged(days)
        lost = not any(AS_OF < day <= UNTIL and amount > 0 for day, amount in days.items())
        counted["n"] += 1
        counted["lost"] += lost
        for pair in [counted["bands"][band], *([counted["lapsed"]] if lapsed else [])]:
            pair[0] += 1
            pair[1] += lost
    return counted


@pytest.fixture
def looked_back(centre):  # noqa: F811
    head = make_member(centre, "head")
    with tenant_scope(centre):
        row = ask(AS_OF, UNTIL, by=head, today=NOW.date(), at=NOW)
        work_out({"backtest": row.pk})
        return head, Backtest.objects.get(pk=row.pk)


def test_the_figures_equal_those_counted_from_the_file(looked_back):
    _head, row = looked_back
    truth = expected()

    assert {key: row.figures[key] for key in ("n", "lost", "bands")} == {key: truth[key] for key in ("n", "lost", "bands")}
    assert row.figures["signs"]["lapsed"] == truth["lapsed"]
    assert (row.figures["natural"], row.figures["unsaid"], row.figures["lead"]) == (0, 0, None)


def test_the_page_shows_those_figures(looked_back):
    head, row = looked_back
    truth = expected()

    page = signed_in(head).get(f"/s/centre/churn/backtests/{row.pk}/").content.decode()

    high, watch = truth["bands"]["high"], truth["bands"]["watch"]
    shown = [re.sub(r"<[^>]*>|\s", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", page, re.S)]
    wider = [high[0] + watch[0], high[1] + watch[1]]
    for hits, of in ((high[1], high[0]), (wider[1], wider[0]), (high[1], truth["lost"]), (wider[1], truth["lost"]),
            (truth["lost"], truth["n"])):
        assert f"{hits}/{of}{hits / of * 100:.1f}%" in shown if of >= 30 else f"{hits}/{of}–" in shown
