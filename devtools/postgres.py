"""The embedded PostgreSQL: one cluster for the demo under var/, a throw-away one for tests."""
import os
import re
import socket
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from devtools.paths import ROOT, local_secrets
from devtools.unprivileged import give, identity, postgres_binaries

ROLES = ("owner", "app", "poller", "backup")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Cluster:
    """A PostgreSQL data folder and the server that runs on it."""

    data: Path
    durable: bool = True
    port: int = 0

    def start(self) -> None:
        if not (self.data / "PG_VERSION").is_file():
            self._create()
        if self.running():
            return
        self.port = free_port()
        log = self.data / "server.log"
        self._server("pg_ctl", "start", "-w", "-s", "-t", "120", "-D", str(self.data), "-l", str(log),
                     "-o", " ".join(self._options()))

    def stop(self) -> None:
        self._server("pg_ctl", "stop", "-s", "-m", "fast", "-D", str(self.data))

    def running(self) -> bool:
        status = self._server("pg_ctl", "status", "-D", str(self.data), check=False)
        if status.returncode == 0:
            self.port = int((self.data / "postmaster.pid").read_text().splitlines()[3])
        return status.returncode == 0

    def url(self, role: str, database: str = "miaopu") -> str:
        return f"postgresql://miaopu_{role}:{local_secrets()[role]}@127.0.0.1:{self.port}/{database}"

    def environment(self, database: str = "miaopu") -> dict[str, str]:
        names = {"app": "DATABASE_URL"} | {r: f"DATABASE_{r.upper()}_URL" for r in ROLES if r != "app"}
        return {name: self.url(role, database) for role, name in names.items()}

    def psql(self, sql: str, database: str = "postgres") -> str:
        """Run SQL as the cluster's own superuser; only set-up does this."""
        env = os.environ | {"PGPASSWORD": local_secrets()["postgres"], "PGOPTIONS": "-c client_min_messages=warning"}
        place = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database]
        done = subprocess.run([str(postgres_binaries() / "psql"), *place, "-qAtX", "-v", "ON_ERROR_STOP=1"],
                              input=sql, text=True, env=env, check=True, stdout=subprocess.PIPE)
        return done.stdout.strip()

    def prepare(self, databases: Iterable[str] = ("miaopu",)) -> None:
        self.psql(roles_sql({role: local_secrets()[role] for role in ROLES}))
        for name in databases:
            if not self.psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
                self.psql(f'CREATE DATABASE "{name}" OWNER miaopu_owner')

    def _create(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        give(self.data)
        self.data.chmod(0o700)
        secret = self.data.parent / "postgres.initial"
        secret.touch(mode=0o600)
        secret.write_text(local_secrets()["postgres"])
        give(secret)
        self._server("initdb", "-D", str(self.data), "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8",
                     "--auth=scram-sha-256", f"--pwfile={secret}", "--no-instructions")
        secret.unlink()

    def _options(self) -> list[str]:
        settings = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
                    "shared_buffers": "256MB", "max_connections": 120, "log_statement": "none",
                    "log_min_error_statement": "panic", "max_wal_size": "2GB"}
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [f"-c {name}='{value}'" for name, value in settings.items()]

    def _server(self, name: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        command = [str(postgres_binaries() / name), *arguments]
        return subprocess.run(command, check=check, cwd="/", stdout=subprocess.DEVNULL, **identity())


def roles_sql(passwords: dict[str, str]) -> str:
    """The four roles with their passwords, from the one file that says what they may do."""
    sql = (ROOT / "tenancy" / "sql" / "roles.sql").read_text()
    return re.sub(r":'(\w+)'", lambda found: "'" + passwords[found[1]].replace("'", "''") + "'", sql)
