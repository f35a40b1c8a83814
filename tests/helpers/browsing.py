"""How the browser tests open, use and read pages: by accessible names, and by ``window.backscope``."""

import base64
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import numpy as np
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    ViewportSize,
    expect,
)

from engine import Experiment, Timeline
from engine.base.tensors import dtype_of
from engine.run.history import State
from server.trained.shipped import SHIPPED
from tests.helpers.serving import ROOT

Plain = dict[str, Any]
SENT = np.dtype(np.float32)  # the dtype of most tensors in a frame; a few are float64
PATIENCE = 30  # seconds, enough for slow machines; waits end as soon as they can
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
UNREACHABLE = re.compile(r"net::ERR_|WebSocket is closed")  # a browser's errors about an unreachable server
LOOKS = {"viewport", "color_scheme", "reduced_motion"}  # the options that an open tab can change
expect.set_options(timeout=PATIENCE * 1000)

# Loading Plotly takes a good part of a second. With this script the page keeps waiting for it, as on a slow line.
WITHOUT_CHART = """
const { append } = Element.prototype;
Element.prototype.append = function (...nodes) {
  return append.apply(this, nodes.filter((node) => !node.src?.endsWith("/plotly.min.js")));
};
"""
# JSON has no NaN and no infinity: they travel as text. Tensors travel as bytes of float64: a large one has hundreds of
# thousands of numbers.
LOOK = """([kinds, whole]) => {
  const told = (number) => (Number.isFinite(number) ? number : String(number));
  const encoded = (data) => {
    const bytes = new Uint8Array(Float64Array.from(data).buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  };
  const tensors = {};
  for (const name of whole ? Object.keys(backscope.listing.tensors) : []) {
    const tensor = backscope.tensor(name);
    if (tensor) tensors[name] = { shape: tensor.shape, data: encoded(tensor.data) };
  }
  const wanted = kinds?.length === 0 ? [] : backscope.marks().filter(({ kind }) => !kinds || kinds.includes(kind));
  const marks = wanted.map(({ kind, tensor, index, value, colour, size }) =>
    [kind, tensor, index, told(value), colour, told(size)]);
  return JSON.stringify({ t: backscope.t, experiment: backscope.experiment, marks, tensors });
}"""


@dataclass(frozen=True)
class Mark:
    """A mark of the page that carries a number."""

    kind: str
    tensor: str
    index: tuple[int, ...]
    value: float
    colour: str
    size: float


@dataclass(frozen=True)
class Moment:
    """The contents of a page at one moment, read in one call. Tensors that have not been computed are missing."""

    t: int
    experiment: Plain
    marks: list[Mark]
    tensors: dict[str, np.ndarray]

    def of(self, *kinds: str) -> list[Mark]:
        return [mark for mark in self.marks if mark.kind in kinds]

    @property
    def engine(self) -> State:
        """The same moment, computed here by the engine."""
        return state(self.experiment, self.t)


def link(address: str, experiment: Plain | str, t: int = 0) -> str:
    """The address of a moment; an experiment given as text may be malformed."""
    text = experiment if isinstance(experiment, str) else json.dumps(experiment)
    return f"{address}#t={t}&experiment={quote(text)}"


def new_context(browser: Browser, chart: bool = True, **options: Any) -> BrowserContext:
    context = browser.new_context(**{"viewport": DESKTOP, "locale": "en-US", "reduced_motion": "reduce", **options})
    context.set_default_timeout(PATIENCE * 1000)
    if not chart:
        context.add_init_script(WITHOUT_CHART)
    return context


def put_on(tab: Page, viewport: ViewportSize = DESKTOP, **media: Any) -> None:
    """Set these options of a tab, and reset all others."""
    tab.set_viewport_size(viewport)
    tab.emulate_media(**{"color_scheme": "light", "reduced_motion": "reduce", **media})


@dataclass
class Pages:
    """Pages on the server, and their complaints: console errors and warnings, exceptions, failed requests.

    Without motion a step is painted once, and not some twenty times.
    """

    browser: Browser
    tabs: dict[str, Page]  # by their options; they are reused, since a new tab takes a second or two
    address: str
    chart: bool = True
    motion: bool = False
    server_may_stop: bool = False  # then errors about an unreachable server are no complaints
    said: list[str] = field(default_factory=list)
    opened: list[Page] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def blank(self, alone: bool = False, fresh: bool = False, **options: Any) -> Page:
        """An empty page: a tab with these options; with ``fresh``, a new tab, whose routes and scripts end with the
        test; with ``alone``, a tab in a new context.
        """
        if self.motion:
            options = {"reduced_motion": "no-preference", **options}
        page = self._alone(options) if alone else self._tab(options, fresh)
        self.opened.append(page)
        for event, hear in self._ears.items():
            page.on(event, hear)  # type: ignore[call-overload]
        return page

    def _alone(self, options: dict[str, Any]) -> Page:
        self.contexts.append(new_context(self.browser, self.chart, **options))
        return self.contexts[-1].new_page()

    def _tab(self, options: dict[str, Any], fresh: bool) -> Page:
        looks = {name: options[name] for name in LOOKS & options.keys()}
        others = {name: value for name, value in options.items() if name not in looks}
        key = json.dumps([self.chart, {"locale": "en-US", **others}], sort_keys=True)
        if key not in self.tabs:
            self.tabs[key] = new_context(self.browser, self.chart, **others).new_page()
        tab = self.tabs[key]
        if fresh or tab in self.opened:
            tab = tab.context.new_page()
        if looks:
            put_on(tab, **looks)
        return tab

    @property
    def _ears(self) -> dict[str, Callable[[Any], None]]:
        return {"console": self._told, "pageerror": self._threw}

    def _threw(self, error: Error) -> None:
        self.said.append(str(error))

    def _told(self, message: ConsoleMessage) -> None:
        """Note a message of the console, which also reports requests that fail or are refused."""
        if message.type in ("error", "warning"):
            self.said.append(f"{message.text} {message.location['url']}")

    def open(self, experiment: Plain | None = None, t: int = 0, **options: Any) -> Page:
        """A page that shows an experiment at t, or without one, the page as it opens."""
        page = self.blank(**options)
        if experiment is not None:
            return self.go(page, experiment, t)
        page.goto(self.address)
        at(page, t)
        return page

    def go(self, page: Page, experiment: Plain, t: int = 0) -> Page:
        """Follow a link in an open page."""
        page.goto(link(self.address, experiment, t))
        plain = Experiment.from_dict(experiment, SHIPPED).to_dict()
        page.wait_for_function("e => JSON.stringify(window.backscope?.experiment) === JSON.stringify(e)", arg=plain)
        at(page, t)
        return page

    @property
    def complaints(self) -> list[str]:
        return [text for text in self.said if not (self.server_may_stop and UNREACHABLE.search(text))]

    def close(self) -> None:
        for page in self.opened:
            if page not in self.tabs.values() and not page.is_closed():
                _forget(page)
                page.close()
        for tab in self.tabs.values():
            if tab in self.opened:
                self._leave(tab)
        for context in self.contexts:
            context.close()

    def _leave(self, tab: Page) -> None:
        """Reset a tab for the next test; the browser keeps its cached files."""
        _forget(tab)
        tab.unroute_all()
        tab.goto("about:blank")
        put_on(tab)
        tab.mouse.move(0, 0)
        for event, hear in self._ears.items():
            tab.remove_listener(event, hear)


def _forget(page: Page) -> None:
    """Have the browser forget what a page has kept."""
    page.evaluate("() => { try { localStorage.clear(); } catch {} }")  # where the server is gone there is none
    page.context.clear_cookies()


def at(page: Page, t: int) -> None:
    """Wait until the page shows the moment t and has painted it."""
    shown = "t => window.backscope?.t === t && backscope.stats().painted.at(-1)?.t === t"
    page.wait_for_function(shown, arg=t)


def resized(page: Page, width: int, height: int) -> None:
    """Resize the page, and wait until the stage has the new size."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("""([width, height]) => {
        const scene = document.querySelector("canvas.scene");
        const fits = (pixels, box) => Math.abs(pixels - box * devicePixelRatio) <= 1;
        return innerWidth === width && innerHeight === height
            && fits(scene.width, scene.clientWidth) && fits(scene.height, scene.clientHeight);
    }""", arg=[width, height])  # fmt: skip


def now(page: Page) -> int:
    return int(page.evaluate("backscope.t"))


def look(page: Page, *kinds: str) -> Moment:
    """Read the contents of the page: all of them, or the marks of these kinds alone."""
    return _seen(page, list(kinds) or None, whole=not kinds)


def look_inside(page: Page) -> Moment:
    """Read the tensors of the page, without the marks."""
    return _seen(page, [], whole=True)


def _seen(page: Page, kinds: list[str] | None, whole: bool) -> Moment:
    plain = json.loads(page.evaluate(LOOK, [kinds, whole]))
    tensors = {
        name: np.frombuffer(base64.b64decode(item["data"])).reshape(item["shape"]).astype(dtype_of(name, SENT))
        for name, item in plain["tensors"].items()
    }
    marks = [
        Mark(kind, tensor, tuple(index), float(value), colour, float(size))
        for kind, tensor, index, value, colour, size in plain["marks"]
    ]
    return Moment(plain["t"], plain["experiment"], marks, tensors)


def state(experiment: Plain, t: int) -> State:
    """The state at t, computed by the engine in this process."""
    return _timeline(json.dumps(experiment)).seek(t)


@lru_cache(maxsize=8)
def _timeline(experiment: str) -> Timeline:
    return Timeline(Experiment.from_dict(json.loads(experiment), SHIPPED))


def micro_steps(experiment: Plain) -> int:
    """The number of micro-steps of a training step."""
    return len(_timeline(json.dumps(experiment)).program)


def same(found: Any, true: Any) -> bool:
    """Whether a number of the page has the engine's bits in float32; all NaNs are equal."""
    return np.array_equal(np.float32(found), np.float32(true), equal_nan=True)


def untrue(moment: Moment) -> list[str]:
    """The tensors whose bits differ between page and engine, and those that only one of them has."""
    engine = moment.engine
    return [
        name
        for name in sorted(engine.keys() | moment.tensors.keys())
        if name not in engine or name not in moment.tensors or not same(moment.tensors[name], engine[name])
    ]


def eventually(true: Callable[[], Any], patience: float = PATIENCE) -> None:
    """Wait until an assertion holds."""
    deadline = time.monotonic() + patience
    while True:
        try:
            assert true()
            return
        except AssertionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.03)


@lru_cache
def words(language: str = "en") -> dict[str, str]:
    """The catalogue of a language."""
    return dict(json.loads((ROOT / "static" / "words" / f"{language}.json").read_text(encoding="utf-8")))


def say(name: str, **blanks: Any) -> str:
    """The text of the English catalogue under this name."""
    return words()[name].format(**blanks)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def bring(page: Page, view: str, language: str = "en") -> Page:
    """Bring a view of the inspector to the front, such as ``why``."""
    page.get_by_role("tab", name=words(language)[f"view.{view}"], exact=True).click()
    return page


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def chooser(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name, exact=True)


def number_field(page: Page, name: str) -> Locator:
    return page.get_by_role("spinbutton", name=name, exact=True)


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def colour(page: Page, name: str) -> str:
    """A colour of the theme, such as ``up``."""
    return str(page.evaluate("n => getComputedStyle(document.documentElement).getPropertyValue('--' + n).trim()", name))


def put(locator: Locator, text: str) -> None:
    """Type into a field and leave it, so that the page takes the value."""
    locator.fill(text)
    locator.press("Tab")


def numbers(text: str) -> list[float]:
    """The numbers in a text of the page."""
    found = re.findall(r"[−-]?(?:\d[\d,]*(?:\.\d+)?(?:e[−-]?\d+)?|∞)|NaN", text)
    return [float(each.replace("−", "-").replace(",", "").replace("∞", "inf")) for each in found]


def channels(text: str) -> tuple[int, ...]:
    """Red, green and blue of ``#rrggbb``, ``rgb(...)`` or ``rgba(...)``."""
    if text.startswith("#"):
        return tuple(bytes.fromhex(text[1:]))
    return tuple(map(int, re.findall(r"\d+", text)[:3]))


def random_moments(experiment: Plain, count: int, training_steps: int) -> list[int]:
    """Some moments of the first training steps, the same each time."""
    rng = np.random.default_rng(training_steps)
    return sorted(map(int, rng.integers(1, training_steps * micro_steps(experiment), count)), reverse=True)
