"""The processes of ./dev up: started together, watched, and stopped together."""
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from typing import Any

from devtools.paths import PYTHON, ROOT, VAR


def must_be_free(port: str) -> None:
    """Another server on the port would answer in our stead; say so before anything is started."""
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise SystemExit(f"PORT 要是 1 到 65535 的数字，不能是“{port}”")
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", int(port))) == 0:
            raise SystemExit(f"端口 {port} 已有程序在用（也许 ./dev up 已经开着）。换一个端口：PORT={int(port) + 1} ./dev up")


def commands(port: str) -> dict[str, list[str]]:
    """The four processes of an installation, the same ones that docker-compose.yml names."""
    celery = [str(PYTHON), "-m", "celery", "-A", "config"]
    return {
        "web": [str(PYTHON), "-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{port}", "--preload", "-w", "2",
                "--threads", "4", "--timeout", "120"],
        "worker": [*celery, "worker", "-c", "2", "-l", "warning", "--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat", "-l", "warning", "--pidfile", "",
                 "--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"],
        "relay": [str(PYTHON), "manage.py", "relay"],
    }


def run(env: dict[str, str], port: str, ready: Any) -> int:
    """Start all, call ``ready`` once they answer, and stay until one ends or Ctrl-C."""
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    (VAR / "log").mkdir(exist_ok=True)
    started = {name: _spawn(name, command, env) for name, command in commands(port).items()}
    try:
        _wait_until_answering(started, port)
        ready()
        while all(process.poll() is None for process in started.values()):
            time.sleep(0.5)
        ended = [name for name, process in started.items() if process.poll() is not None]
        print(f"{'、'.join(ended)} 停了，日志在 var/log/", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n正在停下 …", flush=True)
        return 0
    finally:
        _stop(started)


def _spawn(name: str, command: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    with open(VAR / "log" / f"{name}.log", "ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)


def _wait_until_answering(started: dict[str, subprocess.Popen[bytes]], port: str) -> None:
    for _ in range(600):
        dead = [name for name, process in started.items() if process.poll() is not None]
        if dead:
            raise SystemExit(f"{'、'.join(dead)} 没有启动，日志在 var/log/{dead[0]}.log")
        if all(_health(port).values()):
            return
        time.sleep(0.2)
    raise SystemExit("两分钟里没有全部就绪，日志在 var/log/")


def _health(port: str) -> dict[str, bool]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return json.load(answer)
    except (OSError, ValueError):
        return {"web": False}


def _stop(started: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in started.values():
        if process.poll() is None:
            process.terminate()
    for process in started.values():
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
