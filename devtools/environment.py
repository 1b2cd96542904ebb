"""The servers a command needs, embedded unless the environment names real ones."""
import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from devtools.paths import VAR, local_secrets, read_json, write_json
from devtools.postgres import Cluster
from devtools.unprivileged import home, identity
from devtools.valkey import CACHE, Valkey

RUNNING = VAR / "running.json"


def _keys() -> dict[str, str]:
    known = local_secrets()
    return {"SECRET_KEY": known["secret_key"], "MIAOPU_MASTER_KEY": known["master_key"],
            "MIAOPU_DEMO_PASSWORD": known["demo"], "MIAOPU_EMBEDDED": "1"}


def demo_cluster() -> Cluster | None:
    """The demo's embedded cluster while it runs; none where the environment names a real server."""
    if os.environ.get("DATABASE_URL"):
        return None
    cluster = Cluster(home() / "postgres")
    return cluster if cluster.data.is_dir() and cluster.running() else None


@contextlib.contextmanager
def servers() -> Iterator[dict[str, str]]:
    """Environment of the demo servers; those of a running ./dev up are shared, not started twice."""
    if os.environ.get("DATABASE_URL"):
        yield dict(os.environ)
        return
    cluster = Cluster(home() / "postgres")
    ours = not cluster.running() if cluster.data.is_dir() else True
    if not ours and RUNNING.is_file():
        yield os.environ | read_json(RUNNING)
        return
    cluster.start()
    valkey = Valkey(VAR / "valkey")
    valkey.start()
    valkey.forget(CACHE)
    cluster.prepare()
    env = _keys() | cluster.environment() | valkey.environment()
    write_json(RUNNING, env)
    try:
        yield os.environ | env
    finally:
        RUNNING.unlink(missing_ok=True)
        valkey.stop()
        cluster.stop()


@contextlib.contextmanager
def throw_away(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """A cluster and a broker that exist for one command only: tests and benches never see demo data."""
    place = None if identity() else VAR
    if place:
        place.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="miaopu-test-", dir=place))
    folder.chmod(0o755)
    cluster, valkey = Cluster(folder / "postgres", durable=durable), Valkey(folder / "valkey", durable=False)
    try:
        cluster.start()
        valkey.start()
        cluster.prepare()
        administrator = f"postgresql://postgres:{local_secrets()['postgres']}@127.0.0.1:{cluster.port}/miaopu"
        yield os.environ | _keys() | cluster.environment() | valkey.environment() | {"MIAOPU_ADMINISTRATOR_URL": administrator}
    finally:
        valkey.stop()
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
