"""The words of a page, in its text, for screen readers, in hints and on canvases; and those that are not Chinese."""

import re
from typing import Any

from playwright.sync_api import Page

from tests.helpers.browsing import Plain, at, link

# Words that are the same in Chinese: the page's name, names of functions, methods and data, symbols, keys, units.
PROPER_NAMES = {
    "Backscope", "English", "MNIST", "XOR", "sigmoid", "tanh", "ReLU", "leaky", "softmax", "Xavier", "He",
    "dC", "dw", "db", "NaN", "ln", "MB", "Ctrl", "Shift", "JSON", "xor",
    "CSV", "safetensors", "Python", "Adam", "AdamW", "Nesterov", "RMSprop", "ELU", "GELU", "SiLU", "softplus",
    "Mish", "Hardswish", "Huber", "AdaGrad", "Lion", "NumPy", "PyTorch", "kB", "Dropout", "BN", "MSE", "epoch",
    "Blue", "Brown", "Enter", "Esc", "GIF", "PNG", "SVG", "WebM", "Keras", "npz", "backscope",
}  # fmt: skip
RECORD_CANVASES = """
window.painted = new Set();
for (const name of ["fillText", "strokeText"]) {
  const paint = CanvasRenderingContext2D.prototype[name];
  CanvasRenderingContext2D.prototype[name] = function (text, ...rest) {
    if (this.canvas.isConnected) window.painted.add(String(text));
    return paint.call(this, text, ...rest);
  };
}
"""
SAID = """() => {
  const said = [document.title, ...window.painted];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!element.closest("script, style, math, pre, h1")) said.push(walker.currentNode.data);
  }
  const attributes = ["aria-label", "title", "placeholder", "alt", "aria-valuetext", "aria-description", "label"];
  for (const element of document.body.querySelectorAll("*")) {
    for (const name of attributes) said.push(element.getAttribute(name) ?? "");
  }
  window.painted.clear();
  return said.map((text) => text.trim()).filter(Boolean);
}"""


def foreign(page: Page) -> set[str]:
    """The English words of a page."""
    tensors, said = page.evaluate(f"() => [Object.keys(backscope.listing.tensors), ({SAID})()]")
    names = {*PROPER_NAMES, *(part for name in tensors for part in name.rstrip("0123456789").split("_"))}
    found = set()
    for text in said:
        for word in re.findall(r"[A-Za-z]{2,}", text):
            if word not in names:
                found.add(f"{word}: {text[:80]}")
    return found


def chinese(pages: Any, plain: Plain, t: int = 0, **options: Any) -> Page:
    page = pages.blank(fresh=True, locale="zh-CN", **options)
    page.add_init_script(RECORD_CANVASES)
    page.goto(link(pages.address, plain, t))
    at(page, t)
    if pages.chart:
        page.wait_for_selector(".js-plotly-plot")
    return page
