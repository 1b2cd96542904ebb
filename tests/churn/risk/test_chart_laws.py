"""Whatever the counts, the pictures of the risk stay inside their frames and keep their order."""
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from churn.reports.charts import columns
from churn.risk.charts import curves, steps, top_of

DAY = date(2026, 1, 1)
counts = st.integers(0, 100_000)


@st.composite
def weeks(draw):
    """Days that go on, each with its count of high and of watch."""
    gaps = draw(st.lists(st.integers(1, 60), max_size=30))
    days = [DAY + timedelta(days=sum(gaps[:n])) for n in range(len(gaps) + 1)]
    return days, [[draw(counts) for _day in days] for _series in range(2)]


def points(text: str) -> list[tuple[float, float]]:
    return [tuple(map(float, pair.split(","))) for pair in text.split()]


@given(told=weeks())
def test_curves_stay_inside_the_chart_and_go_to_the_right(told):
    days, series = told
    chart = curves(days, series, width=380, height=150)

    for curve, row in zip(chart.curves, series, strict=True):
        places = points(curve.points)
        assert all(0 <= x <= 380 and 10 <= y <= 126 for x, y in places)
        assert [x for x, _y in places] == sorted(x for x, _y in places)
        assert curve.last == row[-1] and len(places) == len(days)


@given(told=weeks())
def test_more_families_are_never_drawn_lower(told):
    days, series = told
    chart = curves(days, series)

    for curve, row in zip(chart.curves, series, strict=True):
        heights = dict(zip(row, [y for _x, y in points(curve.points)], strict=True))
        assert [heights[count] for count in sorted(heights)] == sorted(heights.values(), reverse=True)


@given(most=counts)
def test_the_scale_holds_the_largest_and_is_at_most_two_and_a_half_times_as_long(most):
    assert most <= top_of(most) <= max(1, most * 2.5)


@given(lengths=st.lists(st.tuples(st.integers(0, 90), st.integers(0, 100)), max_size=40))
def test_stretches_follow_one_another_and_fill_the_width(lengths):
    spans, start = [], DAY
    for days, score in lengths:
        spans.append((start, start + timedelta(days=days), score, "low"))
        start += timedelta(days=days)
    drawn = steps(spans, width=560, height=70)

    assert len(drawn) == len(spans) and [one.x for one in drawn] == sorted(one.x for one in drawn)
    assert all(0 <= one.x <= 560 and 0 <= one.y <= 70 and one.width >= 2 for one in drawn)


@given(parts=st.lists(st.integers(1, 1000), min_size=1, max_size=9))
def test_bars_are_as_high_as_their_share_and_the_line_ends_at_the_top(parts):
    whole, reached = sum(parts), 0
    shares = []
    for part in parts:
        reached += part
        shares.append((part / whole, reached / whole))
    chart = columns(shares, height=240)

    assert all(abs(one.height - 240 * share) < 0.1 for one, (share, _reached) in zip(chart.columns, shares, strict=True))
    assert chart.columns[-1].reached == 14
    assert [one.reached for one in chart.columns] == sorted((one.reached for one in chart.columns), reverse=True)
