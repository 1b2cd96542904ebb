"""What parents' pages say to every family."""
from typing import Any

from django import template

from crm.concerns import duties

register = template.Library()


@register.inclusion_tag("public/duties.html")
def rights_and_duties() -> dict[str, Any]:
    """家长的权利和义务 (C23, C24), folded up."""
    return {"rights": duties.RIGHTS, "duties": duties.DUTIES}
