"""Addresses of the embedded servers, the roles' SQL, and what the server is told; nothing is started here."""
import socket

import pytest
from redis import Redis

from devtools.main import COMMANDS, _cores, main, roles, sign_ins
from devtools.paths import local_secrets
from devtools.postgres import ROLES, Cluster, free_port, roles_sql
from devtools.valkey import CACHE, Valkey
from tenancy.roles import Role


@pytest.fixture
def cluster(tmp_path):
    return Cluster(tmp_path / "postgres", port=5433)


# -- postgres -----------------------------------------------------------------------------------------------------------
def test_each_role_has_an_address_with_its_own_password(cluster):
    known = local_secrets()

    assert cluster.url("app") == f"postgresql://miaopu_app:{known['app']}@127.0.0.1:5433/miaopu"
    assert len({cluster.url(role) for role in ROLES}) == 4


def test_the_app_has_the_plain_name_and_the_others_say_whose_they_are(cluster):
    assert set(cluster.environment()) == {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_POLLER_URL",
            "DATABASE_BACKUP_URL"}
    assert "miaopu_app" in cluster.environment()["DATABASE_URL"]
    assert cluster.environment("x")["DATABASE_URL"].endswith("/x")


@pytest.mark.parametrize(("durable", "said"), [(True, False), (False, True)])
def test_only_a_throw_away_server_may_forget(tmp_path, durable, said):
    told = " ".join(Cluster(tmp_path, durable=durable)._options())

    assert ("fsync='off'" in told) is said


def test_the_server_listens_on_this_machine_and_logs_no_statement(cluster):
    told = " ".join(cluster._options())

    assert "listen_addresses='127.0.0.1'" in told
    assert "log_statement='none'" in told
    assert "port='5433'" in told


def test_a_free_port_can_be_bound():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", free_port()))


def test_the_roles_sql_holds_each_password_quoted():
    sql = roles_sql({role: f"it's {role}" for role in ROLES})

    assert all(f"'it''s {role}'" in sql for role in ROLES) and ":'" not in sql


@pytest.mark.parametrize("role", ROLES)
def test_the_roles_sql_makes_each_role(role):
    assert f"miaopu_{role}" in roles_sql(dict.fromkeys(ROLES, "x"))


def test_no_role_but_the_backup_may_pass_by_the_policies():
    made = {line.split()[2]: line.split() for line in roles_sql(dict.fromkeys(ROLES,
            "x")).splitlines() if line.startswith("ALTER ROLE") and "PASSWORD" in line}

    assert set(made) == {f"miaopu_{role}" for role in ROLES}
    assert all("NOSUPERUSER" in words for words in made.values())
    assert [name for name, words in made.items() if "BYPASSRLS" in words] == ["miaopu_backup"]


# -- valkey -----------------------------------------------------------------------------------------------------------
def test_the_broker_is_on_this_machine(tmp_path):
    assert Valkey(tmp_path, port=6390).environment() == {"REDIS_URL": "redis://127.0.0.1:6390"}


def test_what_was_never_started_is_stopped_without_a_word(tmp_path):
    assert Valkey(tmp_path).stop() is None


@pytest.fixture
def valkey(tmp_path):
    made = Valkey(tmp_path, durable=False)
    made.start()
    yield made
    made.stop()


def test_only_the_cache_is_forgotten_at_a_start(valkey):
    broker, cache = (Redis(port=valkey.port, db=number) for number in (0, CACHE))
    broker.set("message", 1)
    cache.set("up:worker", 1)

    valkey.forget(CACHE)

    assert (broker.get("message"), cache.get("up:worker")) == (b"1", None)


def test_a_cache_that_is_not_emptied_is_told(valkey):
    with pytest.raises(SystemExit, match="没有清空缓存"):
        valkey.forget(99)


# -- the command line ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", [[], ["fly"], ["--help"], ["UP"]])
def test_an_unknown_command_lists_the_known_ones(words, capsys):
    assert main(words) == 2
    told = capsys.readouterr().err

    assert all(name in told for name in COMMANDS) and "用法" in told


def test_every_command_says_what_it_does():
    assert all((verb.__doc__ or "").strip() for verb in COMMANDS.values())


def test_the_roles_are_printed_with_places_for_passwords(capsys):
    done, told = roles([]), capsys.readouterr().out

    assert done == 0 and all(f"<{role} 的密码>" in told for role in ROLES)


def test_the_demos_sign_ins_name_every_role_of_both_schools():
    told = sign_ins("pass-word")

    assert all(f"{role}@miaomiao、{role}@qihang" in told for role in Role)
    assert "operator" in told
    assert "pass-word" in told


def test_tests_use_at_most_four_cores():
    assert 1 <= int(_cores()) <= 4
