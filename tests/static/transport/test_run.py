"""The run that a page holds: whatever becomes of its line, no press of a step is lost and none counts twice."""

from random import Random

import pytest

from tests.helpers.node import answers

# Steps: the name of a press, "cut", "open", "answer" (the oldest command), "part" (a seek that ends on the way).
RUN = """
import { createStore } from "./state/store.js";
import { SHARED } from "./state/keys.js";
import { holdRun } from "./transport/run.js";
import { Lost } from "./ask/connection.js";
import { ofPage } from "./base/keys.js";

const keys = { ...SHARED, ...Object.fromEntries(
  Object.entries({ grain: "equation", arrows: "step", arrowsOf: "batch", example: 0, units: null, speed: 16 })
    .map(([name, value]) => [name, ofPage(value)])) };
const ends = Array.from({ length: 10 }, (_, i) => i + 1);
const listing = { experiment: { mini_batch_size: 1 }, tensors: {}, sizes: [], steps_per_epoch: 10, segments: [
  { t: 0, training_step: 0, program: { length: 10 }, grains: { equation: ends, layer: [5, 10] } } ] };
const settle = () => new Promise((go) => setImmediate(go));

async function after(steps) {
  const store = createStore(keys, { listing, moment: { t: 7, axes: listing.tensors } });
  let [open, events, waiting, sent] = [false, null, [], []];
  const transport = (given) => {
    events = given;
    return {
      request: (command, fields) => new Promise((resolve, reject) => {
        if (!open) reject(new Lost());
        else waiting.push({ command, fields, resolve, reject });
      }),
      close() {},
    };
  };
  const { clock } = holdRun(store, transport, { linked: () => null, first: {}, offers: {}, languages: {},
    trail: { leave() {}, stay() {} }, restore: () => false, refuse(error) { throw error; }, timed() {} });
  const frame = (t) => ({ t, tensors: new Map(), units: null, until: null, examples: null, gradientsOf: null });
  const does = {
    cut() {
      if (!open) return;
      open = false;
      for (const { reject } of waiting.splice(0)) reject(new Lost());
      events.lost({});
    },
    open() {
      if (open) return;
      open = true;
      events.opened();
    },
    answer(part = 0) {
      const asked = waiting.shift();
      if (!asked) return;
      if (asked.command !== "seek") return asked.resolve({ listing });
      const [from, to] = [store.get().moment.t, asked.fields.t];
      asked.resolve(frame(part && to > from ? to - 1 : to));
    },
    part: () => does.answer(1),
    right: () => clock.step("equation"),
    left: () => clock.stepBack("equation"),
    layer: () => clock.step("layer"),
  };
  for (const step of [...steps, "open"]) {
    does[step]();
    await settle();
  }
  while (waiting.length) {
    does.answer();
    await settle();
  }
  store.life.end();
  const { moment, wanted } = store.get();
  return [moment.t, wanted];
}
const answer = after;
"""


def reached(*runs: list[str]) -> list[list[int | None]]:
    """Where each run is and what it still seeks, once a line is there and all has been answered."""
    return answers(RUN, runs)


def counted(steps: list[str]) -> int:
    """Where the presses lead that are among the steps."""
    t = 7
    for step in steps:
        t = {"right": t + 1, "left": max(0, t - 1), "layer": 5 * (t // 5 + 1)}.get(step, t)
    return t


@pytest.mark.parametrize(
    "steps",
    [
        ["open", "answer", "answer", "left", "cut", "right", "right"],
        ["cut", "right", "right", "right", "open", "answer", "answer"],
        ["open", "answer", "answer", "left", "cut", "open", "right"],
        ["open", "right", "cut", "open", "right", "cut"],
    ],
)
def test_steps_that_are_pressed_while_the_line_is_away_add_up(steps: list[str]):
    assert reached(steps) == [[counted(steps), None]]


def test_no_press_is_lost_whatever_becomes_of_the_line():
    draw = Random(5)
    steps = ["cut", "open", "open", "answer", "answer", "answer", "part", "right", "right", "left", "layer"]
    runs = [["open", *draw.choices(steps, k=draw.randrange(3, 25))] for _ in range(400)]
    for run, end in zip(runs, reached(*runs), strict=True):
        assert end == [counted(run), None], run
