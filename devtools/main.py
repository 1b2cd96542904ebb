"""The commands of ./dev, one short function each."""
import os
import subprocess
import sys
from collections.abc import Callable

from devtools.environment import demo_cluster, servers, throw_away
from devtools.install import browser, install
from devtools.paths import PYTHON, ROOT, VAR, local_secrets, write_json
from devtools.postgres import roles_sql
from devtools.prepared import digest, is_prepared, write_note
from devtools.processes import must_be_free, run

Command = Callable[[list[str]], int]


def _python(*arguments: str, env: dict[str, str] | None = None) -> int:
    return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, env=env, check=False).returncode


def _must(code: int) -> None:
    if code:
        raise SystemExit(code)


def up(_: list[str]) -> int:
    """Start everything; PORT chooses the port, Ctrl-C stops it, a second run keeps the data."""
    port = os.environ.get("PORT", "8000")
    must_be_free(port)
    install(dev=False)
    with servers() as env:
        env["MIAOPU_ORIGIN"] = f"http://localhost:{port}"
        _prepare(env)
        password = local_secrets()["demo"]
        write_json(VAR / "demo.json", {"address": env["MIAOPU_ORIGIN"], "password": password})

        def ready() -> None:
            print(sign_ins(password) + f"\nREADY http://localhost:{port}", flush=True)
        return run(env, port, ready)


def _prepare(env: dict[str, str]) -> None:
    """Schema, rights, translations, static files, demo data: nothing is done twice for the same tree."""
    cluster, tree = demo_cluster(), digest()
    if cluster and is_prepared(cluster, tree):
        return
    _must(_python("manage.py", "prepare", "--demo", env=env))
    if cluster:
        write_note(cluster, tree)


def sign_ins(password: str) -> str:
    """Who may sign in to the demo, a line a role; ``{slug}`` is one of the two schools."""
    roles = ("head 园长", "deputy 副园长（二次审批）", "supervisor 接待主管", "frontdesk 前台", "teacher 教师", "agent 客服专员",
             "planner 活动策划", "relations 家长关系维护", "marketing 市场", "operations 运营", "admin 行政", "inspector 监督")
    lines = [f"  {name.split()[0]}@miaomiao、{name.split()[0]}@qihang".ljust(46) + name.split()[1] for name in roles]
    return "\n".join(["演示账号（miaomiao 苗苗幼儿园，qihang 启航培训中心）：", *lines, "  operator".ljust(46) + "平台运营",
                      f"密码都是 {password}（也在 var/demo.json）", "家长的预约页，不用登录：/t/miaomiao/book/"])


def test(arguments: list[str]) -> int:
    """Install what tests need and run the whole suite on its own servers."""
    install(dev=True)
    browser()
    with throw_away() as env:
        env["DJANGO_SETTINGS_MODULE"] = "config.settings"
        _must(_python("manage.py", "compile_translations", env=env))
        _must(_python("manage.py", "collectstatic", "--noinput", "-v0", env=env))
        # stealing: the slow browser tests lie side by side, and whoever is done first takes over from the other
        workers = [] if any(a.startswith(("-n", "-k")) or "::" in a for a in arguments) else ["-n", _cores(), "--dist", "worksteal"]
        return _python("-m", "pytest", *workers, *arguments, env=env)


def _cores() -> str:
    return str(min(4, os.cpu_count() or 2))


def bench(arguments: list[str]) -> int:
    """Long measurements; each prints one JSON line a figure. The server syncs to disk as in production."""
    install(dev=True)
    with throw_away(durable=True) as env:
        _must(_python("manage.py", "prepare", env=env))
        return _python("manage.py", "bench", *arguments, env=env)


def manage(arguments: list[str]) -> int:
    """Any management command, on the running servers or on ones started for it alone."""
    install(dev=False)
    with servers() as env:
        cluster = demo_cluster()
        if cluster:
            write_note(cluster, "")  # a command may undo what was prepared, e.g. ``migrate crm zero``
        return _python("manage.py", *arguments, env=env)


def check(_: list[str]) -> int:
    """ruff, mypy, missing migrations, Django's deployment check."""
    install(dev=True)
    with throw_away() as env:
        deploy = env | {"MIAOPU_ENV": "production", "MIAOPU_EMBEDDED": "0", "ALLOWED_HOSTS": "crm.example.cn",
                        "MIAOPU_ORIGIN": "https://crm.example.cn"}
        return max(_python("-m", "ruff", "check", "."), _python("-m", "mypy", env=env),
                   _python("manage.py", "makemigrations", "--check", "--dry-run", env=env),
                   _python("manage.py", "check", "--deploy", "--fail-level", "WARNING", env=deploy))


def roles(_: list[str]) -> int:
    """Print the SQL that makes the four database roles on a real server."""
    print(roles_sql({name: f"<{name} 的密码>" for name in ("owner", "app", "poller", "backup")}))
    return 0


COMMANDS: dict[str, Command] = {"up": up, "test": test, "bench": bench, "manage": manage, "check": check, "roles": roles}


def main(arguments: list[str]) -> int:
    command = COMMANDS.get(arguments[0]) if arguments else None
    if not command:
        print("用法：./dev " + " | ".join(COMMANDS), file=sys.stderr)
        for name, verb in COMMANDS.items():
            print(f"  {name:8}{(verb.__doc__ or '').strip()}", file=sys.stderr)
        return 2
    return command(arguments[1:])
