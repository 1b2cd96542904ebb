"""The floor of E-4: as little as a booking can be. One conditional UPDATE and one INSERT in a transaction, behind no middleware."""
import json

from django import setup
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

TABLE = """CREATE TABLE IF NOT EXISTS bench_floor (id bigserial PRIMARY KEY, tenant_id bigint NOT NULL, slot_id bigint NOT NULL, body text);
GRANT SELECT, INSERT ON bench_floor TO PUBLIC; GRANT USAGE ON SEQUENCE bench_floor_id_seq TO PUBLIC"""
SCOPE = "SELECT set_config('app.tenant_id', %s, true)"
TAKE = "UPDATE reception_slot SET booked = booked + 1 WHERE tenant_id = %s AND id = %s AND booked < capacity RETURNING id"
KEEP = "INSERT INTO bench_floor (tenant_id, slot_id, body) VALUES (%s, %s, %s) RETURNING id"


@csrf_exempt
def book(request: HttpRequest, tenant: int) -> HttpResponse:
    told = json.loads(request.body)
    slot = int(told["slot"].removeprefix("s"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SCOPE, [str(tenant)])
        cursor.execute(TAKE, [tenant, slot])
        if cursor.fetchone() is None:
            return JsonResponse({"code": "slot_full"}, status=409)
        cursor.execute(KEEP, [tenant, slot, request.body.decode()])
        row = cursor.fetchone()
    return JsonResponse({"reference": row[0]}, status=201)


urlpatterns = [path("floor/<int:tenant>/", book)]


def application_of_floor() -> WSGIHandler:
    """gunicorn calls this: ``config.bench.floor:application_of_floor()``."""
    setup()
    settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []
    return WSGIHandler()
