"""What ``manage.py prepare`` brought up to date: done again only for another tree, another database, or lost outputs.

The database itself carries the digest of the tree it was last prepared from, so a data folder that is thrown away
or brought from elsewhere is prepared anew.
"""
import hashlib
from collections.abc import Iterator
from pathlib import Path

from devtools.paths import ROOT, VAR
from devtools.postgres import Cluster

# none of these says anything about the schema, the translations or the collected files
ASIDE = {"var", "docs", "tests", "__pycache__"}


def digest(root: Path = ROOT) -> str:
    """SHA-256 of every source below ``root``, names included."""
    total = hashlib.sha256()
    for path in sorted(_sources(root)):
        total.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name in ASIDE or path.suffix in {".mo", ".pyc"} or path.is_symlink():
            continue
        if path.is_dir():
            yield from _sources(path)
        elif path.is_file():
            yield path


def is_prepared(cluster: Cluster, tree: str) -> bool:
    """Whether the demo database and the files made beside it are those of ``tree``."""
    return outputs_lie_there() and note(cluster) == tree


def outputs_lie_there(root: Path = ROOT, static: Path = VAR / "static") -> bool:
    catalogues = root.glob("locale/*/LC_MESSAGES/*.po")
    return static.is_dir() and all(source.with_suffix(".mo").is_file() for source in catalogues)


def note(cluster: Cluster) -> str:
    return cluster.psql("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'miaopu'")


def write_note(cluster: Cluster, tree: str) -> None:
    """``tree`` is a digest, or empty to have the next start prepare again."""
    cluster.psql(f"COMMENT ON DATABASE miaopu IS '{tree}'")
