"""导入: a run, its refused rows, what it changed, the mapping a school's own sheets need, and long jobs."""
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy.base import TenantModel
from tenancy.fields import Sealed, TenantForeignKey
from tenancy.models import Campus, Membership
from tenancy.scope import current_tenant


def upload_path(run: "ImportRun", filename: str) -> str:
    """The tenant stands in the path; the school's own file name may hold names, so it does not."""
    return f"{current_tenant().public_id}/imports/{timezone.now():%Y%m%d%H%M%S%f}"


class ImportKind(models.TextChoices):
    ROSTER = "roster", _("花名册")
    PAYMENTS = "payments", _("收费流水")
    REFERRALS = "referrals", _("推荐登记")
    ACTIVITIES = "activities", _("活动签到")
    ATTENDANCE = "attendance", _("考勤")
    LESSONS = "lessons", _("课时包")
    LEADS = "leads", _("线索")
    PARTNERS = "partners", _("合作机构")
    ENROLMENTS = "enrolments", _("在园记录")


class ImportRun(TenantModel):
    """导入: one uploaded file on its way into the archive."""

    class State(models.TextChoices):
        CHECKING = "checking", _("试运行中")
        MAPPING = "mapping", _("待对应列")
        CHECKED = "checked", _("已试运行")
        RUNNING = "running", _("导入中")
        DONE = "done", _("已导入")
        FAILED = "failed", _("失败")
        UNDONE = "undone", _("已撤销")

    kind = models.CharField(_("类型"), max_length=20, choices=ImportKind)
    state = models.CharField(_("状态"), max_length=20, choices=State, default=State.CHECKING)
    campus = TenantForeignKey(Campus, null=True, related_name="+", verbose_name=_("园所"))
    by = TenantForeignKey(Membership, null=True, related_name="+", verbose_name=_("谁"))
    filename = models.CharField(_("文件"), max_length=200)
    file = models.FileField(upload_to=upload_path, storage=default_storage, blank=True)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    fixes_sealed = models.BinaryField(null=True)
    fixes = Sealed("fixes_sealed")  # JSON: row number → {field: corrected cell}
    total = models.IntegerField(default=0)
    error = models.CharField(_("问题"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("导入")
        ordering = ["-id"]


class ImportRow(TenantModel):
    """A row that needs a person: refused, or kept with a remark. Its cells are sealed."""

    run = TenantForeignKey(ImportRun, models.CASCADE, related_name="rows")
    number = models.IntegerField(_("行"))
    verdict = models.CharField(max_length=20)
    field = models.CharField(max_length=40, blank=True)
    reason = models.CharField(_("问题"), max_length=200)
    cells_sealed = models.BinaryField(null=True)
    cells = Sealed("cells_sealed")

    class Meta(TenantModel.Meta):
        ordering = ["number"]
        indexes = [models.Index(fields=["tenant", "run", "number"], name="import_row_number")]


class ImportChange(TenantModel):
    """What a run changed in a row that was there before it, so that undo can put it back."""

    run = TenantForeignKey(ImportRun, models.CASCADE, related_name="changes")
    model = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    before = models.JSONField()

    class Meta(TenantModel.Meta):
        ordering = ["-id"]


class ColumnMap(TenantModel):
    """对应列: how this school's sheets of a kind name their columns, remembered from the last time."""

    kind = models.CharField(max_length=20, choices=ImportKind)
    header = models.CharField(max_length=60)
    target = models.CharField(max_length=40)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "header"], name="column_map_header")]


class Job(TenantModel):
    """A long piece of work a person can watch, leave and stop."""

    kind = models.CharField(max_length=40)
    by = TenantForeignKey(Membership, null=True, related_name="+")
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    file = models.CharField(max_length=200, blank=True)


class Imported(models.Model):
    """A row that remembers the run that made it; undoing the run takes it back."""

    import_run = TenantForeignKey(ImportRun, null=True, blank=True, editable=False, related_name="+")

    class Meta:
        abstract = True
