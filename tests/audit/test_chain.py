"""The audit is append-only for the app role, and its chain tells when it was not."""
import re
from pathlib import Path

import psycopg2
import pytest
from django.db import ProgrammingError, transaction

from audit.actions import record, seal, verify
from audit.models import Entry, Seal
from audit.words import word
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.conftest import _dsn, make_school

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def sealed(transactional_db) -> Tenant:
    tenant = make_school("miao")
    for number in range(3):
        with tenant_scope(tenant):
            record(None, "test.act", number=number)
    with tenant_scope(tenant):
        assert seal(before=2**62) == 3
    return tenant


def test_the_chain_holds_and_sealing_again_adds_nothing(sealed):
    with tenant_scope(sealed):
        assert (seal(before=2**62), verify(), Seal.objects.count()) == (0, None, 3)


def test_the_app_role_can_neither_change_nor_delete(sealed):
    for attempt in (lambda: Entry.objects.update(verb="x"), lambda: Entry.objects.all()._raw_delete("default")):
        with pytest.raises(ProgrammingError, match="permission denied"), tenant_scope(sealed), transaction.atomic():
            attempt()


def test_an_entry_of_a_transaction_that_still_runs_is_not_sealed(sealed):
    with tenant_scope(sealed):
        record(None, "test.act", number=4)
        running = Entry.objects.get(data__number=4).transaction

        assert seal(before=running) == 0


def test_an_entry_changed_behind_our_back_breaks_the_chain(sealed):
    owner = psycopg2.connect(_dsn("owner"))
    with owner, owner.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant_id', %s, true)", [str(sealed.pk)])
        cursor.execute("UPDATE audit_entry SET verb = 'test.other' WHERE data->>'number' = '1'")
        assert cursor.rowcount == 1
    owner.close()

    with tenant_scope(sealed):
        assert verify() == 2


def test_every_verb_that_was_recorded_has_a_word_on_the_screen():
    source = [path for path in ROOT.rglob("*.py") if path.parts[len(ROOT.parts)] in ("crm", "tiering", "audit")]
    verbs = {verb for path in source for verb in re.findall(r'"((?:crm|tiering|audit)\.[a-z]+_[a-z_]+)"', path.read_text())
             if re.search(rf'(?:record|looked)\([^)]*"{verb}"', path.read_text())}

    assert len(verbs) > 25 and {verb for verb in verbs if word(verb) == verb} == set()
