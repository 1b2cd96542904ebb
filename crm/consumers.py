"""What the worker does for the archive, outside of the request: check and carry out imports, send questionnaires."""
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.imports.runs import CHECK, START, dry_run, start, understand
from crm.models import ImportRun, SurveyResponse
from crm.surveys import asking
from notifications.actions import consumer, tell
from tenancy.promises import broken_promise
from tenancy.refusals import Refused

PROGRESS_SECONDS = 600


def progress_key(run: ImportRun) -> str:
    return f"import:{run.tenant_id}:{run.pk}"


@consumer(CHECK)
def check(payload: dict[str, Any]) -> None:
    run = ImportRun.objects.select_related("campus", "by").get(pk=payload["run"])
    try:
        with _worded():
            dry_run(run, understand(run.kind, Path(run.file.path), run.mapping), today=timezone.localdate())
    except Refused as refusal:
        _stop(run, refusal, ImportRun.State.MAPPING if refusal.field == "columns" else ImportRun.State.FAILED)


@consumer(START)
def carry_out(payload: dict[str, Any]) -> None:
    run = ImportRun.objects.select_related("campus", "by").get(pk=payload["run"])
    key = progress_key(run)

    def tick(done: int) -> None:
        if cache.get(f"{key}:stop"):
            raise Refused(_("已按您的要求停下，什么都没有写入。"))
        cache.set(key, done, PROGRESS_SECONDS)

    try:
        with _worded():
            start(run, understand(run.kind, Path(run.file.path), run.mapping), at=timezone.now(), tick=tick)
        said = _("%(file)s 导入好了")
    except Refused as refusal:
        _stop(run, refusal, ImportRun.State.FAILED)
        said = _("%(file)s 没有导入，什么都没写")
    finally:
        cache.delete_many([key, f"{key}:stop"])
    if run.by:
        tell([run.by], said % {"file": run.get_kind_display()}, key=f"import-{run.pk}-{run.state}", link=f"imports/{run.pk}/")


@consumer(asking.SEND)
def send_surveys(payload: dict[str, Any]) -> None:
    """The links of some sheets that are due; who has answered meanwhile is not written to."""
    rows = SurveyResponse.objects.filter(pk__in=payload["responses"]).select_related("version__survey", "customer", "campus")
    for row in rows.order_by("id"):
        asking.send(row, at=timezone.now())


@contextmanager
def _worded() -> Iterator[None]:
    """A promise of the database that no row was checked for ends the run with its words, never in "importing" for ever."""
    try:
        yield
    except IntegrityError as error:
        raise Refused(_("没有写入：%(why)s") % {"why": broken_promise(error) or _("与已有的记录冲突，请核对后再试。")}) from None


def _stop(run: ImportRun, refusal: Refused, state: str) -> None:
    """What was begun was rolled back with its savepoint; the reason stays for the person."""
    run.state = state
    ImportRun.objects.filter(pk=run.pk).update(state=state, error=refusal.message[:300])
