"""交接: what a colleague still has to do for families goes to whoever takes over (K32, S23)."""
from service_levels.models import Event, EventTask, Finding, ServiceRequest, WinBack, WinBackStep
from tenancy.models import Membership


def handed_over(leaver: Membership, to: Membership) -> None:
    """Open requests, events and what has to be there for them, plans to win back and their measures, changes for families."""
    ServiceRequest.objects.open().filter(owner=leaver).update(owner=to)
    Event.objects.open().filter(owner=leaver).update(owner=to)
    EventTask.objects.filter(member=leaver, done_at=None, event__in=Event.objects.open()).update(member=to)
    WinBack.objects.open().filter(lead=leaver).update(lead=to)
    WinBackStep.objects.filter(member=leaver, done_on=None, winback__in=WinBack.objects.open()).update(member=to)
    Finding.objects.filter(member=leaver, done_on=None).update(member=to)
