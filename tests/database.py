"""A pytest plugin, loaded before settings are read: a migrated database for this worker, used as the app role.

The owner migrates one template; every worker works on a clone of it. Who we are is asserted by the first test.
"""
import fcntl
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_POLLER_URL", "DATABASE_BACKUP_URL", "MIAOPU_ADMINISTRATOR_URL")
TEMPLATE = "miaopu_template"


def _url(name: str, database: str) -> str:
    return urlsplit(os.environ[name])._replace(path=f"/{database}").geturl()


def _owner(sql: str, database: str = "postgres") -> list[tuple]:
    return _run(_url("DATABASE_OWNER_URL", database), sql)


def _administrator(sql: str, database: str) -> list[tuple]:
    return _run(_url("MIAOPU_ADMINISTRATOR_URL", database), sql)


def forget_statistics(database: str) -> None:
    """What the database noted of rows that were deleted or rolled back: it would take every table for empty, and plan so."""
    _administrator("UPDATE pg_class SET relpages = 0, reltuples = -1"
                   " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND reltuples >= 0", database)


def _run(url: str, sql: str) -> list[tuple]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def _use(database: str) -> None:
    os.environ.update({name: _url(name, database) for name in NAMES})


def _make_template() -> None:
    if _owner(f"SELECT 1 FROM pg_database WHERE datname = '{TEMPLATE}'"):
        return
    _owner(f"CREATE DATABASE {TEMPLATE}")
    env = os.environ | {name: _url(name, TEMPLATE) for name in NAMES} | {"MIAOPU_DB_ROLE": "owner"}
    subprocess.run([sys.executable, "manage.py", "prepare", "--schema-only"], cwd=ROOT, env=env, check=True)


def _prepare() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    port = urlsplit(os.environ["DATABASE_OWNER_URL"]).port
    with open(Path(tempfile.gettempdir()) / f"miaopu-test-{port}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _make_template()
        _owner(f"DROP DATABASE IF EXISTS test_{worker}")
        _owner(f"CREATE DATABASE test_{worker} TEMPLATE {TEMPLATE}")
    _use(f"test_{worker}")
    os.environ["REDIS_CACHE_DB"] = str(2 + int(worker.removeprefix("gw")) % 12) if worker.startswith("gw") else "1"  # clear() empties one
    os.environ["MIAOPU_FILES"] = tempfile.mkdtemp(prefix="miaopu-files-")


_prepare()
