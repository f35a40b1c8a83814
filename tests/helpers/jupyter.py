"""A real JupyterLab, and its notebooks in a browser."""

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Locator, Page, expect

from tests.helpers.browsing import eventually
from tests.helpers.proxies import begun, free_port
from tests.helpers.serving import ROOT

KERNELS = "@jupyterlab/apputils-extension/kernels-settings"
NOTIFIED = "@jupyterlab/apputils-extension/notification"
METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its address, and the folder of its notebooks."""

    address: str
    folder: Path

    def write(self, name: str, *cells: str) -> Path:
        """Write a notebook with these cells of code."""
        code: dict[str, Any] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        made = [{**code, "id": f"cell-{number}", "source": source} for number, source in enumerate(cells)]
        plain = {"nbformat": 4, "nbformat_minor": 5, "metadata": METADATA, "cells": made}
        (self.folder / name).write_text(json.dumps(plain), encoding="utf-8")
        return self.folder / name

    def open(self, page: Page, name: str) -> "Notebook":
        """Open a notebook in a page, and wait until its kernel is ready."""
        page.goto(f"{self.address}lab/tree/{name}?reset")
        eventually(lambda: [each for each in self.kernels(page, name) if each["execution_state"] == "idle"])
        expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle")
        return Notebook(page)

    def kernels(self, page: Page, name: str) -> list[dict[str, Any]]:
        """The kernels of a notebook, as JupyterLab tells of them."""
        sessions = page.request.get(f"{self.address}api/sessions").json()
        return [each["kernel"] for each in sessions if each["path"] == name]


@dataclass(frozen=True)
class Notebook:
    """A notebook that is open in a page. Cells are counted from 0."""

    page: Page

    def cell(self, number: int) -> Locator:
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(number)

    def begin(self, number: int) -> None:
        """Have a cell run."""
        self.cell(number).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")

    def run(self, number: int) -> str:
        """Run a cell, and give what it has printed when it is done."""
        prompt = self.cell(number).locator(".jp-InputPrompt").first
        before = prompt.inner_text()
        self.begin(number)
        eventually(lambda: re.search(r"\d", now := prompt.inner_text()) and now != before)
        return self.output(number)

    def output(self, number: int) -> str:
        """What a cell has printed."""
        return self.cell(number).locator(".jp-OutputArea").inner_text()

    def restart(self) -> None:
        """Have the kernel begun anew, as a person does."""
        self.page.get_by_role("button", name="Restart the kernel", exact=True).click()
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()

    def write(self, number: int, code: str) -> None:
        """Have another code in a cell."""
        self.cell(number).locator(".cm-content").fill(code)

    def view(self, number: int) -> Frame:
        """The page that a cell shows, when it has painted a moment."""
        shown = self.cell(number).locator("iframe[title=Backscope]")
        expect(shown).to_be_visible()
        frame = shown.element_handle().content_frame()
        assert frame
        frame.wait_for_function("window.backscope?.t !== undefined && backscope.stats().painted.length > 0")
        return frame


@contextmanager
def jupyterlab(subshells: bool = True) -> Iterator[Lab]:
    """A JupyterLab with a folder of its own; without subshells, a kernel that runs a cell hears nothing of a page."""
    with tempfile.TemporaryDirectory() as made:
        home, folder, port = Path(made) / "home", Path(made) / "notebooks", free_port()
        folder.mkdir()
        settings = {KERNELS: {"commsOverSubshells": "perCommTarget" if subshells else "disabled"}}
        settings[NOTIFIED] = {"fetchNews": "false"}
        for name, plain in settings.items():
            path = home / "settings" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(plain), encoding="utf-8")
        variables = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
        environment = os.environ | {f"JUPYTER_{name}_DIR": str(home / part) for name, part in variables.items()}
        environment |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "PYTHONPATH": str(ROOT)}
        environment |= {"JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
        command += ["--ip=127.0.0.1", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
        with begun(command, port, Path(made) / "said", environment):
            yield Lab(f"http://127.0.0.1:{port}/", folder)
