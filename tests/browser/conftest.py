"""The product as it runs: gunicorn, a Celery worker and the relay as processes on this test's database, and Chromium."""
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from devtools.postgres import free_port
from tests.database import forget_statistics

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop lives in this thread; our own code is synchronous
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    """The product's processes, started once for the tests of a file; each test finds and leaves an empty database."""
    forget_statistics(settings.DATABASES["default"]["NAME"])
    port = free_port()
    database = os.environ.get("PYTEST_XDIST_WORKER", "main")
    env = os.environ | {"MIAOPU_ORIGIN": f"http://localhost:{port}"}
    celery = [sys.executable, "-m", "celery", "-A", "config", "worker", "-c", "1", "-l", "warning", "--without-gossip",
              "--without-mingle", "-n", f"test-{database}-{port}@%h", "-Q", f"test-{port}"]
    env["MIAOPU_QUEUE"] = f"test-{port}"
    commands = [[sys.executable, "-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{port}", "-w", "1", "--threads", "4"],
                celery, [sys.executable, "manage.py", "relay"]]
    started = [subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL) for command in commands]
    try:
        _wait(port)
        yield f"http://localhost:{port}"
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)


def _wait(port: int) -> None:
    """Until web, database, worker and relay answer (beat has nothing to do here)."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                parts = json.load(answer)
        except urllib.error.HTTPError as answer:
            parts = json.load(answer)
        except OSError:
            parts = {}
        if parts and all(parts[name] for name in ("web", "database", "worker", "relay")):
            return
    raise AssertionError(f"the product did not start: {parts}")


@pytest.fixture
def product(running, transactional_db) -> str:
    """The address of the running product."""
    return running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, page: Page, address: str, slug: str) -> None:
        self.page, self.address, self.slug = page, address, slug

    def sign_in(self, username: str, password: str = "correct-horse-9") -> "Person":
        self.page.goto(f"{self.address}/accounts/login/")
        self.page.fill("#id_login", username)
        self.page.fill("#id_password", password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(f"**/s/{self.slug}/**")
        return self

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}/s/{self.slug}/{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for(timeout=60_000)


@pytest.fixture
def person(chromium, product):
    pages = []

    def make(slug: str, width: int = 1440) -> Person:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", accept_downloads=True)
        pages.append(context)
        return Person(context.new_page(), product, slug)
    yield make
    for context in pages:
        context.close()
