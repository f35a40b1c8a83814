"""A Chromium for the browser tests, which is installed where there is none."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, Playwright

SHELL = "chromium-headless-shell"  # the same browser without windows, which has a quarter less to do
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHT_PATH = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def installed() -> str | None:
    """The path of an installed browser, or None."""
    if path := next(filter(None, map(shutil.which, NAMES)), None):
        return path
    # In a process of its own: Playwright's synchronous API cannot be nested, and launch() is called inside it.
    answer = subprocess.run([sys.executable, "-c", PLAYWRIGHT_PATH], capture_output=True, text=True, check=True)
    path = answer.stdout.strip()
    return path if Path(path).exists() else None


def attempt(*command: str) -> bool:
    """Run a step of an installation, its output on standard error."""
    print("$", *command, file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode == 0


@cache
def find() -> str:
    """The path of a Chromium: of one without windows, installing it where it can be had, or else of any."""
    if path := shutil.which(SHELL):
        return path
    if is_root() and shutil.which("apt-get"):
        attempt("apt-get", "update")
        attempt("apt-get", "install", "-y", SHELL) or installed() or attempt("apt-get", "install", "-y", "chromium")
    if path := installed():
        return path
    attempt(sys.executable, "-m", "playwright", "install", "chromium")
    if path := installed():
        return path
    raise RuntimeError("The browser tests need Chromium: none is installed and none could be. Install it, then retry.")


def launch(playwright: Playwright) -> Browser:
    """Start the browser headless; works as root and without a network."""
    sandbox = ("--no-sandbox",) if is_root() else ()
    return playwright.chromium.launch(executable_path=find(), headless=True, args=[*ARGUMENTS, *sandbox])


if __name__ == "__main__":
    print(find())
