"""The page works behind real proxies: under any path, kept or taken away, and with TLS that ends before it."""

import pytest
from playwright.sync_api import expect

from tests.helpers.browsing import FIRST, at, button
from tests.helpers.proxies import caddy, nginx

PREFIX = "/user/me/proxy/8000/"
WAYS = {
    "nginx": lambda: nginx(),
    "nginx takes the path away": lambda: nginx(PREFIX),
    "nginx keeps the path": lambda: nginx(PREFIX, keeps=True),
    "nginx sends its own Host": lambda: nginx(PREFIX, host="$http_host"),
    "nginx ends TLS, with HTTP/2": lambda: nginx(PREFIX, tls=True),
    "Caddy": lambda: caddy(),
    "Caddy takes the path away": lambda: caddy(PREFIX),
    "Caddy keeps the path": lambda: caddy(PREFIX, keeps=True),
    "Caddy ends TLS": lambda: caddy(PREFIX, tls=True),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_page_trains_draws_its_chart_and_opens_a_file_behind_a_proxy(pages, way):
    with WAYS[way]() as address:
        page = pages.blank(alone=True, ignore_https_errors=True)
        page.goto(address)
        at(page, FIRST)
        button(page, "Step forward").click()
        page.wait_for_function("first => backscope.t > first", arg=FIRST)
        expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        page.get_by_label("Open a file").or_(page.locator("input[type=file]")).first.set_input_files(
            {"name": "x.safetensors", "mimeType": "application/octet-stream", "buffer": b"no checkpoint"}
        )
        expect(page.get_by_text("invalid checkpoint")).to_be_visible()
        page.goto("about:blank")
    pages.said[:] = [said for said in pages.said if "checkpoints" not in said]  # that refusal
