"""Who hears of a draft of rules: whoever may approve it, and whoever wrote it of what became of it."""
from datetime import datetime

from notifications.actions import tell
from service_levels.access import PUBLISH
from tenancy.access import holders
from tenancy.models import Membership
from tenancy.versions import Versioned


def ask_approvers(said: str, *, key: str, link: str, by: Membership, at: datetime) -> None:
    """Everybody who may put it in force, and not the one who submits it."""
    asked = [one for one in holders(PUBLISH, None) if one.pk != by.pk]
    tell(asked, said, key=f"{key}-asked-{at:%Y%m%d%H%M%S}", link=link, at=at)


def tell_editor(version: Versioned, said: str, *, key: str, link: str, by: Membership, at: datetime) -> None:
    """Whoever submitted it, unless that is who acts."""
    if version.proposed_by is not None and version.proposed_by_id != by.pk:
        tell([version.proposed_by], said, key=f"{key}-told-{at:%Y%m%d%H%M%S}", link=link, at=at)
