"""Weights of other programs open by the file chooser: what was found is shown, corrected and confirmed, and the run
computes what NumPy computes with the file's arrays.
"""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine.experiment.presets import PRESETS
from tests.helpers.axe import violations
from tests.helpers.browsing import at, button, look, now, resized, say, words
from tests.helpers.files import choose
from tests.helpers.interruption import lost
from tests.helpers.weights import NAMINGS, Network, network, npz, safetensors
from tests.helpers.words import chinese, foreign

pytestmark = [pytest.mark.without_chart, pytest.mark.same_page]

XOR = PRESETS["xor"]
MADE = network((2, 6, 4, 1), NAMINGS["sequential"], normed=(0,), seed=3)
ACTIVATIONS = ["tanh", "relu", "sigmoid"]


def form(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Weights of", exact=False)


def control(page: Page, name: str) -> Locator:
    return form(page).get_by_label(name, exact=True)


def chosen(page: Page, tmp_path: Path, data: bytes, name: str = "model.safetensors") -> Locator:
    path = tmp_path / name
    path.write_bytes(data)
    choose(page, path)
    expect(form(page)).to_be_visible()
    return form(page)


def submit(page: Page) -> None:
    form(page).get_by_role("button", name="Open as a run").click()


def confirm(page: Page) -> None:
    form(page).get_by_label("The activations and the loss are those").check()
    submit(page)


def begun(page: Page) -> None:
    page.wait_for_function("window.backscope?.experiment?.start")
    at(page, 0)


def computes(page: Page, made: Network, activations: list[str]) -> None:
    """Go to the end of the forward pass and compare what is on the screen with what NumPy computes."""
    page.locator("h1").click()
    last = f"a{len(activations)}"
    while page.evaluate("name => !backscope.tensor(name)", last):
        t = now(page)
        page.keyboard.press("ArrowRight")
        page.wait_for_function("t => backscope.t > t", arg=t)
    moment = look(page)
    for layer, true in enumerate(made.forward(moment.tensors["a0"], activations), 1):
        np.testing.assert_allclose(moment.tensors[f"a{layer}"], true, atol=1e-5)
    marks = [mark for mark in moment.marks if mark.tensor == last]
    assert marks
    for mark in marks:
        assert mark.value == pytest.approx(true[mark.index], abs=1e-5)


def test_weights_of_another_program_open_as_a_run_that_computes_what_numpy_does(page, tmp_path):
    extra = {"1.num_batches_tracked": np.array(7), "optimizer.exp_avg": np.ones((6, 2))}
    chosen(page, tmp_path, safetensors(MADE.arrays | extra, "F64"))
    expect(control(page, "Hidden 1: Weights")).to_have_value("0.weight")
    expect(control(page, "Hidden 1: Running variance")).to_have_value("1.running_var")
    expect(control(page, "Output: Biases")).to_have_value("6.bias")
    expect(control(page, "Output: Activation")).to_have_value("sigmoid")
    form(page).get_by_text("2 arrays are in no layer").click()
    expect(form(page)).to_contain_text("1.num_batches_tracked, shape 1 (a single number, such as a counter)")
    control(page, "Hidden 1: Activation").select_option("tanh")
    control(page, "Data").select_option("moons")
    confirm(page)
    expect(page.get_by_text(say("weights.done", file="model.safetensors"))).to_be_visible()
    begun(page)
    computes(page, MADE, ACTIVATIONS)


def test_suggestions_are_confirmed_before_a_file_opens(page, tmp_path):
    chosen(page, tmp_path, safetensors(MADE.arrays, "F64"))
    submit(page)
    expect(form(page).get_by_role("alert")).to_have_text(say("weights.not_sure"))
    form(page).get_by_role("button", name="Cancel").click()
    expect(form(page)).to_be_hidden()
    assert look(page).experiment["dataset"]["name"] == "xor"


def test_a_wrong_choice_is_refused_beside_its_control_with_the_shapes_and_can_be_corrected(pages, page, tmp_path):
    chosen(page, tmp_path, npz(MADE.arrays), "model.npz")
    control(page, "Hidden 2: Weights").select_option("6.weight")
    confirm(page)
    refused = "unfit array: “6.weight” (its shape is (1, 4); the layer before has 6 neurons)"
    expect(form(page).get_by_role("alert")).to_have_text(refused)
    expect(control(page, "Hidden 2: Weights")).to_have_attribute("aria-invalid", "true")
    control(page, "Hidden 2: Weights").select_option("3.weight")
    expect(form(page).get_by_role("alert")).to_have_count(0)
    control(page, "Hidden 1: Activation").select_option("tanh")
    submit(page)
    begun(page)
    computes(page, MADE, ACTIVATIONS)
    pages.said[:] = [text for text in pages.said if "400" not in text]


def test_matrices_with_a_column_a_neuron_layers_taken_out_and_put_in(page, tmp_path):
    made = network((2, 2, 2), NAMINGS["by columns"], seed=5)
    chosen(page, tmp_path, npz(made.arrays), "model.npz")
    expect(form(page)).to_contain_text(say("weights.open.transposed"))
    form(page).get_by_role("button", name="Remove layer: Output").click()
    expect(control(page, "Output: Weights")).to_have_value("W1")
    form(page).get_by_role("button", name="Add a layer").click()
    expect(control(page, "Output: Weights")).to_have_value("W2")
    control(page, "Output: Biases").select_option("b2")
    for layer in ("Hidden 1", "Output"):
        control(page, f"{layer}: a column a neuron").check()
    control(page, "Hidden 1: Activation").select_option("relu")
    confirm(page)
    begun(page)
    computes(page, made, ["relu", "softmax"])


def test_a_network_without_fitting_data_says_what_is_lacking(page, tmp_path):
    made = network((5, 3), NAMINGS["own"])
    chosen(page, tmp_path, npz(made.arrays), "model.npz")
    lacking = say("weights.no_data", inputs=5, outputs=3)
    expect(form(page)).to_contain_text(lacking)
    expect(control(page, "Data")).to_be_disabled()
    expect(form(page).get_by_role("button", name="Open as a run")).to_be_disabled()


def test_data_of_the_run_that_is_shown_are_offered_where_they_fit(pages, tmp_path):
    table = {"name": "table", "x": [[0, 1, 2], [1, 2, 0], [2, 0, 1]], "y": [[1, 0], [0, 1], [1, 1]]}
    page = pages.open({"dataset": table, "layers": [{"units": 2, "activation": "identity"}]})
    made = network((3, 4, 2), NAMINGS["keras"])
    chosen(page, tmp_path, npz(made.arrays), "model.npz")
    expect(control(page, "Data")).to_have_value("table")
    expect(control(page, "Output: Activation")).to_have_value("identity")
    confirm(page)
    begun(page)
    computes(page, made, ["relu", "identity"])


def test_a_pickle_is_refused_with_the_lines_that_save_it_safely(pages, page, tmp_path):
    path = tmp_path / "model.pt"
    path.write_bytes(pickle.dumps({"weights": [1.0]}))
    choose(page, path)
    said = page.get_by_role("alert")
    expect(said).to_contain_text("unsupported checkpoint: model.pt (it is a pickle")
    lines = said.inner_text().removesuffix(")").split("\n")[-2:]
    assert lines == ["from safetensors.torch import save_file", 'save_file(model.state_dict(), "model.safetensors")']
    pages.said[:] = [text for text in pages.said if "400" not in text]


def test_save_keeps_the_weights_so_that_the_file_opens_at_a_server_that_never_had_them(pages, interrupted, tmp_path):
    page = interrupted.open(pages, XOR)
    chosen(page, tmp_path, safetensors(MADE.arrays, "F64"))
    control(page, "Hidden 1: Activation").select_option("tanh")
    confirm(page)
    begun(page)
    with page.expect_download() as saved:
        button(page, say("save.label")).click()
    path = tmp_path / "scene.json"
    saved.value.save_as(path)
    assert json.loads(path.read_text())["checkpoint"]
    interrupted.stop()
    expect(lost(page)).to_be_visible()
    interrupted.start()
    expect(lost(page)).to_be_hidden()
    computes(page, MADE, ACTIVATIONS)  # the page has given the weights again
    page.goto("about:blank")
    interrupted.stop()
    interrupted.start()
    other = interrupted.open(pages, XOR)
    choose(other, path)
    begun(other)
    computes(other, MADE, ACTIVATIONS)


def test_save_says_where_the_page_has_no_weights_to_keep(page, tmp_path):
    chosen(page, tmp_path, safetensors(MADE.arrays, "F64"))
    confirm(page)
    begun(page)
    page.wait_for_function("location.hash.includes('start')")
    page.reload()  # the server knows them still, the page no more
    begun(page)
    with page.expect_download() as saved:
        button(page, say("save.label")).click()
    expect(page.get_by_text(say("save.without"))).to_be_visible()
    assert "checkpoint" not in json.loads(saved.value.path().read_text())


def test_the_form_stands_in_a_phone_without_a_fault_of_accessibility_and_in_chinese(pages, tmp_path):
    page, chinese_words = chinese(pages, XOR), words("zh")
    before = foreign(page)
    path = tmp_path / "model.npz"
    path.write_bytes(npz(MADE.arrays | {"conv": np.ones((2, 2, 2))}))
    page.locator("[data-control=file]").set_input_files(path)
    dialog = page.get_by_role("dialog", name=say_in(chinese_words, "weights.title", file="model.npz"))
    expect(dialog).to_be_visible()
    names = {*MADE.arrays, "conv", "model.npz"}
    assert {text for text in foreign(page) - before if not any(name in text for name in names)} == set()
    resized(page, 390, 844)
    assert dialog.evaluate("each => each.scrollWidth <= each.clientWidth")
    assert violations(page) == []


def say_in(catalogue: dict[str, str], name: str, **blanks: str) -> str:
    return catalogue[name].format(**blanks)
