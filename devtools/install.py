""".venv with the pinned requirements; done again only when a requirements file changed."""
import hashlib
import os
import shutil
import subprocess
import sys
from typing import Any

from devtools.paths import PYTHON, ROOT, VENV

# what the tests need from Debian, each with the program that shows whether it is there
DEBIAN = {"chromium": "chromium", "poppler-utils": "pdftotext"}


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


def browser() -> None:
    """Chromium and a PDF reader for the tests: root installs them where apt is at hand, anybody else is told what to install."""
    lacking = [package for package, program in DEBIAN.items() if not shutil.which(program)]
    if not lacking:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"安装 {'、'.join(lacking)} …", flush=True)
        quiet: dict[str, Any] = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL, "check": True}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *lacking, "fonts-noto-cjk"], **quiet)
        return
    raise SystemExit(f"测试要用 {'、'.join(lacking)}，请先安装，例如：sudo apt-get install {' '.join(lacking)} fonts-noto-cjk")
