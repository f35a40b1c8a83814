"""What the page is made of: its own server's files, few of them, and nothing that the console could change."""

import json
from urllib.parse import urlsplit

from playwright.sync_api import expect
from rcssmin import cssmin

from server.gallery import FILE
from server.packing import Packing
from tests.helpers.browsing import (
    FIRST,
    LINK_TO_XOR,
    at,
    bring,
    button,
    chooser,
    look,
    region,
    words,
)
from tests.helpers.gallery import open_example
from tests.helpers.serving import ROOT


def test_the_page_as_it_opens_is_light(pages):
    """The compressed bytes of the first three seconds without a press, plotly.js aside."""
    page, sizes = pages.blank(new=True), {}
    page.on("requestfinished", lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]}))
    page.goto(pages.address)
    at(page, FIRST)
    page.wait_for_timeout(3000)
    ours = [size for url, size in sizes.items() if "plotly" not in url]
    assert 150_000 < sum(ours) < 260_000
    assert 3 < len(ours) < 10


def test_nothing_comes_from_another_host_whatever_is_opened(pages):
    page = pages.blank(new=True)
    asked, sockets = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(f"{pages.address}{LINK_TO_XOR}")
    at(page, 0)
    page.wait_for_selector(".js-plotly-plot")
    for view in ("examples", "wishes", "column", "proof", "matrix"):
        bring(page, view)
    for name in ("Spirals", "784-100-10"):
        open_example(page, name)
    page.wait_for_function("backscope.experiment.dataset.name === 'digits'")
    chooser(page, "Language").select_option("zh")
    expect(page).to_have_title(words("zh")["title"])
    button(page, words("zh")["full_speed"]).click()
    page.wait_for_function("backscope.t > 500")
    here = urlsplit(pages.address).netloc
    assert {urlsplit(url).netloc for url in (*asked, *sockets) if not url.startswith(("data:", "blob:"))} == {here}
    assert len(sockets) == 1
    assert any("plotly" in url for url in asked)
    assert any(FILE.name in url for url in asked)


# The rules of a style sheet; a value with var() stays as it is written, so commas are written alike.
RULES = r"""text => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return [...sheet.cssRules].map(({ cssText }) => cssText.replaceAll(/,\s+/g, ","));
}"""


def test_a_style_sheet_means_the_same_without_its_comments_and_indentation(pages):
    page = pages.blank()
    packing = Packing(ROOT / "static")
    paths = [path.relative_to(ROOT / "static").as_posix() for path in sorted((ROOT / "static").rglob("*.css"))]
    assert len(paths) > 10
    for sheet in map(packing.sheet, paths):
        rules = page.evaluate(RULES, sheet)
        assert rules and page.evaluate(RULES, cssmin(sheet)) == rules


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
    page = pages.blank()
    page.goto(pages.address)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    open_example(page, "Spirals")
    button(page, "Full speed").click()
    expect(region(page, "Loss").locator(".scatterlayer path").first).to_be_attached()
    with page.expect_download():
        region(page, "Inspector").get_by_role("tab", name="Matrix").click()
        region(page, "Inspector").get_by_role("button", name="CSV").click()
    assert pages.complaints == []
