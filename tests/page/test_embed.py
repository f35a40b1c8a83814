"""A frame in a page of another site: the server must allow it; it has the stage, the caption, the transport and a
lesson, a link to all of it, and needs no storage and no cookie.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.helpers.browsing import new_context, say
from tests.helpers.node import call
from tests.helpers.serving import serving

pytestmark = pytest.mark.without_chart

CLOSED = """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
  get() { throw new DOMException("closed", "SecurityError"); },
});"""


@contextmanager
def site() -> Iterator[tuple[str, dict[str, str]]]:
    """A web site of its own, by a name that is not the framed server's, and what stands on its page."""
    page: dict[str, str] = {"html": ""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><link rel=icon href=data:,><h1>Mine</h1>{page['html']}".encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}", page
    finally:
        server.shutdown()
        server.server_close()


def snippet(address: str, fragment: str = "#preset=xor&t=14", **view: Any) -> str:
    href = f"{address}{fragment}&view={quote(json.dumps({'embed': True, **view}))}"
    (found,) = call("presenting/scenes.js", "snippetOf", [[href, "Backscope", 560]])
    return str(found)


def framed(page: Page, origin: str) -> FrameLocator:
    page.goto(origin)
    return page.frame_locator("iframe[title=Backscope]")


def has_only_the_stage(frame: FrameLocator) -> None:
    expect(frame.get_by_role("region", name=say("network"))).to_be_visible()
    expect(frame.get_by_role("region", name=say("transport"))).to_be_visible()
    expect(frame.get_by_role("status", name=say("caption"))).to_be_visible()
    for name in ("experiment", "inspector", "plane", "loss.panel"):
        expect(frame.get_by_role("region", name=say(name))).to_be_hidden()
    for name in ("share", "lessons", "stories", "projector", "presenting.everything"):
        expect(frame.get_by_role("button", name=say(name), exact=True)).to_be_hidden()


def test_a_page_of_another_site_shows_it_where_the_server_allows_that_and_only_there(browser: Browser):
    with site() as (origin, mine), serving(0, "--allow-embed", origin) as allowing, serving(0) as strict:
        context = new_context(browser)
        context.add_init_script(CLOSED)
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))

        mine["html"] = snippet(allowing.address)
        frame = framed(page, origin)
        has_only_the_stage(frame)
        frame.get_by_role("button", name=say("step_forward")).click()
        position = frame.get_by_role("status", name=say("position"))
        expect(position).to_contain_text("t 16")
        with context.expect_page() as opened:
            frame.get_by_role("link", name=say("presenting.full")).click()
        full = opened.value
        full.wait_for_function("window.backscope?.t === 16")
        expect(full.get_by_role("region", name=say("inspector"))).to_be_visible()
        assert full.evaluate("opener") is None
        full.close()

        mine["html"] = snippet(allowing.address, "#", lesson="tour.2")
        frame = framed(page, origin)
        expect(frame.get_by_role("heading", name="Twice the input, how long?")).to_be_visible()
        has_only_the_stage(frame)
        frame.get_by_role("button", name=say("lesson.next")).click()
        expect(frame.get_by_role("heading", name="A product of factors")).to_be_visible()
        expect(frame.get_by_role("button", name=say("lesson.notes"), exact=True)).to_be_hidden()
        has_only_the_stage(frame)
        assert said == []

        mine["html"] = snippet(strict.address)
        framed(page, origin)
        for _ in range(100):
            if any("frame-ancestors" in text for text in said):
                break
            page.wait_for_timeout(100)
        assert any("frame-ancestors" in text for text in said)
        assert page.frames[1].url.startswith("chrome-error:")
        context.close()


def test_a_classs_token_does_not_reach_a_frame_on_another_site(browser: Browser):
    with site() as (origin, mine), serving(0, "--host", "0.0.0.0", "--allow-embed", origin) as running:
        found = re.search(r"http://\S+:(\d+)/\?token=(\S+)", running.words)
        assert found
        port, token = found.groups()
        context = new_context(browser)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/?token={token}")
        expect(page.get_by_role("region", name=say("network"))).to_be_visible()  # the browser has its cookie
        mine["html"] = snippet(f"http://127.0.0.1:{port}/")
        expect(framed(page, origin).get_by_text("open the address with its token")).to_be_visible()
        context.close()
