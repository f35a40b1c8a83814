"""A view: what a cell shows of a run, reads of it, and does with it."""

import json
from collections.abc import Callable, Iterator
from html import escape
from time import perf_counter
from typing import Any, TypeVar

import numpy as np

from engine import Timeline
from engine.base.refusal import whole
from engine.experiment.changes import LARGEST_T
from engine.run.source import Source
from engine.until.reading import until_of
from server.notebook.application import application
from server.notebook.asked import SCENE_FORMAT, asked_of
from server.notebook.document import document
from server.notebook.page import NOTHING, Page, Runs
from server.session import Message
from server.words import FALLBACK, catalogue, languages, preferred

Plain = dict[str, Any]
Send = Callable[[Plain, list[bytes]], None]
T = TypeVar("T")
INTERVAL = 0.05  # seconds from one moment that is sent to the pages to the next ...
BYTES_A_SECOND = 4e6  # ... and longer where frames are large


class View:
    """A run on a page in a notebook, which cells read and steer. ``show`` makes one; as a cell's last line it is shown.

    Where the page plays, ``view.t`` follows it; where a cell trains, the page follows the cell. A view that is shown
    several times has as many pages, each at its own moment; what is read is of the page that moved last, and what a
    cell does all of them do.
    """

    def __init__(self, experiment: Any = "xor", t: int | None = None, height: int = 640) -> None:
        self._application = application()
        self._send: Send = lambda content, buffers: None
        self._widget: Any = None
        self.height = whole("height", "height", height, 200, 4000)
        self._cells = Page(Runs(self._application, lambda: self._cells.timeline))
        self._pages: dict[str, Page] = {}
        self._bodies: dict[tuple[str, int], bytearray] = {}  # what has come of a page's uploads
        self._order = 0  # how often cells have moved the run: what a page does that has not followed does not count
        self._due = 0.0  # when the pages are to be sent the next moment
        self._open(experiment, t)

    @property
    def t(self) -> int:
        """The moment that is shown: how many micro-steps of training are done. ``view.t = 120`` goes to another one."""
        return self._do(lambda: self._cells.t)

    @t.setter
    def t(self, t: int) -> None:
        self.seek(t)

    @property
    def training_step(self) -> int:
        """How many training steps are done at the moment that is shown."""
        return self._do(lambda: self._cells.timeline.locate(self._cells.t).training_step)

    @property
    def tensors(self) -> dict[str, np.ndarray]:
        """The arrays of the moment that is shown, by their names, such as "W1", "dW1" and "a2": those that have been
        computed by then, each a copy with the engine's own bits.
        """
        state = self._do(lambda: self._cells.timeline.seek(self._cells.t))
        return {name: np.array(array) for name, array in state.items()}

    @property
    def experiment(self) -> Plain:
        """The experiment that is run, in its plain form with every field. ``view.experiment = "sine"`` begins another
        one, in any form that ``show`` takes.
        """
        return self._do(lambda: self._cells.experiment)

    @experiment.setter
    def experiment(self, experiment: Any) -> None:
        self._open(experiment)

    @property
    def scene(self) -> Plain:
        """What is shown, as the page saves it: the experiment, t, and the page's view. ``view.scene = scene`` shows
        another one.
        """
        return self._do(self._scene)

    @scene.setter
    def scene(self, scene: Any) -> None:
        self._open(scene)

    def seek(self, t: int) -> None:
        """Go to the moment t, forwards or backwards. Returns when it is there.

        Raises:
            Refusal: t is not a whole number from 0 on.
        """
        self._go(whole("t", "t", t, 0, LARGEST_T))

    def step(self, count: int = 1) -> None:
        """Go so many micro-steps on, each of which is one equation; back, where the count is negative."""
        whole("count", "steps", count, -LARGEST_T, LARGEST_T)
        self._go(min(LARGEST_T, max(0, self.t + count)))

    def train(self, steps: int = 1, until: Plain | list[Plain] | None = None) -> int:
        """Train for so many training steps, while the page follows. Returns how many training steps are done then.

        Args:
            steps: the training steps, of which one that is under way is the first.
            until: what ends it before, such as ``{"name": "loss_below", "value": 0.1}``, or a list of such conditions.

        Raises:
            Refusal: the number or a condition is malformed.
        """
        whole("steps", "number of training steps", steps, 0, LARGEST_T)
        self._go(self._do(lambda: self._end_of(steps)), until)
        return self.training_step

    def steps(self, count: int) -> Iterator[int]:
        """Train step by step: ``for step in view.steps(500): ...`` has the body run after each training step, with
        ``view.tensors`` as they are then, while the page follows. Each time gives how many training steps are done.

        Raises:
            Refusal: the count is malformed.
        """
        whole("count", "number of training steps", count, 0, LARGEST_T)

        def trained() -> Iterator[int]:
            try:
                for _ in range(count):
                    self._advance(self._do(lambda: self._end_of(1)))
                    self._show()
                    yield self.training_step
            finally:
                self._show(now=True)

        return trained()

    def change(self, **change: Any) -> None:
        """Change the run at the moment that is shown; what lay after it is dropped. It takes what ``Timeline.change``
        takes: ``learning_rate=0.1``; ``tensor="W1", index=[0, 1], value=0.3``; or fields of the experiment, such as
        ``optimizer={"name": "adam"}``, which hold from the next training step on.

        Raises:
            Refusal: the change does not fit the experiment; then nothing is changed.
        """
        self._do(lambda: self._change(change))
        self._tell_scene()

    def close(self) -> None:
        """End the run, give its memory free, and take its pages away. The view is of no use any more."""
        if self._widget is not None:
            self._widget.close()
        for page in (self._cells, *self._pages.values()):
            self._do(page.session.leave)
        self._pages.clear()

    @property
    def widget(self) -> Any:
        """The view as a widget of anywidget, to be put among others; it is what a cell shows.

        Raises:
            ModuleNotFoundError: anywidget is not installed.
        """
        if self._widget is None:
            from server.notebook.widget import Widget

            sentences = {language: catalogue(language)["notebook.waiting"] for language in languages()}
            self._widget = Widget(height=self.height, sentences=sentences)
            self._widget.on_msg(lambda _, content, buffers: self.hear(content, buffers))
            self._send = lambda content, buffers: self._widget.send(content, buffers)
        return self._widget

    def hear(self, content: Plain, buffers: list[Any]) -> None:
        """Carry out what a page or its frame asks for; answers are sent by the widget."""
        if content["kind"] == "document":
            language = preferred(content["languages"])
            self._send({"kind": "document", "to": content["to"]}, [document(language)])
        elif content["kind"] == "open":
            page = Page(Runs(self._application, lambda: self._cells.timeline), view=self._cells.view)
            self._pages[content["page"]] = page
            self._send({"kind": "opened", "page": content["page"], **self._told}, [])
        elif (known := self._pages.get(content["page"])) is not None:
            self._hear_page(known, content, buffers)

    def _hear_page(self, page: Page, content: Plain, buffers: list[Any]) -> None:
        name = content["page"]
        if content["kind"] == "command":
            message, runs = self._do(lambda: self._reply(page, content))
            about = {"kind": "answer", "page": name, "runs": runs}
            if isinstance(message, bytes):
                self._send(about, [message])
            else:
                self._send({**about, "text": message}, [])
        elif content["kind"] == "fetch":
            self._fetch(name, content, buffers)
        elif content["kind"] == "scene":
            page.view = self._cells.view = content["view"]
        elif content["kind"] == "followed":
            self._do(lambda: self._follow(page, content))
        elif content["kind"] == "closed":
            del self._pages[name]
            self._do(page.session.leave)

    def _reply(self, page: Page, content: Plain) -> tuple[Message, int]:
        """The answer to a command of a page, and how many runs that has begun by then."""
        message, moved = page.reply(content["text"])
        if moved:
            self._follow(page, content)
        return message, page.runs

    def _follow(self, page: Page, content: Plain) -> None:
        """Have the cells be where a page is, unless a cell has gone elsewhere meanwhile."""
        if content["order"] == self._order:
            self._cells.follow(page)

    def _fetch(self, name: str, content: Plain, buffers: list[Any]) -> None:
        """Answer what a page fetches, when all parts of its body have come."""
        number = content["number"]
        body = self._bodies.setdefault((name, number), bytearray())
        for part in buffers:
            body += part
        if content["more"]:
            return
        del self._bodies[name, number]
        answer = self._application.answer(content["method"], content["path"], bytes(body))
        about = {"status": answer.status, "media": answer.media, "packed": answer.packed}
        self._send({"kind": "fetched", "page": name, "number": number, **about}, [answer.body])

    def _do(self, work: Callable[[], T]) -> T:
        return self._application.do(work)

    def _end_of(self, steps: int) -> int:
        """The moment at which so many training steps more are done."""
        timeline = self._cells.timeline
        return timeline.t_of(timeline.locate(self._cells.t).training_step + steps)

    def _change(self, change: Plain) -> None:
        self._order += 1
        t = self._cells.t
        changed = self._cells.timeline.changed(t, **change)
        timeline = self._cells.timeline.fork(t)
        timeline.become(changed, t)
        self._cells.hold(timeline, t)

    def _go(self, t: int, until: Any = None) -> None:
        if until is not None:
            self._do(lambda: until_of(until, self._cells.timeline.segment_at(self._cells.t).experiment))
        try:
            while not self._advance(t, until):
                self._show()
        finally:
            self._show(now=True)

    def _advance(self, t: int, until: Any = None) -> bool:
        """Go towards t for a short while. Tells whether it is reached, or a condition has ended the way."""
        self._order += 1
        reached, ended = self._do(lambda: self._cells.go(t, until))
        return ended or reached == t

    def _show(self, now: bool = False) -> None:
        """Send the pages the moment that a cell has come to, where it is time for it."""
        if not now and perf_counter() < self._due:
            return
        sent = 0
        for name, page in [*self._pages.items()]:
            about, frame = self._do(lambda page=page: self._seen_by(page))  # type: ignore[misc]
            self._send({"kind": "reached", "page": name, **about}, frame)
            sent += sum(map(len, frame))
        self._due = perf_counter() + max(INTERVAL, sent / BYTES_A_SECOND)

    def _seen_by(self, page: Page) -> tuple[Plain, list[bytes]]:
        """The moment of the cells for a page, with the frame that it will ask for where it shows the same run."""
        cells = self._cells
        shown = page.watch is not NOTHING and page.experiment == cells.experiment
        about = {"t": cells.t, "order": self._order, "runs": page.runs, "watch": page.watch if shown else None}
        return about, [cells.frame(page.watch)] if shown else []

    def _open(self, asked: Any, t: int | None = None) -> None:
        found = asked_of(asked, self._application.house)
        moment = found.t if t is None else whole("t", "t", t, 0, LARGEST_T)
        timeline = Timeline(found.experiment) if found.timeline is None else _forked(found.timeline)
        self._order += 1
        self._do(lambda: self._cells.hold(timeline, 0))
        self._cells.view = {**self._cells.view, **found.view}
        self._tell_scene()
        self._go(moment)

    @property
    def _told(self) -> Plain:
        """The scene for a page, and the cells' last move, after which it is."""
        return self._do(lambda: {"order": self._order, "scene": self._scene()})

    def _scene(self) -> Plain:
        cells = self._cells
        return {"format": SCENE_FORMAT, "experiment": cells.experiment, "t": cells.t, "view": cells.view}

    def _tell_scene(self) -> None:
        for name in [*self._pages]:
            self._send({"kind": "show", "page": name, **self._told}, [])

    def _ipython_display_(self) -> None:
        """What a notebook shows: the widget, and a sentence for those who read it without its kernel."""
        from IPython.display import display

        display({"text/html": f'<p class="backscope-note">{escape(self._sentence)}</p>', "text/plain": ""}, raw=True)
        display(self.widget)

    def _display_(self) -> Any:
        """What marimo shows."""
        return self.widget

    @property
    def _sentence(self) -> str:
        return catalogue(FALLBACK)["notebook.saved"].format(dataset=self.experiment["dataset"]["name"])

    def __repr__(self) -> str:
        return f"<Backscope view: {json.dumps(self.experiment['dataset'])}, t = {self.t}>"


def _forked(timeline: Timeline) -> Source:
    """A run that shares what a timeline keeps, and has all of its changes."""
    return timeline.fork(max([timeline.t, *(change.t for change in timeline.experiment.changes)]))
