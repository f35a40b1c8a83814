"""In a real JupyterLab, Backscope is a tile of the launcher, and trains behind Jupyter's own server."""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.helpers.browsing import FIRST, at, button
from tests.helpers.proxies import begun, free_port


def test_the_tile_in_jupyterlab_opens_a_page_that_trains(pages):
    with tempfile.TemporaryDirectory() as made:
        folder, port = Path(made), free_port()
        command = [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            f"--port={port}",
            "--ip=127.0.0.1",
        ]
        settings = ["--IdentityProvider.token=", f"--ServerApp.root_dir={folder}", "--ServerApp.base_url=/user/me/"]
        with begun([*command, *settings], port, folder / "said"):
            page = pages.blank(alone=True)
            page.goto(f"http://127.0.0.1:{port}/user/me/lab")
            with page.context.expect_page() as opened:
                page.locator(".jp-LauncherCard", has_text="Backscope").first.click()
            tab = opened.value
            at(tab, FIRST)
            button(tab, "Step forward").click()
            tab.wait_for_function("first => backscope.t > first", arg=FIRST)
            assert "/user/me/backscope/" in tab.url
            tab.close()
            for each in page.context.pages:  # or it goes on asking for the JupyterLab that ends now
                each.goto("about:blank")
    pages.said.clear()  # what JupyterLab itself has to say in the console


def test_the_entry_point_is_what_the_package_declares():
    code = """
from importlib.metadata import entry_points
(found,) = entry_points(group="jupyter_serverproxy_servers", name="backscope")
print(found.load()()["command"])
"""
    assert "terminal" in subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
