"""Firefox by Marionette and WebKitGTK by WebDriver, each by the same few actions of a person."""

import os
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from marionette_driver.marionette import Marionette
from selenium import webdriver
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

PATIENCE = 30  # seconds
SIZE = (1440, 1000)  # of the window
KEYS = {"ArrowLeft": "\ue012", "ArrowRight": "\ue014", "Shift": "\ue008"}
Point = tuple[float, float]

# What the console gets, and what nobody has caught, from now on.
HEAR = """() => {
  window.said = [];
  for (const kind of ["error", "warn"]) console[kind] = (...all) => said.push(all.map(String).join(" "));
  addEventListener("error", ({ message }) => said.push(message));
  addEventListener("unhandledrejection", ({ reason }) => said.push(String(reason)));
}"""
# The middle of a control that is found by its role and its name, once it is in sight; null where there is none.
MIDDLE = """(role, name) => {
  const tags = { button: "button", tab: "[role=tab]", application: "[role=application]" };
  const named = (each) => [each.ariaLabel, each.innerText?.trim()].includes(name);
  const found = [...document.querySelectorAll(tags[role])].find((each) => each.checkVisibility() && named(each));
  if (!found) return null;
  found.scrollIntoView({ block: "nearest" });
  const { x, y, width, height } = found.getBoundingClientRect();
  return [x, y, width, height];
}"""


class Driven(ABC):
    """A browser with one window, whose page is found and told about by JavaScript."""

    @abstractmethod
    def open(self, address: str) -> None:
        """Navigate to an address."""

    @abstractmethod
    def evaluate(self, function: str, *given: Any) -> Any:
        """What a JavaScript function returns for what is given."""

    @abstractmethod
    def _keys(self, steps: list[tuple[str, str]]) -> None:
        """Carry out pairs of "key_down" or "key_up" and a key's code."""

    @abstractmethod
    def drag(self, points: list[Point]) -> None:
        """Press the mouse at the first point of the window, move it through the others, and release it at the last."""

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Give the window another size, and the page nearly that."""

    def press(self, key: str, shift: bool = False) -> None:
        """Press and release a key such as ``ArrowRight``."""
        held = [KEYS["Shift"]] if shift else []
        down = [("key_down", each) for each in (*held, KEYS[key])]
        self._keys([*down, *(("key_up", each) for _, each in reversed(down))])

    def wait_for(self, function: str, *given: Any) -> Any:
        """Wait until a function returns something true, and give that.

        Raises:
            TimeoutError: it does not in ``PATIENCE`` seconds.
        """
        deadline = time.monotonic() + PATIENCE
        while not (found := self.evaluate(function, *given)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{function} of {given}")
            time.sleep(0.05)
        return found

    def at(self, t: int) -> None:
        """Wait until the page shows the moment t and has painted it."""
        self.wait_for("t => window.backscope?.t === t && backscope.stats().painted.at(-1)?.t === t", t)

    def go(self, address: str, t: int) -> None:
        """Open an address, and wait until the page shows the moment t; from then on ``said`` has its complaints."""
        self.open(address)
        self.at(t)
        self.evaluate(HEAR)

    @property
    def said(self) -> list[str]:
        """What the page has complained about since it was opened."""
        return list(self.evaluate("() => said"))

    def box(self, role: str, name: str) -> list[float]:
        """Left, top, width and height of a control, once it is there."""
        return list(self.wait_for(MIDDLE, role, name))

    def click(self, role: str, name: str) -> None:
        """Click in the middle of a control."""
        left, top, width, height = self.box(role, name)
        self.drag([(left + width / 2, top + height / 2)])


class Firefox(Driven):
    """Firefox without a window, by its own protocol."""

    def __init__(self, browser: Marionette) -> None:
        self._browser = browser

    def open(self, address: str) -> None:
        self._browser.navigate(address)

    def evaluate(self, function: str, *given: Any) -> Any:
        return self._browser.execute_script(f"return ({function})(...arguments)", script_args=given, sandbox=None)

    def _keys(self, steps: list[tuple[str, str]]) -> None:
        keys = self._browser.actions.sequence("key", "keyboard")
        for way, key in steps:
            getattr(keys, way)(key)
        keys.perform()

    def drag(self, points: list[Point]) -> None:
        mouse = self._browser.actions.sequence("pointer", "mouse", {"pointerType": "mouse"})
        first, *others = [(round(x), round(y)) for x, y in points]
        mouse.pointer_move(*first).pointer_down()
        for point in others:
            mouse.pointer_move(*point, duration=20)
        mouse.pointer_up().perform()

    def resize(self, width: int, height: int) -> None:
        self._browser.set_window_rect(width=width, height=height)


class WebKit(Driven):
    """WebKitGTK's browser on a screen of its own."""

    def __init__(self, browser: webdriver.WebKitGTK) -> None:
        self._browser = browser

    def open(self, address: str) -> None:
        self._browser.get(address)

    def evaluate(self, function: str, *given: Any) -> Any:
        return self._browser.execute_script(f"return ({function})(...arguments)", *given)

    def _keys(self, steps: list[tuple[str, str]]) -> None:
        actions = ActionBuilder(self._browser)
        for way, key in steps:
            getattr(actions.key_action, way)(key)
        actions.perform()

    def drag(self, points: list[Point]) -> None:
        actions = ActionBuilder(self._browser, duration=20)
        mouse = actions.pointer_action
        first, *others = [(round(x), round(y)) for x, y in points]
        mouse.move_to_location(*first)
        mouse.pointer_down()
        for point in others:
            mouse.move_to_location(*point)
        mouse.pointer_up()
        actions.perform()

    def resize(self, width: int, height: int) -> None:
        self._browser.set_window_size(width, height)


@contextmanager
def firefox() -> Iterator[Driven]:
    """Debian's Firefox."""
    with TemporaryDirectory() as log:
        browser = Marionette(bin="/usr/bin/firefox-esr", headless=True, port=0, gecko_log=log)
        try:
            browser.start_session()
            browser.timeout.script = PATIENCE
            driven = Firefox(browser)
            driven.resize(*SIZE)
            yield driven
        finally:
            browser.quit()
            browser.cleanup()
            browser.instance = None  # or its profile is taken away once more when Python ends, and fails


@contextmanager
def webkit() -> Iterator[Driven]:
    """Debian's WebKitGTK."""
    program = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    with _screen() as display:
        os.environ["DISPLAY"] = display
        options = Options()
        options.binary_location = str(program)
        options.add_argument("--automation")
        browser = webdriver.WebKitGTK(options=options, service=Service("/usr/bin/WebKitWebDriver"))
        try:
            driven = WebKit(browser)
            driven.resize(*SIZE)
            yield driven
        finally:
            browser.quit()


@contextmanager
def _screen() -> Iterator[str]:
    """A screen that nobody sees."""
    reading, writing = os.pipe()
    width, height = SIZE
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width + 100}x{height + 100}x24"]
    screen = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        os.close(writing)
        screen.terminate()
        screen.wait()


BROWSERS = {"Firefox": firefox, "WebKit": webkit}
