"""租户、人员、成员、园所. Tenant and User are global; all else belongs to one school."""
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy.base import TenantManager, TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.locks import PersonPolicy
from tenancy.roles import Role, may
from tenancy.sealing import new_tenant_key

RESERVED_SLUGS = frozenset({"admin", "api", "static", "accounts", "s", "t", "b"})


def new_public_id() -> str:
    return secrets.token_hex(6)


def second_factor_by_default() -> bool:
    """On in production, off in the demo (DESIGN §4)."""
    return bool(settings.PRODUCTION)


class Kind(models.TextChoices):
    KINDERGARTEN = "kindergarten", _("幼儿园")
    NURSERY = "nursery", _("托育机构")
    TRAINING = "training", _("培训机构")


class Tenant(models.Model):
    """租户（机构）: one school or training centre. Global: a request must find it before any scope is open."""

    slug = models.SlugField(_("网址名"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind)
    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    wrapped_key = models.BinaryField(editable=False)
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    second_factor = models.BooleanField(_("要求两步验证"), default=second_factor_by_default)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("机构")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.wrapped_key:
            self.wrapped_key = new_tenant_key(self.public_id)
        super().save(*args, **kwargs)


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A sign-in: name, password, language, nothing else. What a school sees of a person is Membership."""

    username = models.CharField(_("登录名"), max_length=60, unique=True)
    email = models.EmailField(_("邮箱"), blank=True)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_operator = models.BooleanField(_("平台运营"), default=False)
    is_demo = models.BooleanField(default=False, editable=False)  # production lets nobody of the demo in

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()

    is_superuser = False  # nobody is: rights come from the role in a school
    is_staff = True       # the admin's own gate; access.py and the role table decide

    class Meta:
        verbose_name = verbose_name_plural = _("登录账号")

    def __str__(self) -> str:
        return self.username

    def has_perm(self, *_: Any) -> bool:
        return False

    def has_module_perms(self, *_: Any) -> bool:
        return False


DIALLED = RegexValidator(r"^\+?[0-9][0-9 -]{4,18}\Z", _("请写成 010-88880000 这样的号码。"))


class Campus(TenantModel):
    """园所 / 校区"""

    code = models.CharField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=60)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("家长打的电话"), max_length=20, blank=True, validators=[DIALLED],
                             help_text=_("写在预约页下面，家长点一下就能拨。"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("园所")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="campus_code",
                                               violation_error_message=_("这个代码已经有园所在用，换一个。"))]

    def __str__(self) -> str:
        return self.name


class Membership(TenantModel):
    """成员: a person in a school, with one role and the campuses they work for (none named: all)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登录账号"))
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    name = models.CharField(_("姓名"), max_length=40)
    is_active = models.BooleanField(_("在岗"), default=True)
    stands_in = TenantForeignKey("tenancy.Membership", null=True, blank=True, related_name="covers",
                                 verbose_name=_("代班人"))
    left_on = models.DateField(_("离岗日期"), null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)  # an operator's entry ends by itself

    across = models.Manager()  # only useful inside person_scope: the database shows a person's own rows

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("成员")
        ordering = ["name"]
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], name="membership_once",
                                    violation_error_message=_("这个账号已经是本机构的成员。")),
            PersonPolicy(name="membership_own"),
        ]

    objects = TenantManager()

    def __str__(self) -> str:
        return self.name

    def may(self, right: str) -> bool:
        return self.is_active and may(self.role, right)

    def confine(self, campus_ids: list[int]) -> None:
        """What ``campus_ids`` would ask the database for, when it is known already; none means all campuses."""
        self._campus_ids: list[int] | None = campus_ids or None

    def narrow(self, campus_id: int) -> None:
        """Look at one of one's campuses only, as chosen in the header."""
        own = self.campus_ids()
        if own is None or campus_id in own:
            self._campus_ids = [campus_id]

    def campus_ids(self) -> list[int] | None:
        """Ids of the campuses this member works for; None means all of them."""
        if not hasattr(self, "_campus_ids"):
            self.confine(list(self.campus_links.values_list("campus_id", flat=True)))
        return self._campus_ids


class MembershipCampus(TenantModel):
    """One campus a member is confined to."""

    membership = TenantForeignKey(Membership, models.CASCADE, related_name="campus_links")
    campus = TenantForeignKey(Campus, models.CASCADE, related_name="+", verbose_name=_("园所"))

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("负责的园所")
        constraints = [models.UniqueConstraint(fields=["tenant", "membership", "campus"], name="membership_campus_once")]


class SignInLink(TenantModel):
    """A one-time link by which a colleague sets a first or new password; only its hash is kept."""

    membership = TenantForeignKey(Membership, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "token_hash"], name="sign_in_link_token")]

    def is_open(self, at: Any = None) -> bool:
        return self.used_at is None and self.expires_at > (at or timezone.now())


class ApiToken(TenantModel):
    """A member's key to the API, ``mp_<tenant>_<secret>``; only the secret's hash is kept."""

    membership = TenantForeignKey(Membership, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("用途"), max_length=60)
    secret_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = verbose_name_plural = _("接口令牌")
        constraints = [models.UniqueConstraint(fields=["tenant", "secret_hash"], name="api_token_secret")]
