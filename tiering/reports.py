"""The quarterly report: figures once, for page, PDF and XLSX alike; every rate with its counts and its formula."""
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actions import record
from tenancy.access import must
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused
from tiering import charts, queries
from tiering.facts import months_before
from tiering.models import Batch, Override, QuarterlyReport, Result
from tiering.movement import Movement, movement
from tiering.stays import Mean, Rate

TREND = 6
SMALL = 30
# what each figure means, kept with every signed report (K44): a later formula gets a later version
FORMULAS_VERSION = 2
FORMULAS = {"retention": gettext_lazy("期末仍在园的客户 ÷ 期初在园的客户；自然离园（毕业、超龄、搬迁、政策、转园所）两边都不计"),
            "growth": gettext_lazy("期内首次入园的客户 ÷ 期初在园的客户"),
            "referred": gettext_lazy("期内报名的推荐，按推荐当日推荐人的等级计；存疑的不计"),
            "satisfaction": gettext_lazy("期内问卷和电话里答的满意度（1 到 5 分）的平均，按答的那天的等级计"),
            "overrides": gettext_lazy("期内批准的人工调整 ÷ 定级的客户")}


@dataclass
class Report:
    """Everything the page, the PDF and the workbook show of one batch."""

    batch: Batch
    labels: tuple[str, ...]
    campus: int | None
    distribution: list[tuple[str, int]]
    before: list[tuple[str, int]]
    by_campus: list[tuple[str, list[tuple[str, int]]]]
    movement: Movement
    trend: dict[str, list[float | None]]
    quarters: list[str]
    hollow: list[bool]
    retention: dict[str, Rate]
    retention_before: dict[str, Rate]
    growth: Rate
    growth_before: Rate | None
    referred: dict[str, int]
    satisfaction: dict[str, Mean]
    satisfaction_before: Mean
    overrides: int
    unrated: int

    @property
    def size(self) -> int:
        return sum(n for _, n in self.distribution)

    @property
    def override_rate(self) -> float | None:
        """人工调整率: approved overrides of the period ÷ customers rated."""
        return self.overrides / self.size if self.size else None


def starts_on(batch: Batch) -> date:
    return batch.previous.as_of if batch.previous else months_before(batch.as_of, 3)


def build(batch: Batch, campus: int | None = None) -> Report:
    start = starts_on(batch)
    earlier = months_before(start, 3)
    labels = batch.version.as_rules().labels
    began = queries.began_on()
    who = queries.Who(batch.version.scheme.customer_type_id, campus)
    stays = queries.stays(who)
    history = [*published_before(batch), batch]
    shares = [dict(queries.distribution(each, campus)) for each in history]
    return Report(
        batch, labels, campus, queries.distribution(batch, campus),
        queries.distribution(batch.previous, campus) if batch.previous else [], _by_campus(batch, labels),
        movement(batch, [campus] if campus else None), {label: [_share(row, label) for row in shares] for label in labels},
        [f"{each.as_of:%y} Q{(each.as_of.month + 2) // 3}" for each in history],
        [each.state == Batch.State.WORKED_BACK for each in history],
        stays.retention(start, batch.as_of, _labels_at(batch.previous)),
        stays.retention(earlier, start, _labels_at(batch.previous.previous if batch.previous else None)),
        stays.growth(start, batch.as_of), stays.growth(months_before(began, 3), began) if began else None,
        dict(queries.referred_by_tier(start, batch.as_of, who)), queries.satisfaction_by_tier(start, batch.as_of, who),
        queries.satisfaction_by_tier(earlier, start, who)[""], _overrides(batch, start, who),
        _of_campus(Result.objects.filter(batch=batch, tier=None), campus).count())


def published_before(batch: Batch) -> list[Batch]:
    rows = Batch.objects.filter(version__scheme=batch.version.scheme, as_of__lt=batch.as_of,
                                state__in=[Batch.State.PUBLISHED, Batch.State.WORKED_BACK])
    newest: dict[date, Batch] = {}
    for row in rows.select_related("version").order_by("-as_of", "state", "-id"):
        newest.setdefault(row.as_of, row)
    return list(newest.values())[: TREND - 1][::-1]


def _share(counts: dict[str, int], label: str) -> float | None:
    total = sum(counts.values())
    return counts.get(label, 0) / total if total else None


def _labels_at(batch: Batch | None) -> dict[int, str]:
    """Tiers at the period's start; before tiering began there are none and only the total is shown."""
    if batch is None:
        return {}
    labels = batch.version.as_rules().labels
    rows = Result.objects.filter(batch=batch).values_list("customer_id", "tier")
    return {customer: queries.label_of(labels, tier) for customer, tier in rows}


def _by_campus(batch: Batch, labels: tuple[str, ...]) -> list[tuple[str, list[tuple[str, int]]]]:
    rows = Result.objects.filter(batch=batch).exclude(tier=None).values_list("campus_id_then", "tier").annotate(n=Count("*"))
    counts = {(campus, tier): n for campus, tier, n in rows}
    return [(campus.name, [(label, counts.get((campus.pk, tier), 0)) for tier, label in enumerate(labels)])
            for campus in Campus.objects.all() if any(key[0] == campus.pk for key in counts)]


def _of_campus(results: Any, campus: int | None) -> Any:
    return results.filter(campus_id_then=campus) if campus else results


def _overrides(batch: Batch, start: date, who: queries.Who) -> int:
    rows = Override.objects.filter(Q(approved_at__date__gt=start), approved_at__date__lte=batch.as_of + timedelta(14),
                                   scheme=batch.version.scheme)
    return who.of(rows, "customer").count()


# -- findings: one sentence a picture, from a short list of patterns ---------------------------------------
def headline(report: Report) -> str:
    """The first sentence of the report; a plain one when no pattern fits."""
    top = sum(n for _, n in report.distribution[:2])
    names = _("、").join(report.labels[:2])
    if report.size and top * 2 > report.size:
        return _("过半客户在 %(names)s 级。") % {"names": names}
    last = report.distribution[-1] if report.distribution else ("", 0)
    if report.size and last[1] * 4 > report.size:
        return _("%(label)s 级占到四分之一以上。") % {"label": last[0]}
    return _("共 %(n)s 户定级。") % {"n": report.size}


def findings(report: Report) -> dict[str, str]:
    return {"distribution": _distribution_finding(report), "movement": _movement_finding(report),
            "trend": _trend_finding(report), "retention": _retention_finding(report)}


def _distribution_finding(report: Report) -> str:
    if not report.size:
        return _("等级分布")
    share = sum(n for _, n in report.distribution[:2]) / report.size
    last, n = report.distribution[-1]
    return _("%(names)s 级占 %(share).0f%%，%(last)s 级 %(n)s 户") % {
        "names": _("、").join(report.labels[:2]), "share": share * 100, "last": last, "n": n}


def _movement_finding(report: Report) -> str:
    biggest = report.movement.biggest()
    if biggest is None:
        return _("没有客户变级") if report.batch.previous else _("第一次定级，还没有上季可比")
    return _("升级 %(up)s 户、降级 %(down)s 户；最大的一股是 %(a)s 到 %(b)s，%(n)s 户") % {
        "up": report.movement.ups, "down": report.movement.downs, "a": biggest[0], "b": biggest[1], "n": biggest[2]}


def _trend_finding(report: Report) -> str:
    first, last = report.labels[0], report.labels[-1]
    best = [v for v in report.trend[first] if v is not None]
    worst = [v for v in report.trend[last] if v is not None]
    if len(best) < 2:
        return _("等级占比走势，从这一季开始")
    return _("%(n)s 个季度里，%(first)s 级%(best)s，%(last)s 级%(worst)s") % {
        "n": len(best), "first": first, "best": _went(best), "last": last, "worst": _went(worst)}


def _went(shares: list[float]) -> str:
    """How a share of customers went from the first quarter to the last, in percentage points."""
    change = round((shares[-1] - shares[0]) * 100, 1)
    if change == 0:
        return _("持平")
    return (_("升 %(n).1f 个百分点") if change > 0 else _("降 %(n).1f 个百分点")) % {"n": abs(change)}


def _retention_finding(report: Report) -> str:
    """The tier that keeps fewest; under 30 customers in counts, never as a percentage."""
    rates = [(rate.share, label, rate) for label in report.labels if (rate := report.retention.get(label)) and rate.share is not None]
    if not rates:
        return _("还没有上一批可比，留存率只有合计")
    share, label, rate = min(rates, key=lambda row: row[0])
    if share == 1:
        return _("各级都没有人离开")
    if rate.of < SMALL:
        return _("%(label)s 级走得最多：期初 %(of)s 户，留下 %(kept)s 户") % {"label": label, "of": rate.of, "kept": rate.kept}
    return _("%(label)s 级留存最低，%(share).1f%%") % {"label": label, "share": share * 100}


def pictures(report: Report) -> dict[str, Any]:
    rows = [(label, rate.kept, rate.of, report.retention_before.get(label, Rate(0, 0)).share)
            for label in report.labels for rate in [report.retention.get(label, Rate(0, 0))]]
    return {"now": charts.stacked(report.distribution), "before": charts.stacked(report.before),
            "campuses": [(name, charts.stacked(counts, 380), sum(n for _, n in counts)) for name, counts in report.by_campus],
            "trend": charts.lines(report.trend, hollow=report.hollow, began=report.hollow.count(True) or None),
            "retention": charts.dots(rows)}


# -- the written part ----------------------------------------------------------------------------------------
def report_of(batch: Batch) -> QuarterlyReport:
    return QuarterlyReport.objects.get_or_create(batch=batch)[0]


@transaction.atomic
def write_summary(batch: Batch, text: str, *, by: Membership) -> None:
    """The written summary (K45); a signed report stays as it is."""
    must(by, "tiering.sign")
    report = report_of(batch)
    if not QuarterlyReport.objects.filter(pk=report.pk, signed_at=None).update(summary=text.strip()[:4000]):
        raise Refused(_("报告已签发，不能再改；有新情况写进下一季。"), code="signed")
    record(by, "tiering.summary_written", batch)


@transaction.atomic
def sign(batch: Batch, *, by: Membership, at: Any) -> None:
    """签发: the figures are stored with formulas and counts, and the text is closed."""
    must(by, "tiering.sign")
    if batch.state != Batch.State.PUBLISHED:
        raise Refused(_("批次发布之后才能签发报告。"))
    report = report_of(batch)
    if not report.summary.strip():
        raise Refused(_("先写一段本季总结，再签发。"), "summary")
    figures = frozen_figures(build(batch))
    done = QuarterlyReport.objects.filter(pk=report.pk, signed_at=None).update(signed_by=by, signed_at=at, figures=figures)
    if not done:
        raise Refused(_("报告已经签发过了。"), code="signed")
    record(by, "tiering.report_signed", batch)


def frozen_figures(report: Report) -> dict[str, Any]:
    """What stands under the signature: each figure with its n and formula."""
    def rate(value: Rate | None) -> list[int] | None:
        return None if value is None else [value.kept, value.of]
    formulas = {name: str(text) for name, text in FORMULAS.items()} | {"version": FORMULAS_VERSION}
    return {"distribution": report.distribution, "retention": {k: rate(v) for k, v in report.retention.items()},
            "growth": rate(report.growth), "growth_before": rate(report.growth_before), "referred": report.referred,
            "satisfaction": {label: [mean.total, mean.of] for label, mean in report.satisfaction.items()},
            "overrides": report.overrides, "n": report.size, "formulas": formulas, "digest": report.batch.digest,
            "scheme": report.batch.version.scheme.code, "version": report.batch.version.number}
