"""The door: which school, which language, and whether everything is up."""
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from audit.operators import enter
from tenancy.access import schools_of
from tenancy.models import Tenant
from tenancy.refusals import Refused
from tenancy.typed import as_id, way_back

LANGUAGES = {"zh-hans", "zh-hant", "en"}


def home(request: HttpRequest) -> HttpResponse:
    """One school: go there. Several: choose. None: say what to do."""
    if not request.user.is_authenticated:
        return redirect("/accounts/login/")
    if request.user.is_operator:
        return redirect("/operator/")
    schools = schools_of(request.user)
    if len(schools) == 1:
        return redirect(f"/s/{schools[0].slug}/")
    return render(request, "schools.html", {"schools": schools})


def operator(request: HttpRequest) -> HttpResponse:
    """The platform operator's desk: schools by name only, and a reasoned, time-boxed way in."""
    if not getattr(request.user, "is_operator", False):
        return render(request, "404.html", status=404)
    schools, refusal = Tenant.objects.order_by("name"), ""
    if request.method == "POST":
        tenant = schools.filter(pk=as_id(request.POST.get("school", ""))).first()
        try:
            if tenant is not None:
                enter(tenant, request.user, reason=request.POST.get("reason", ""), at=timezone.now())
                return redirect(f"/s/{tenant.slug}/")
        except Refused as error:
            refusal = error.message
    return render(request, "operator.html", {"schools": schools, "refusal": refusal}, status=409 if refusal else 200)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    if language in LANGUAGES:
        request.session["language"] = language
    return redirect(way_back(request))


def health(request: HttpRequest) -> HttpResponse:
    """Whether web, database, broker, worker, beat and relay answer; 503 while one does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    alive = cache.get_many(["up:worker", "up:beat", "up:relay"])
    parts = {"web": True, "database": True} | {name: f"up:{name}" in alive for name in ("worker", "beat", "relay")}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)
