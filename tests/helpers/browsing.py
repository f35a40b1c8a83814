"""How the browser tests open, use and read pages: by accessible names, and by ``window.backscope``."""

import base64
import json
import math
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
LINK_TO_XOR = "#preset=xor"  # the fragment of a link to the first preset at t 0
FIRST = 14  # the moment that a page shows at a first visit: the forward and the backward pass are done
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
# Has a page forget what it has kept, and let go of what has the focus; tells whether it rests, and whether it looks as
# tabs do. Where the server is gone there is no storage.
REST = """() => {
  try { localStorage.clear(); } catch {}
  document.activeElement?.blur();
  scrollTo(0, 0);
  const usual = matchMedia("(prefers-color-scheme: light) and (prefers-reduced-motion: reduce)").matches;
  return [!document.querySelector("[data-label=pause]"), usual];
}"""
SHOWN = "t => window.backscope?.t === t && backscope.stats().painted.at(-1)?.t === t"
FOLLOWED = f"""([t, plain]) => !location.hash.endsWith("&followed") && ({SHOWN})(t)
  && (!plain || JSON.stringify(backscope.experiment) === JSON.stringify(plain))"""
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


def new_context(browser: Browser, chart: bool = True, clock: bool = False, **options: Any) -> BrowserContext:
    """A context of the browser; with ``clock``, one whose clock ``pass_time`` moves on."""
    context = browser.new_context(**{"viewport": DESKTOP, "locale": "en-US", "reduced_motion": "reduce", **options})
    context.set_default_timeout(PATIENCE * 1000)
    if not chart:
        context.add_init_script(WITHOUT_CHART)
    if clock:
        context.clock.install()
    return context


def put_on(tab: Page, viewport: ViewportSize = DESKTOP, **media: Any) -> None:
    """Set these options of a tab, and reset all others."""
    tab.set_viewport_size(viewport)
    tab.emulate_media(**{"color_scheme": "light", "reduced_motion": "reduce", **media})


@dataclass
class Pages:
    """Pages on the server, and their complaints: console errors and warnings, exceptions, failed requests.

    Without motion a step is painted once, and not some twenty times. Tabs and contexts are reused, since a new tab
    takes a second or two, and one in a new context, which has no file cached, two or three. With ``same`` a test does
    not even load the page, but follows a link in the one that the test before it has left.
    """

    browser: Browser
    tabs: dict[str, Page]  # by their options
    spare: dict[str, list[BrowserContext]]  # contexts without a page, by the same
    address: str
    chart: bool = True
    motion: bool = False
    same: bool = False  # whether the tests follow links in one page
    server_may_stop: bool = False  # then errors about an unreachable server are no complaints
    said: list[str] = field(default_factory=list)
    opened: list[Page] = field(default_factory=list)
    lent: list[tuple[str, BrowserContext]] = field(default_factory=list)  # contexts from ``spare``
    contexts: list[BrowserContext] = field(default_factory=list)  # contexts of this test

    def blank(self, alone: bool = False, fresh: bool = False, new: bool = False, **options: Any) -> Page:
        """An empty page: a tab with these options; with ``fresh``, a new tab, whose routes and scripts end with the
        test; with ``alone``, such a tab in another context, where nothing is stored, and with the option ``clock``, one
        whose clock ``pass_time`` moves on; with ``new``, a tab in a context that is made for this test, where no file
        is cached.
        """
        if self.motion:
            options = {"reduced_motion": "no-preference", **options}
        page = self._new(options) if new else self._alone(options) if alone else self._tab(options, fresh)
        self.opened.append(page)
        for event, hear in self._ears.items():
            page.on(event, hear)  # type: ignore[call-overload]
        return page

    def _new(self, options: dict[str, Any]) -> Page:
        self.contexts.append(new_context(self.browser, self.chart, **options))
        return self.contexts[-1].new_page()

    def _alone(self, options: dict[str, Any]) -> Page:
        key = self._key(options)
        spare = self.spare.setdefault(key, [])
        context = spare.pop() if spare else new_context(self.browser, self.chart, **options)
        self.lent.append((key, context))
        return context.new_page()

    def _key(self, options: dict[str, Any]) -> str:
        return json.dumps([self.chart, {"locale": "en-US", **options}], sort_keys=True)

    def _tab(self, options: dict[str, Any], fresh: bool) -> Page:
        looks = {name: options[name] for name in LOOKS & options.keys()}
        others = {name: value for name, value in options.items() if name not in looks}
        key = self._key(others)
        if key not in self.tabs:
            self.tabs[key] = new_context(self.browser, self.chart, **others).new_page()
        tab = self.tabs[key]
        if fresh or tab in self.opened:
            tab = tab.context.new_page()
        elif not self.same and tab.url != "about:blank":
            tab.goto("about:blank")
        if looks:
            put_on(tab, **looks)
        return tab

    @property
    def _ears(self) -> dict[str, Callable[[Any], None]]:
        return {"console": self._told, "pageerror": self._threw}

    def _threw(self, error: Error) -> None:
        self.said.append(error.stack or str(error))

    def _told(self, message: ConsoleMessage) -> None:
        """Note a message of the console, which also reports requests that fail or are refused."""
        if message.type in ("error", "warning"):
            self.said.append(f"{message.text} {message.location['url']}")

    def open(self, experiment: Plain | None = None, t: int = 0, **options: Any) -> Page:
        """A page that shows an experiment at t, or without one, XOR at t 0."""
        page = self.blank(**options)
        if experiment is not None:
            return self.go(page, experiment, t)
        return self._follow(page, f"{self.address}{LINK_TO_XOR}", t)

    def first(self, **options: Any) -> Page:
        """The page as it opens at a first visit."""
        page = self.blank(**options)
        page.goto(self.address)
        at(page, FIRST)
        return page

    def go(self, page: Page, experiment: Plain, t: int = 0) -> Page:
        """Follow a link in an open page."""
        plain = Experiment.from_dict(experiment, SHIPPED).to_dict()
        return self._follow(page, link(self.address, experiment, t), t, plain)

    def _follow(self, page: Page, address: str, t: int, plain: Plain | None = None) -> Page:
        """Follow a link, and wait until the page has opened it, which then puts an address of its own there, and shows
        and has painted this moment, of this experiment where one is given.
        """
        page.goto(f"{address}&followed")
        page.wait_for_function(FOLLOWED, arg=[t, plain])
        return page

    @property
    def complaints(self) -> list[str]:
        return [text for text in self.said if not (self.server_may_stop and UNREACHABLE.search(text))]

    def close(self) -> None:
        for key, context in self.lent:
            _empty(context)
            self.spare[key].append(context)
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
        """Reset a tab for the next test; the browser keeps its cached files. A page stays open for the next link only
        where it rests, and on the server of all tests: one of a test's own is gone by then. What a tab looks like is
        set back only where it has been changed, for then the browser lays out and paints the page anew.
        """
        tab.unroute_all()
        if self.same:
            tab.keyboard.press("Escape")  # closes what lies over the page
        rests, usual = tab.evaluate(REST)
        tab.context.clear_cookies()
        if not (self.same and rests and tab.url.startswith(self.address)):
            tab.goto("about:blank")
        if not usual or tab.viewport_size != DESKTOP:
            put_on(tab)
        tab.mouse.move(0, 0)
        for event, hear in self._ears.items():
            tab.remove_listener(event, hear)


def _forget(page: Page) -> None:
    """Have the browser forget what a page has kept."""
    page.evaluate("() => { try { localStorage.clear(); } catch {} }")  # where the server is gone there is none
    page.context.clear_cookies()


def _empty(context: BrowserContext) -> None:
    """Close the pages of a context, and have it forget what all sites have stored; their files stay cached."""
    page = context.new_page()
    for other in context.pages:
        if other is not page:
            other.close()
    everything = {"origin": "*", "storageTypes": "cookies,local_storage"}
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", everything)
    page.close()


def at(page: Page, t: int) -> None:
    """Wait until the page shows the moment t and has painted it."""
    page.wait_for_function(SHOWN, arg=t)


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
    return read_moment(page.evaluate(LOOK, [kinds, whole]))


def read_moment(text: str) -> Moment:
    """The contents of a page as ``LOOK`` tells them."""
    plain = json.loads(text)
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


def pass_time(page: Page, seconds: float, until: Callable[[], Any] = lambda: False, step: float = 1) -> None:
    """Move a page's clock on, step by step, until something holds or so many seconds have passed."""
    for _ in range(math.ceil(seconds / step)):
        if until():
            return
        page.clock.fast_forward(int(1000 * step))


@lru_cache
def words(language: str = "en") -> dict[str, str]:
    """The catalogue of a language."""
    return dict(json.loads((ROOT / "static" / "words" / f"{language}.json").read_text(encoding="utf-8")))


def say(name: str, /, **blanks: Any) -> str:
    """The text of the English catalogue under this name."""

    def filled(blank: re.Match[str]) -> str:
        value = str(blanks.get(blank["name"], ""))
        return blank["one" if value == "1" else "other"] if blank["other"] else value

    return re.sub(r"\{(?P<name>\w+)(?:\|one:(?P<one>[^|}]*)\|other:(?P<other>[^}]*))?\}", filled, words()[name])


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


def explored(page: Page) -> Locator:
    """The network, as the keys explore it."""
    return page.locator("canvas.overlay")


def legend(page: Page) -> Locator:
    """The legend, opened, with all its signs and choices."""
    more = button(page, say("legend.more"))
    if more.get_attribute("aria-expanded") == "false":
        more.click()
    return region(page, say("legend"))


def choose_arrows(page: Page, name: str, option: str) -> None:
    """Choose something of the arrows in the legend, which is open for that only: it lies over the network."""
    legend(page)
    chooser(page, name).select_option(option)
    button(page, say("legend.more")).click()


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
