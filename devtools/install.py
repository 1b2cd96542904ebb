""".venv with the pinned requirements; done again only when a requirements file changed."""
import hashlib
import subprocess
import sys

from devtools.paths import PYTHON, ROOT, VENV


def install(*, dev: bool) -> None:
    wanted = ROOT / ("requirements-dev.txt" if dev else "requirements.txt")
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    stamp = VENV / f"installed-{wanted.stem}"
    if stamp.is_file() and stamp.read_text() == digest:
        return
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    print(f"安装 {wanted.name} …", flush=True)
    _packages(str(wanted))
    stamp.write_text(digest)


def _packages(wanted: str) -> None:
    """uv where it can be had, since it is ten times faster; plain pip always works."""
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "uv"], check=False, stderr=subprocess.DEVNULL)
    uv = VENV / "bin" / "uv"
    command = [str(uv), "pip", "install", "--quiet", "--python", str(PYTHON)] if uv.exists() else pip
    if subprocess.run([*command, "-r", wanted], check=False).returncode:
        subprocess.run([*pip, "-r", wanted], check=True)
