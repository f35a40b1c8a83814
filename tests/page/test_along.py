"""What is taken along is what the page shows: its drawings, its numbers, its program, each moment of its training."""

import base64
import csv
import io
import json
import re

import numpy as np
import pytest
from playwright.sync_api import Download, Locator, Page, expect

from engine import Experiment, Timeline
from engine.experiment.presets import PRESETS
from engine.export.numpy_script import numpy_script
from tests.helpers.axe import violations
from tests.helpers.browsing import at, button, chooser, eventually, look, number_field, say
from tests.helpers.experiments import MIXED

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR, DIGITS = PRESETS["xor"], PRESETS["digits_13002"]
STEP = 18  # micro-steps of a training step of XOR
# Pictures are compared by blocks of 8 x 8 pixels, since the edges of letters are smoothed a little differently.
NEAR = {"svg+xml": 8, "png": 14}  # of 255; a PNG has twice as many pixels, which are made fewer again
# Loads `blocksOf(source, wide, high)`: their mean colours in a picture as wide as the stage, `high` blocks high.
BLOCKS = """() => { globalThis.blocksOf = (source, wide, high) => {
  const across = Math.floor(wide / 8);
  const pen = new OffscreenCanvas(8 * across, 8 * high).getContext("2d", { willReadFrequently: true });
  pen.fillStyle = getComputedStyle(document.querySelector(".backscope")).backgroundColor;
  pen.fillRect(0, 0, 8 * across, 8 * high); // a canvas may be clear where it shows the paper
  const [own, tall] = [source.displayWidth ?? source.naturalWidth ?? source.width,
    source.displayHeight ?? source.naturalHeight ?? source.height];
  pen.drawImage(source, 0, 0, wide, (tall * wide) / own);
  const { data } = pen.getImageData(0, 0, 8 * across, 8 * high);
  const sums = new Float64Array(3 * across * high);
  for (let y = 0; y < 8 * high; y++)
    for (let x = 0; x < 8 * across; x++)
      for (let c = 0; c < 3; c++)
        sums[3 * ((y >> 3) * across + (x >> 3)) + c] += data[4 * (y * 8 * across + x) + c] / 64;
  return [...sums];
}; }"""
SEEN = """(selector) => {
  const canvas = document.querySelector(selector);
  const high = Math.floor(canvas.clientHeight / 8);
  return [canvas.clientWidth, high, blocksOf(canvas, canvas.clientWidth, high)];
}"""
TAKEN = """async ([kind, bytes, wide, high]) => {
  const image = new Image();
  image.src = `data:image/${kind};base64,${bytes}`;
  await image.decode();
  return blocksOf(image, wide, high);
}"""
FRAMES = """async ([bytes, wide, high]) => {
  const data = Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0));
  const decoder = new ImageDecoder({ data, type: "image/gif" });
  await decoder.tracks.ready;
  const found = [];
  for (let frameIndex = 0; frameIndex < decoder.tracks.selectedTrack.frameCount; frameIndex++) {
    const { image } = await decoder.decode({ frameIndex });
    found.push([image.duration, blocksOf(image, wide, high)]);
    image.close();
  }
  return found;
}"""

PLAYED = """async ([bytes, wide, high, count, rate]) => {
  const film = document.createElement("video");
  document.body.className = "backscope";
  document.body.append(film);
  film.src = `data:video/webm;base64,${bytes}`;
  await new Promise((there) => film.addEventListener("loadeddata", there, { once: true }));
  const found = [];
  for (let i = 0; i < count; i++) {
    film.currentTime = (i + 0.5) / rate;
    await new Promise((there) => film.addEventListener("seeked", there, { once: true }));
    const frame = new OffscreenCanvas(film.videoWidth, film.videoHeight);
    frame.getContext("2d").drawImage(film, 0, 0);
    found.push(blocksOf(frame, wide, high));
  }
  return [film.duration, found];
}"""


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog", name=say("along.title"), exact=True)


def opened(page: Page) -> Locator:
    """The panel, which is opened where it is not open."""
    if not panel(page).is_visible():
        button(page, say("take_along")).click()
    expect(panel(page)).to_be_visible()
    return panel(page)


def closed(page: Page) -> None:
    panel(page).get_by_role("button", name=say("along.close")).click()
    expect(panel(page)).to_be_hidden()


def saved(page: Page, name: str) -> tuple[Download, bytes]:
    """The file that a button of the panel saves."""
    with page.expect_download() as download:
        opened(page).get_by_role("button", name=name, exact=True).click()
    return download.value, download.value.path().read_bytes()


def picture(page: Page, kind: str, name: str = "Network") -> bytes:
    return saved(page, say("along.take_as", name=name, kind=kind))[1]


def seen(page: Page, selector: str = "canvas.scene") -> tuple[int, int, np.ndarray]:
    """How wide a canvas of the page is, how many blocks high, and their colours."""
    page.evaluate(BLOCKS)
    wide, high, blocks = page.evaluate(SEEN, selector)
    return wide, high, np.array(blocks, float)


def off(page: Page, kind: str, data: bytes, selector: str = "canvas.scene", share: float = 0.99) -> float:
    """How far the colours of a picture's blocks are off those of a canvas, at most in this share of them."""
    wide, high, blocks = seen(page, selector)
    taken = page.evaluate(TAKEN, [kind, base64.b64encode(data).decode(), wide, high])
    return float(np.quantile(np.abs(np.array(taken, float) - blocks), share))


def agrees(page: Page, kind: str, name: str, selector: str) -> None:
    """Wait until a picture is what a canvas shows, whose answers may come a little later than the moment."""
    form = {"SVG": "svg+xml", "PNG": "png"}[kind]

    def same() -> bool:
        data = picture(page, kind, name)
        closed(page)
        return off(page, form, data, selector) < NEAR[form]

    eventually(same)


# Pictures.


@pytest.mark.parametrize(
    ("form", "t"), [(XOR, 14), (XOR, 3), (MIXED, 40), (DIGITS, 25)], ids=["backward", "forward", "mixed", "digits"]
)
def test_the_stage_as_svg_and_png_is_what_its_canvas_shows(pages, form, t):
    page = pages.open(form, t)
    svg, png = picture(page, "SVG"), picture(page, "PNG")
    closed(page)
    assert off(page, "svg+xml", svg) < NEAR["svg+xml"]
    assert off(page, "png", png) < NEAR["png"]
    pages.go(page, form, 0)
    assert off(page, "svg+xml", svg) > 2 * NEAR["svg+xml"]  # the comparison tells moments apart


def test_the_stage_is_vectors_with_its_texts_and_outlines_what_is_chosen(pages):
    page = pages.open(XOR, 14)
    before = picture(page, "SVG").decode()
    closed(page)
    weights = [f"w {mark.value:.3g}".replace("-", "−") for mark in look(page, "weight").marks]
    assert len(weights) == 12
    assert sum(weight in before for weight in weights) > 6  # the others are drawn with fewer digits, or not
    assert before.count("<path") > 20 and "<image" not in before
    page.locator("canvas.overlay").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    now = page.evaluate("getComputedStyle(document.querySelector('.backscope')).getPropertyValue('--now').trim()")
    after = picture(page, "SVG").decode()
    assert after.count(f'stroke="{now}"') > before.count(f'stroke="{now}"')


def test_a_picture_has_a_caption_with_the_experiment_the_moment_and_the_address(pages):
    page = pages.open(XOR, 14)
    position = page.get_by_role("status", name=say("position")).inner_text()
    svg = picture(page, "SVG").decode()
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert say("preset.xor") in texts[-3] and "2–4–1" in texts[-3]
    assert re.sub(r"\s+", " ", texts[-2]) == re.sub(r"\s+", " ", position)
    assert texts[-1].startswith("http://") and texts[-1].endswith("#preset=xor&amp;t=14")
    assert f"<title>{texts[-3]}</title>" in svg
    assert "data:font/woff2;base64," in svg or "font/woff2" in svg


def test_the_plane_is_taken_as_it_is_seen_in_dark_too(pages):
    page = pages.open(PRESETS["spirals"], 60, color_scheme="dark")
    for kind in ("SVG", "PNG"):
        agrees(page, kind, say("plane"), "[data-region=plane] canvas")


@pytest.mark.with_chart
def test_the_chart_is_taken_as_svg_and_png(pages):
    page = pages.open(XOR, 3 * STEP)
    page.wait_for_selector(".js-plotly-plot")
    svg = picture(page, "SVG", say("chart.loss")).decode()
    assert svg.count("<svg") > 1 and "training step" in svg and say("preset.xor") in svg
    assert picture(page, "PNG", say("chart.loss")).startswith(b"\x89PNG")


def test_the_loss_surface_is_taken_as_it_is_seen(pages):
    page = pages.open(XOR, 20 * STEP)
    button(page, "Loss surface").click()
    page.wait_for_function("backscope.surface?.losses.every((row) => row.every((loss) => loss !== null))")
    svg, png = picture(page, "SVG", say("stage.surface")), picture(page, "PNG", say("stage.surface"))
    profile = picture(page, "SVG", say("surface.profile"))
    closed(page)
    assert off(page, "svg+xml", profile, "canvas.surface-profile") < NEAR["svg+xml"]
    for kind, data in (("svg+xml", svg), ("png", png)):
        assert off(page, kind, data, "canvas.surface-ground", 0.8) < NEAR[kind]  # the paths are on another canvas
    assert svg.count(b"clip-path") > 2


@pytest.mark.parametrize(("name", "word", "part"), [("spirals", "plane", "points"), ("sine", "fit", "fit")])
def test_what_the_network_has_learned_is_taken_as_it_is_seen(pages, name, word, part):
    page = pages.open(PRESETS[name], 500)
    page.get_by_role("tab", name=say("stage.learned"), exact=True).click()
    page.wait_for_function("backscope.marks().some(({ kind }) => kind === 'confusion' || kind === 'fit')")
    agrees(page, "SVG", say(f"learned.{word}"), f"[data-part={part}] canvas")


# Programs.


def test_the_program_is_that_of_the_run_for_as_many_steps_as_are_chosen(pages):
    page = pages.open(XOR, 7 * STEP)
    opened(page)
    expect(number_field(page, say("along.steps"))).to_have_value("7")
    number_field(page, say("along.steps")).fill("12")
    file, data = saved(page, say("along.numpy"))
    assert file.suggested_filename == "backscope-xor.py"
    assert data.decode() == numpy_script(Experiment.from_dict(page.evaluate("backscope.experiment")), 12).text
    file, data = saved(page, say("along.notebook"))
    assert file.suggested_filename == "backscope-xor.ipynb"
    assert json.loads(data)["nbformat"] == 4


def test_what_has_no_form_in_pytorch_is_told_beside_the_button_and_the_run_goes_on(pages):
    form = XOR | {"changes": [{"t": 2 * STEP, "optimizer": {"name": "adam", "learning_rate": 0.01}}]}
    page = pages.open(form, 5 * STEP)
    opened(page).get_by_role("button", name=say("along.pytorch"), exact=True).click()
    expect(panel(page).get_by_role("alert").filter(has_text="one module does not change")).to_be_visible()
    number_field(page, say("along.steps")).fill("2")
    _, data = saved(page, say("along.pytorch"))
    assert "class Network(nn.Module):" in data.decode()
    expect(panel(page).get_by_role("alert").filter(has_text="module")).to_have_count(0)


def test_a_number_of_steps_that_is_none_is_told_and_nothing_is_asked(pages):
    page = pages.open(XOR, 0)
    opened(page)
    for wrong in ("0", "", "1000000"):
        number_field(page, say("along.steps")).fill(wrong)
        panel(page).get_by_role("button", name=say("along.numpy"), exact=True).click()
        expect(panel(page).get_by_role("alert").first).to_have_text(say("along.whole", low="1", high="100,000"))


def test_the_digits_come_from_the_server(pages):
    page = pages.open(DIGITS, 0)
    _, data = saved(page, say("along.numpy"))
    assert b'np.load("mnist.npz")' in data
    link = panel(page).get_by_role("link", name="mnist.npz")
    with page.expect_download() as download:
        link.click()
    with np.load(download.value.path()) as file:
        assert file["x_train"].shape[0] == 60_000


# Tables.


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode())))


def table(page: Page, name: str) -> list[list[str]]:
    chooser(page, say("along.table")).select_option(name)
    return rows(saved(page, say("along.csv"))[1])


def test_the_losses_come_as_a_table_with_all_their_digits(pages):
    page = pages.open(XOR, 0)
    for t in range(STEP, 4 * STEP, STEP):
        page.keyboard.press("Shift+ArrowRight")
        at(page, t)
    opened(page)
    head, *lines = table(page, "loss")
    assert head[:3] == ["t", "training_step", "mini_batch.loss"]
    timeline = Timeline(Experiment.from_dict(XOR))
    found = {int(line[0]): float(line[2]) for line in lines if line[2]}
    assert len(found) == 3
    assert found == {t: float(timeline.seek(t + STEP)["loss"]) for t in found}  # each at the beginning of its step


def test_every_tensor_of_the_moment_comes_whole_as_a_table(pages):
    page = pages.open(DIGITS, 25)
    opened(page)
    state = Timeline(Experiment.from_dict(DIGITS)).seek(25)
    head, *lines = table(page, "W1")
    assert len(head) == 784 and len(lines) == 16
    assert np.array_equal(np.array(lines, np.float32), state["W1"])


# A stretch of training.


def filmed(page: Page, kind: str, first: int, last: int) -> bytes:
    """A film of the network with a frame for each micro-step, four a second."""
    opened(page)
    number_field(page, say("along.movie.from")).fill(str(first))
    number_field(page, say("along.movie.to")).fill(str(last))
    number_field(page, say("along.movie.rate")).fill("4")
    chooser(page, say("along.movie.grain")).select_option("equation")
    file, data = saved(page, say(f"along.{kind}"))
    assert file.suggested_filename == f"backscope-xor-t5-network-{first}-{last}.{kind}"
    at(page, 5)  # where it was before
    closed(page)
    return data


def nearest(pages, page: Page, t: int, frames: list[list[float]]) -> tuple[int, float]:
    """Which frame is nearest to the moment t as the page shows it, and how far off its colours are."""
    pages.go(page, XOR, t)
    shown = seen(page)[2]
    far = [float(np.abs(shown - np.array(frame)).mean()) for frame in frames]
    return int(np.argmin(far)), min(far)


def test_each_frame_of_a_gif_is_the_moment_that_was_sought_for_it(pages):
    page = pages.open(XOR, 5)
    data = filmed(page, "gif", 1, 9)
    wide, high, _ = seen(page)
    frames = page.evaluate(FRAMES, [base64.b64encode(data).decode(), wide, high])
    assert [duration for duration, _ in frames] == [250_000] * 9
    for t in (2, 6, 9):
        place, off_by = nearest(pages, page, t, [blocks for _, blocks in frames])
        assert place == t - 1
        assert off_by < 0.5


def test_each_frame_of_a_webm_is_the_moment_that_was_sought_for_it(pages):
    page = pages.open(XOR, 5, color_scheme="dark")
    data = filmed(page, "webm", 1, 9)
    wide, high, _ = seen(page)
    player = pages.blank(fresh=True)  # a page whose policy has films
    player.evaluate(BLOCKS)
    length, frames = player.evaluate(PLAYED, [base64.b64encode(data).decode(), wide, high, 9, 4])
    assert length == pytest.approx(9 / 4)
    for t in (2, 6, 9):
        place, off_by = nearest(pages, page, t, frames)
        assert place == t - 1
        assert off_by < 2


def test_a_stretch_that_cannot_be_is_told(pages):
    page = pages.open(XOR, 5)
    opened(page)
    alerts = panel(page).get_by_role("alert")
    for first, last, text in (
        ("9", "1", say("along.movie.order")),
        ("0", "100000", "At most 300 frames"),
        ("0", "x", ""),
    ):
        number_field(page, say("along.movie.from")).fill(first)
        if last.isdigit():
            number_field(page, say("along.movie.to")).fill(last)
        else:
            number_field(page, say("along.movie.to")).fill("")
        panel(page).get_by_role("button", name=say("along.gif"), exact=True).click()
        expect(alerts.filter(has_text=text or "a whole number from 0")).to_be_visible()


# On paper.


def test_what_is_printed_is_a_light_page_of_its_own(pages):
    page = pages.open(MIXED, 40, color_scheme="dark", fresh=True)
    page.evaluate("window.print = () => {}")  # a dialog of the browser, which a test cannot answer
    position = page.get_by_role("status", name=say("position")).inner_text()
    opened(page).get_by_role("button", name=say("along.print.now"), exact=True).click()
    sheet = page.locator(".printed")
    expect(sheet).to_have_count(1)
    expect(sheet).to_be_hidden()
    page.emulate_media(media="print")
    expect(sheet).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    text = re.sub(r"\s+", " ", sheet.inner_text())
    assert re.sub(r"\s+", " ", position) in text
    for said in ("Adam", "0.01", "5 tanh, batch norm, dropout 0.3", "sigmoid", say("loss.binary_cross_entropy")):
        assert said in text
    assert sheet.locator("math").count() == 1
    light = sheet.locator("figure svg rect").first.get_attribute("fill")
    assert light == "#ffffff"
    assert page.pdf().startswith(b"%PDF")
    expect(sheet).to_have_count(0)  # the printing is done
    page.emulate_media(media="screen")
    expect(page.locator(".backscope")).to_have_attribute("data-theme", "dark")


# The panel.


def test_the_panel_has_a_name_for_everything_and_leaves_the_keys_of_the_run_alone(pages):
    page = pages.open(XOR, 14)
    opened(page)
    assert violations(page, ".along") == []
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    assert page.evaluate("backscope.t") == 14
    expect(button(page, say("take_along"))).to_be_focused()


def test_the_lanes_of_the_laboratory_and_their_losses_are_taken_too(pages):
    page = pages.open(XOR, 3 * STEP)
    button(page, say("fork")).click()
    page.wait_for_function("backscope.lanes.length === 2 && backscope.lanes.every(({ t }) => t === backscope.t)")
    for name in ("A", "B"):
        svg = picture(page, "SVG", say("lane.region", name=name)).decode()
        assert svg.count("<path") > 20
    assert table(page, "lanes")[0] == ["lane", "training_steps", "loss"]
    assert {line[0] for line in table(page, "lanes")[1:]} == {"A", "B"}


def test_the_confusion_matrix_comes_as_a_table(pages):
    page = pages.open(XOR, 3 * STEP)
    page.get_by_role("tab", name=say("stage.learned"), exact=True).click()
    page.wait_for_function("backscope.marks().filter(({ kind }) => kind === 'confusion').length === 4")
    cells = look(page, "confusion").marks
    opened(page)
    head, *lines = table(page, "confusion")
    assert head == ["class", "0", "1"]
    assert [float(cell) for line in lines for cell in line[1:]] == [mark.value for mark in cells]
