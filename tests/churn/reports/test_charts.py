"""Geometry of the 主因 chart, by hand."""
import pytest

from churn.reports.charts import columns


def test_bars_and_line_share_one_scale_of_the_whole():
    chart = columns([(0.5, 0.5), (0.5, 1.0)], width=252, height=200, gap=10)

    first, second = chart.columns
    assert (first.x, first.width, first.height, first.y) == (13, 90, 100, 114)
    assert (first.middle, first.reached) == (58, 114)
    assert (second.y, second.reached) == (114, 14) and chart.line == "58.0,114.0 158.0,14.0"
    assert chart.rules[0] == (214, 0) and chart.rules[-1] == (14, 100) and chart.bottom == 214


@pytest.mark.parametrize("count", [1, 3, 8])
def test_bars_stand_side_by_side_within_the_chart(count):
    chart = columns([(1 / count, (n + 1) / count) for n in range(count)])

    edges = [(one.x, one.x + one.width) for one in chart.columns]
    assert all(end < begin for (_x, end), (begin, _y) in zip(edges, edges[1:], strict=False))
    assert edges[-1][1] <= chart.right


def test_without_losses_there_is_only_the_scale():
    assert (columns([]).columns, columns([]).line, len(columns([]).rules)) == ((), "", 5)
