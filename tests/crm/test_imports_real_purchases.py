"""Real purchases of 2,357 customers, imported as payments of a training centre, then tiered one to four."""
import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from crm.models import Customer, Payment
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school, signed_in
from tiering.actions import compute, in_force, judged, publish, review, submit
from tiering.models import Scheme
from tiering.rules import POSITION

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
MAPPING = {"format": "blank-separated", "header": None, "date": "%Y%m%d", "customer_type": "learner",
        "on_missing": "create",
           "columns": {"external_ref": 2, "paid_on": 3, "quantity": 4, "amount": 5}}
CALIBRATION_END = date(1997, 9, 30)


@pytest.fixture
def centre(db, tmp_path):
    tenant = make_school("centre", "training")
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps(MAPPING))
    out = io.StringIO()
    call_command("import_archive", str(DATA / "cdnow_sample.txt"), "--tenant", "centre", "--kind", "payments",
                 "--mapping", str(mapping), stdout=out, stderr=io.StringIO())
    tenant.counts = json.loads(out.getvalue())
    return tenant


def test_every_line_is_kept_and_counts_of_repeat_purchases_agree(centre):
    expected = {row["ID"].zfill(4): int(row["frequency"]) for row in csv.DictReader((DATA / "cdnow_sample_summary.csv").open())}
    lines = (DATA / "cdnow_sample.txt").read_text().splitlines()

    with tenant_scope(centre):
        version = in_force(Scheme.objects.get(code="svc-14"))
        references = dict(Customer.objects.values_list("pk", "external_ref"))
        found = {references[known.customer]: known.facts[POSITION["frequency"]] - 1 for known,
                _ in judged(version, CALIBRATION_END)}
        kept = Payment.objects.count()

    assert kept == len(lines) and centre.counts["refused"] == 0
    assert len(found) == 2357 and found == expected


def test_the_centre_is_tiered_and_its_report_renders(centre, now):
    head, deputy = make_member(centre, "head"), make_member(centre, "deputy")
    with tenant_scope(centre):
        version = in_force(Scheme.objects.get(code="svc-14"))
        batch = compute(version, as_of=CALIBRATION_END, today=now.date(), by=head, at=now)
        submit(batch, by=head, at=now)
        review(batch, by=deputy, agrees=True, note="", at=now)
        publish(batch, by=deputy, at=now)
    page = signed_in(head).get(f"/s/centre/tiering/batches/{batch.pk}/report/")
    pdf = b"".join(signed_in(head).get(f"/s/centre/tiering/batches/{batch.pk}/report.pdf").streaming_content)

    assert page.status_code == 200 and batch.size == 2357
    assert pdf.startswith(b"%PDF")
