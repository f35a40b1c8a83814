"""The page as one document that needs no other file at its start: scripts, styles, fonts, words and choices in it."""

import base64
import gzip
from functools import cache

from jinja2 import Environment, FileSystemLoader
from rcssmin import cssmin
from rjsmin import jsmin

from server.app import HOME, STATIC, choices
from server.packing import URL, Packing
from server.words import at_start, catalogue, languages

SCRIPT, SHEET = "notebook/frame.js", "main.css"
WIDGET = STATIC / "notebook" / "widget.js"


@cache
def document(language: str) -> bytes:
    """The document in a language, compressed by gzip."""
    environment = Environment(loader=FileSystemLoader(HOME / "templates"), autoescape=True)
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False}  # the presets come in their own order
    words = {**at_start(language), "lost": catalogue(language)["notebook.lost"]}  # as nothing can be tried again here
    text = environment.get_template("notebook.html").render(
        language=language,
        languages=languages(),
        words=words,
        page={"words": words, "choices": choices()},
        script=_script(),
        sheet=_sheet(),
    )
    return gzip.compress(text.encode(), mtime=0)


@cache
def _script() -> str:
    """All modules in one script, which cannot end the element that it stands in."""
    return jsmin(Packing(STATIC).whole(SCRIPT)).replace("</script", r"<\/script").replace("<!--", r"<\!--")


@cache
def _sheet() -> str:
    """All style sheets in one, with the fonts in it."""
    whole = Packing(STATIC).whole_sheet(SHEET, SCRIPT)
    return URL.sub(lambda url: f'url("data:font/woff2;base64,{_base64(url[1])}")', cssmin(whole))


def _base64(path: str) -> str:
    return base64.b64encode((STATIC / path).read_bytes()).decode()
