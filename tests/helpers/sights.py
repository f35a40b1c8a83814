"""How the browser tests find things on the stage: by pointing at a grid of its pixels."""

import re
from dataclasses import dataclass

import numpy as np
from playwright.sync_api import Page

SIGHTS = """async ([step, colours, sought, clicked]) => {
  await document.fonts.ready; // another font may give the legend another line, and the stage moves a frame later
  for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
  const views = document.querySelector("[data-part=views]"); // the panel that tells comes when something is pointed at
  views.querySelector("[data-tab=why]").dispatchEvent(new PointerEvent("pointerenter"));
  while (!document.querySelector("[data-part=why] > .why")) await new Promise(requestAnimationFrame);
  const scene = document.querySelector("canvas.scene");
  const overlay = document.querySelector("canvas.overlay");
  const { left, top, width, height } = overlay.getBoundingClientRect();
  const ratio = scene.width / width;
  const pixels = () => { // of a copy: a canvas that is read becomes a slow one
    const copy = new OffscreenCanvas(scene.width, scene.height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(scene, 0, 0);
    return copy.getImageData(0, 0, scene.width, scene.height).data;
  };
  const data = colours.length ? pixels() : [];
  const paper = getComputedStyle(document.documentElement).getPropertyValue("--paper").trim();
  const behind = [1, 3, 5].map((start) => parseInt(paper.slice(start, start + 2), 16));
  const painted = (colour, pixel) => { // or mixed with some of the paper behind it
    const [i] = [0, 1, 2].sort((i, j) => Math.abs(colour[j] - behind[j]) - Math.abs(colour[i] - behind[i]));
    const share = (pixel[i] - behind[i]) / (colour[i] - behind[i]);
    const mixed = colour.map((channel, j) => behind[j] + (channel - behind[j]) * share);
    return share > 0.39 && mixed.every((channel, j) => Math.abs(channel - pixel[j]) < 5);
  };
  const told = (x, y) => {
    overlay.dispatchEvent(new PointerEvent("pointermove", { clientX: left + x + 0.5, clientY: top + y + 0.5 }));
    return document.querySelector("[data-part=why]").textContent;
  };
  const points = function* () { // all of them, where something is sought those of a coarse grid first
    for (let wide = sought ? 8 * step : step; wide >= step; wide /= 2)
      for (let y = 0; y < height; y += wide)
        for (let x = 0; x < width; x += wide)
          if (!sought || wide === 8 * step || x % (2 * wide) || y % (2 * wide)) yield [x, y];
  };
  const sights = [];
  for (const [x, y] of points()) {
    const at = (Math.round(y * ratio) * scene.width + Math.round(x * ratio)) * 4;
    const found = colours.findIndex((colour) => painted(colour, data.subarray(at, at + 3)));
    if (colours.length && found < 0) continue;
    const why = told(x, y);
    if (!colours.length && overlay.style.cursor !== "pointer") continue;
    if (!why.includes(sought) || (clicked && told(x - 1, y - 1) !== why)) continue; // a click is rounded to a pixel
    sights.push([left + x, top + y, found, why]);
    if (sought) break;
  }
  overlay.dispatchEvent(new PointerEvent("pointerleave"));
  return sights;
}"""


@dataclass(frozen=True)
class Sight:
    """A point of the stage, the sought colour that is painted there, and the inspector's text about it."""

    x: float
    y: float
    colour: int
    why: str


def sights(page: Page, step: int, *colours: tuple[int, ...], clicked: bool = False) -> list[Sight]:
    """What someone finds who points at every step-th pixel of the stage that has one of these colours; without
    colours, at all of them, leaving out where there is nothing, and where a click there may mean something else.
    """
    return [Sight(*sight) for sight in page.evaluate(SIGHTS, [step, colours, "", clicked])]


def sight(page: Page, step: int, sought: str) -> Sight:
    """One of these points for which the inspector shows this text."""
    (found,) = page.evaluate(SIGHTS, [step, [], sought, True])
    return Sight(*found)


def neurons(page: Page, step: int = 9) -> dict[str, tuple[float, float]]:
    """The middles of the circles on the stage, by the inspector's names; small circles need a small step."""
    found: dict[str, list[tuple[float, float]]] = {}
    for sight in sights(page, step):
        if match := re.match(r"Neuron \d+ of layer \d+|Input \d+", sight.why):
            found.setdefault(match[0], []).append((sight.x, sight.y))
    return {name: (float(x), float(y)) for name, points in found.items() for x, y in [np.mean(points, axis=0)]}
