"""Production refuses what only a demo may have; asked of a Python of its own, as a server would start."""
import os
import subprocess
import sys

import pytest

from devtools.paths import ROOT

GOOD = {"MIAOPU_ENV": "production", "MIAOPU_EMBEDDED": "0", "DEBUG": "0", "SECRET_KEY": "s" * 50,
        "MIAOPU_MASTER_KEY": "m" * 50,
        "ALLOWED_HOSTS": "crm.example.cn", "MIAOPU_ORIGIN": "https://crm.example.cn"}
TOLD = "from config import settings as s; print(s.PRODUCTION, sorted(s.DATABASES), s.SESSION_COOKIE_SECURE if s.PRODUCTION else '', s.MIAOPU_CHANNELS)"


def started(**changes):
    env = os.environ | GOOD | changes
    env.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run([sys.executable, "-c", TOLD], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("changes", [{"DEBUG": "1"}, {"MIAOPU_EMBEDDED": "1"}, {"SECRET_KEY": "short"},
        {"MIAOPU_MASTER_KEY": "short"}],
                         ids=lambda changes: next(iter(changes)))
def test_production_refuses(changes):
    done = started(**changes)

    assert done.returncode != 0 and "生产环境不接受" in done.stderr


def test_production_starts_with_secure_cookies_and_without_the_owners_key():
    done = started()

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("True ['backup', 'default', 'poller'] True")
    assert "console" not in done.stdout


def test_a_demo_may_do_all_that():
    done = started(MIAOPU_ENV="demo", MIAOPU_EMBEDDED="1", SECRET_KEY="x")

    assert done.stdout.startswith("False") and "owner" in done.stdout and "console" in done.stdout


def test_without_its_keys_nothing_starts():
    env = {name: value for name, value in (os.environ | GOOD).items() if name not in ("SECRET_KEY",
            "DJANGO_SETTINGS_MODULE")}
    done = subprocess.run([sys.executable, "-c", TOLD], cwd=ROOT, env=env, capture_output=True, text=True, check=False)

    assert done.returncode != 0 and "SECRET_KEY" in done.stderr
