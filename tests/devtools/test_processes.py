"""The processes of ./dev up: a port of their own, the commands of an installation, ended together."""
import json
import re
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from devtools.paths import ROOT
from devtools.processes import _health, _stop, commands, must_be_free


@pytest.mark.parametrize("port", ["", "abc", "0", "65536", "-1", "80 80", "²"])
def test_a_port_that_is_none_is_told(port):
    with pytest.raises(SystemExit, match="1 到 65535"):
        must_be_free(port)


def test_a_port_in_use_is_told_with_another_to_try():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=re.escape(f"PORT={port + 1} ./dev up")):
            must_be_free(str(port))


def test_a_free_port_is_taken_without_a_word():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    assert must_be_free(str(port)) is None


def test_an_installation_is_four_processes():
    assert set(commands("8000")) == {"web", "worker", "beat", "relay"}


def test_the_web_answers_on_this_machine_only():
    assert "127.0.0.1:8123" in commands("8123")["web"]


@pytest.mark.parametrize("name", ["web", "worker", "beat", "relay"])
def test_compose_starts_the_same_programs(name):
    compose = (ROOT / "docker-compose.yml").read_text()
    program = {"web": "gunicorn", "worker": "worker", "beat": "beat", "relay": "relay"}[name]

    assert any(program in word for word in commands("1")[name]) and f"{name}:" in compose


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture
def server():
    made = HTTPServer(("127.0.0.1", 0), Answer)
    made.status, made.body = 200, json.dumps({"web": True, "beat": False}).encode()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def test_health_is_what_the_web_says(server):
    assert _health(str(server.server_port)) == {"web": True, "beat": False}


@pytest.mark.parametrize(("status", "body"), [(503, b"{}"), (200, b"<html>"), (500, b"")])
def test_a_web_that_does_not_answer_well_is_not_up(server, status, body):
    server.status, server.body = status, body

    assert _health(str(server.server_port)) == {"web": False}


def test_a_web_that_is_not_there_is_not_up():
    assert _health("1") == {"web": False}


def test_processes_are_ended_whether_or_not_they_still_run():
    started = {name: subprocess.Popen([sys.executable, "-c", code]) for name, code in
               (("done", "pass"), ("sleeper", "import time; time.sleep(60)"))}
    started["done"].wait(10)
    _stop(started)

    assert all(process.poll() is not None for process in started.values())
