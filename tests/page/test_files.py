"""What the page is made of: its own server's files, few of them, and nothing that the console could change."""

import json
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.helpers.browsing import (
    at,
    button,
    chooser,
    look,
    region,
    words,
)


def test_nothing_comes_from_another_host_and_the_page_is_light(pages):
    page = pages.blank(alone=True)  # with nothing cached
    asked, sockets, sizes = [], [], {}
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.on("requestfinished", lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]}))
    page.goto(pages.address)
    at(page, 0)
    page.wait_for_selector(".js-plotly-plot")
    for name in ("Spirals", "784-100-10"):
        button(page, name).click()
    page.wait_for_function("backscope.experiment.dataset.name === 'digits'")
    chooser(page, "Language").select_option("zh")
    expect(page).to_have_title(words("zh")["title"])
    button(page, words("zh")["full_speed"]).click()
    page.wait_for_function("backscope.t > 500")
    here = urlsplit(pages.address).netloc
    assert {urlsplit(url).netloc for url in (*asked, *sockets) if not url.startswith(("data:", "blob:"))} == {here}
    assert len(sockets) == 1
    assert any("plotly" in url for url in sizes)
    assert 150_000 < sum(size for url, size in sizes.items() if "plotly" not in url) < 500_000


def test_the_page_has_an_icon_and_a_title(page):
    expect(page).to_have_title("Backscope: see backpropagation")
    icon = page.locator("link[rel=icon]").get_attribute("href")
    answer = page.request.get(f"{page.url.split('#')[0]}{icon}")
    assert answer.ok
    assert "svg" in answer.headers["content-type"]
    assert page.request.get(f"{page.url.split('#')[0]}favicon.ico").ok


def test_what_backscope_tells_the_console_cannot_be_used_to_change_the_page(page):
    before = look(page)
    page.evaluate("""() => {
        backscope.experiment.seed = 99;
        backscope.listing.program.length = 0;
        backscope.tensor("W1").data.fill(0);
        backscope.marks().forEach((mark) => (mark.value = 0));
        try { backscope.t = 5; } catch {}
        try { window.backscope = null; } catch {}
    }""")
    after = look(page)
    assert json.dumps(after.experiment) == json.dumps(before.experiment)
    assert after.t == before.t
    assert set(before.marks) <= set(after.marks)  # curves may have grown meanwhile
    stats = page.evaluate("backscope.stats()")
    assert stats["frames"] > 0
    assert {"paint", "decode", "roundTrip"} <= stats.keys()


def test_the_page_does_nothing_that_its_own_policy_forbids(pages):
    page = pages.blank(alone=True)
    page.goto(pages.address)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    button(page, "Spirals").click()
    button(page, "Full speed").click()
    expect(region(page, "Loss").locator(".scatterlayer path").first).to_be_attached()
    with page.expect_download():
        region(page, "Inspector").get_by_role("tab", name="Matrix").click()
        region(page, "Inspector").get_by_role("button", name="CSV").click()
    assert pages.complaints == []
