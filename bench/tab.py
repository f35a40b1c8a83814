"""A tab of headless Chromium for measurements, without the cost of reports about its network traffic."""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from websockets.sync.client import ClientConnection, connect

from tests.helpers.chromium import ARGUMENTS, find, is_root

PRESSED = 0.06  # seconds that a click takes
PATIENCE = 30  # seconds until an answer is overdue


class Tab:
    """A client of the browser's debugging protocol that subscribes to no events."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._last = socket, 0

    def _command(self, method: str, **fields: Any) -> Any:
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": fields}))
        while True:
            answer = json.loads(self._socket.recv(PATIENCE))
            if answer.get("id") == self._last:
                return answer["result"]

    @property
    def address(self) -> tuple[str, int]:
        """The host and port at which the browser is reached."""
        host, port, *_ = self._socket.remote_address
        return host, port

    def close(self) -> None:
        """End the browser itself, with all its processes: what was started may be a script that only waits for it."""
        self._command("Browser.close")

    def open(self, address: str) -> None:
        """Navigate to an address."""
        self._command("Page.navigate", url=address)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in JavaScript.

        Raises:
            RuntimeError: the expression throws.
        """
        found = self._command("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in found:
            raise RuntimeError(json.dumps(found["exceptionDetails"]))
        return found["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Wait until an expression is true.

        Raises:
            TimeoutError: the expression does not become true in ``PATIENCE`` seconds.
        """
        deadline = time.monotonic() + PATIENCE
        while not self.evaluate(expression):
            if time.monotonic() > deadline:
                raise TimeoutError(expression)
            time.sleep(0.05)

    def set(self, selector: str, value: str) -> None:
        """Set the value of a control and dispatch its events."""
        element = f"document.querySelector({json.dumps(selector)})"
        self.evaluate(f"{element}.value = {json.dumps(value)}")
        for event in ("input", "change"):
            self.evaluate(f"{element}.dispatchEvent(new Event('{event}'))")

    def press(self, key: str, shift: bool = False) -> None:
        """Press and release a key such as ``ArrowRight``."""
        for kind in ("rawKeyDown", "keyUp"):
            self._command("Input.dispatchKeyEvent", type=kind, key=key, code=key, modifiers=8 if shift else 0)

    def focus(self, selector: str) -> None:
        """Give an element the focus."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")

    def click(self, selector: str) -> None:
        """Press and release the mouse over the middle of an element."""
        box = f"document.querySelector({json.dumps(selector)}).getBoundingClientRect()"
        x, y = self.evaluate(f"(({{x, y, width, height}}) => [x + width / 2, y + height / 2])({box})")
        where = {"x": x, "y": y, "button": "left", "clickCount": 1}
        self._command("Input.dispatchMouseEvent", type="mousePressed", **where)
        time.sleep(PRESSED)
        self._command("Input.dispatchMouseEvent", type="mouseReleased", **where)


@contextmanager
def tab() -> Iterator[Tab]:
    """A tab of 1440 x 900 pixels in a browser of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        sandbox = ["--no-sandbox"] if is_root() else []
        options = ["--headless", "--remote-debugging-port=0", f"--user-data-dir={folder}", "--window-size=1440,900"]
        command = [find(), *options, "--hide-scrollbars", "--lang=en-US", *ARGUMENTS, *sandbox, "about:blank"]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with connect(_address(Path(folder)), max_size=None, compression=None) as socket:
                opened = Tab(socket)
                try:
                    yield opened
                finally:
                    opened.close()
                    browser.wait(PATIENCE)
        finally:
            browser.terminate()


def _address(folder: Path) -> str:
    """The address of the tab's websocket. The browser writes its port into its folder when it has started."""
    deadline, file = time.monotonic() + PATIENCE, folder / "DevToolsActivePort"
    while time.monotonic() < deadline:
        if file.exists() and (lines := file.read_text(encoding="utf-8").split()):
            with urlopen(f"http://127.0.0.1:{lines[0]}/json/list") as answer:
                pages = [each for each in json.load(answer) if each["type"] == "page"]
            if pages:
                return str(pages[0]["webSocketDebuggerUrl"])
        time.sleep(0.05)
    raise TimeoutError("the browser did not start")
