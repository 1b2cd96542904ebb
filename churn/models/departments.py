"""部门 (C3, C5, C8–C11): who collects, analyses and puts right; a colleague's department follows from their role."""
from django.db import models
from django.utils.translation import gettext_lazy as _

from churn.models.cases import Area
from tenancy.roles import Role


class Department(models.TextChoices):
    """部门"""

    MARKETING = "marketing", _("市场")
    TEACHING = "teaching", _("教学")
    SERVICE = "service", _("客服")
    ADMINISTRATION = "admin", _("行政")
    OPERATIONS = "operations", _("运营")


DEPARTMENT_OF = {
    Role.MARKETING: Department.MARKETING, Role.PLANNER: Department.MARKETING, Role.TEACHER: Department.TEACHING,
    Role.AGENT: Department.SERVICE, Role.RELATIONS: Department.SERVICE, Role.RECEPTION: Department.SERVICE,
    Role.FRONT_DESK: Department.SERVICE, Role.ADMINISTRATION: Department.ADMINISTRATION, Role.OPERATIONS: Department.OPERATIONS}

ANSWERS_FOR = {Area.MARKET: Department.MARKETING, Area.TEACHING: Department.TEACHING, Area.SERVICE: Department.SERVICE,
               Area.FACILITIES: Department.ADMINISTRATION}


def department_of(role: str) -> str:
    """Empty for the management, which belongs to none."""
    return str(DEPARTMENT_OF.get(Role(role), ""))
