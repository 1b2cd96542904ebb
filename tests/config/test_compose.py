"""docker-compose.yml agrees with the settings, and its very commands run with production settings and the four roles."""
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

from devtools.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
LONG = "x" * 50


def production() -> dict[str, str]:
    """The environment a service gets, on this test's servers."""
    keep = {name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_POLLER_URL",
            "REDIS_URL", "PATH")}
    return keep | {"MIAOPU_ENV": "production", "SECRET_KEY": LONG, "MIAOPU_MASTER_KEY": LONG,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
                   "MIAOPU_ORIGIN": "https://localhost", "CACHE_PREFIX": f"compose-{os.getpid()}", "REDIS_CACHE_DB": "15", "MIAOPU_FILES": "/tmp"}


def command(service: str, port: int) -> list[str]:
    words = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in SERVICES[service]["command"]]
    return [sys.executable, *words[1:]] if words[0] == "python" else [sys.executable, "-m", *words]


def test_every_name_a_service_sets_is_read_by_the_settings():
    settings = (ROOT / "config" / "settings.py").read_text()
    named = set(COMPOSE["x-app"]["environment"]) | set(SERVICES["migrate"]["environment"])

    assert {name for name in named if f'"{name}"' not in settings} == set()


def test_volumes_services_and_health_checks_are_all_there():
    used = {v.split(":")[0] for s in SERVICES.values() for v in s.get("volumes", []) if not v.startswith(".")}

    assert used == set(COMPOSE["volumes"])
    assert {"postgres", "valkey", "migrate", "web", "worker", "beat", "relay"} <= set(SERVICES)
    assert all("healthcheck" in SERVICES[name] for name in ("postgres", "valkey", "web"))
    assert "USER miaopu" in (ROOT / "Dockerfile").read_text()


def test_no_secret_stands_in_the_file():
    text = (ROOT / "docker-compose.yml").read_text()

    assert re.findall(r"(?:PASSWORD|_KEY): (?!\$\{|\"\$\{)\S+", text) == []


@pytest.mark.parametrize("change,said", [({"DEBUG": "1"}, "DEBUG"), ({"SECRET_KEY": "short"}, "40"),
        ({"MIAOPU_EMBEDDED": "1"}, "内嵌")])
def test_production_refuses_what_only_a_demo_may_have(change, said):
    done = subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, env=production() | change,
            capture_output=True, text=True)

    assert done.returncode != 0 and said in done.stderr


def test_a_strong_database_role_is_refused():
    env = production()
    env["DATABASE_URL"] = env["DATABASE_OWNER_URL"]
    done = subprocess.run([sys.executable, "manage.py", "shell", "-c",
            "from tenancy.models import Tenant; Tenant.objects.count()"],
                          cwd=ROOT, env=env, capture_output=True, text=True)

    assert done.returncode != 0 and "不受行级安全约束" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_the_commands_of_the_services_start_and_answer():
    port, env = free_port(), production() | {"MIAOPU_QUEUE": f"compose-{os.getpid()}"}
    subprocess.run(command("migrate", port), cwd=ROOT, env=env, check=True, capture_output=True)
    started = [subprocess.Popen(command(name, port), cwd=ROOT, env=env, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
               for name in ("web", "worker", "beat", "relay")]
    try:
        answer = _healthy(port)
        running = [process.poll() for process in started]
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(30)

    assert (answer, running) == (200, [None] * 4)


def _healthy(port: int) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"X-Forwarded-Proto": "https"})
    until, status = time.monotonic() + 90, 0
    while status != 200 and time.monotonic() < until:
        try:
            status = urllib.request.urlopen(request, timeout=5).status
        except urllib.error.HTTPError as error:
            status = error.code
        except OSError:
            status = 0
    return status
