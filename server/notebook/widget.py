"""The widget of a view, which anywidget brings to the notebook, with the messages of both sides."""

import anywidget
import traitlets

from server.notebook.document import WIDGET


class Widget(anywidget.AnyWidget):
    """A frame with the page in it. What it needs at its start is small, as notebooks are saved with it."""

    _esm = WIDGET.read_text(encoding="utf-8")
    height = traitlets.Int(640).tag(sync=True)
    sentences = traitlets.Dict().tag(sync=True)  # what stands in place of the page until it is there, by language
