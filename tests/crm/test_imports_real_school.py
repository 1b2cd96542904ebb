"""A school's own messy spreadsheets give the figures that are known to be true of them."""
import io
import json
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Sum

from crm.models import Child, Customer, Guardian, ImportRow, ImportRun, Payment, Referral
from tenancy.scope import tenant_scope

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "kindergarten"
TRUTH = json.loads((DATA / "truth.json").read_text())


def run_import(name: str, kind: str, *more: str) -> dict:
    out = io.StringIO()
    call_command("import_archive", str(DATA / name), "--tenant", "miao", "--kind", kind, *more, stdout=out,
            stderr=io.StringIO())
    return json.loads(out.getvalue())


@pytest.fixture
def imported(school):
    return {kind: run_import(name, kind) for name, kind in
            (("花名册.xlsx", "roster"), ("收费流水.xlsx", "payments"), ("推荐登记.csv", "referrals"))}


def test_the_roster_gives_the_children_and_families_that_are_there(school, imported):
    counts = imported["roster"]

    with tenant_scope(school):
        refused = sorted(ImportRow.objects.filter(verdict="refused", run__kind="roster").values_list("field", flat=True))

    assert (counts["rows"], counts["new"], counts["families"]) == (TRUTH["roster_rows"], TRUTH["children"],
            TRUTH["families"])
    assert (counts["refused"], counts["doubled"]) == (TRUTH["bad_rows"], TRUTH["duplicate_rows"])
    assert refused == sorted({"born": "born_on", "name": "child_name", "phone": "phone"}[k] for k in TRUTH["bad_kinds"])


def test_spend_per_phone_is_what_the_school_took(school, imported):
    with tenant_scope(school):
        spend = dict(Payment.objects.values_list("customer").annotate(total=Sum("amount_fen")))
        by_phone = defaultdict(int)
        for guardian in Guardian.objects.select_related("family"):
            by_phone[guardian.phone] = spend.get(guardian.family.customer_id, 0)

    assert imported["payments"]["new"] == TRUTH["payments"]
    assert dict(by_phone) == {phone: yuan * 100 for phone, yuan in TRUTH["spend"].items()}


def test_every_referral_is_kept_with_the_sheets_result(school, imported):
    with tenant_scope(school):
        kept = Referral.objects.count()
        converted = Referral.objects.filter(result="converted").count()

    assert (kept, converted) == (TRUTH["referrals"], TRUTH["converted"])


def test_the_same_files_again_change_nothing(school, imported):
    again = {kind: run_import(name, kind) for name, kind in
             (("花名册.xlsx", "roster"), ("收费流水.xlsx", "payments"), ("推荐登记.csv", "referrals"))}

    with tenant_scope(school):
        figures = (Child.objects.count(), Customer.objects.count(), Payment.objects.count(), Referral.objects.count())

    assert [counts["new"] for counts in again.values()] == [0, 0, 0]
    assert [counts["changed"] for counts in again.values()] == [0, 0, 0]
    assert figures == (TRUTH["children"], TRUTH["families"], TRUTH["payments"], TRUTH["referrals"])


def test_a_dry_run_promises_what_the_import_does_and_writes_nothing(school):
    promised = run_import("花名册.xlsx", "roster", "--dry-run")

    with tenant_scope(school):
        written = (Child.objects.count(), Customer.objects.count(), ImportRun.objects.count())
    done = run_import("花名册.xlsx", "roster")

    assert written == (0, 0, 0)
    assert {k: v for k, v in promised.items() if k not in ("run", "dry_run")} == \
           {k: v for k, v in done.items() if k not in ("run", "dry_run")}


def test_retiering_the_school_from_the_command_line_writes_the_fixed_columns(school, imported, tmp_path):
    out = io.StringIO()

    call_command("retier", "--tenant", "miao", "--scheme", "kg-ad", "--as-of", date(2026, 10, 31).isoformat(),
                 "--csv", str(tmp_path / "tiers.csv"), stdout=out)
    lines = (tmp_path / "tiers.csv").read_bytes().decode("utf-8-sig").split("\r\n")

    assert json.loads(out.getvalue())["customers"] == TRUTH["families"]
    assert lines[0] == ("external_ref,customer_type,campus,as_of,scheme,version,fact_spend,part_spend,fact_intent,part_intent,"
                        "fact_influence,part_influence,fact_tenure,part_tenure,fact_activities,part_activities,"
                        "fact_contacts,part_contacts,fact_satisfaction,part_satisfaction,score,tier,uncapped_tier,held_back_by,missing")
    assert len(lines) == TRUTH["families"] + 2
