"""Where things lie, seen from the root of the clone."""
import json
import os
import secrets
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def site_packages() -> Path:
    return next((VENV / "lib").glob("python3*/site-packages"))


def read_json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text()) if path.is_file() else {}


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write so that nobody else can read it and a crash leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(content, indent=1, ensure_ascii=False))
    os.replace(fresh, path)


def local_secrets() -> dict[str, str]:
    """Passwords and keys of this clone, drawn once. Production brings its own."""
    path = VAR / "secrets.json"
    known = read_json(path)
    wanted = ("secret_key", "master_key", "postgres", "owner", "app", "poller", "backup", "demo")
    missing = [name for name in wanted if name not in known]
    for name in missing:
        known[name] = secrets.token_hex(32) if name.endswith("key") else secrets.token_urlsafe(12)
    if missing:
        write_json(path, known)
    return known
