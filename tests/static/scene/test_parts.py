"""What a scene is written with: differences of experiments, whole numbers as letters, drawings as text."""

import json
import re
from typing import Any

import numpy as np

from engine import Experiment
from engine.experiment.presets import PRESETS
from engine.health.scenarios import SCENARIOS
from server.app import choices
from server.lessons.scene import patched
from server.trained.shipped import SHIPPED
from tests.helpers.browsing import Plain
from tests.helpers.node import answers
from tests.helpers.serving import ROOT


def run(module: str, work: str, given: Any = None) -> Any:
    """What a function of (module, given) makes of a module of the page."""
    source = f'import * as module from "./{module}";\nconst answer = (given) => ({work})(module, given);\n'
    (found,) = answers(source, [given])
    return found


def some_plain(rng: np.random.Generator, depth: int = 3) -> Any:
    """A plain value without null."""
    kind = rng.integers(0, 6 if depth else 4)
    if kind == 4:
        return [some_plain(rng, depth - 1) for _ in range(rng.integers(0, 4))]
    if kind == 5:
        return {name: some_plain(rng, depth - 1) for name in "abcd" if rng.random() < 0.6}
    return [int(rng.integers(0, 3)), float(rng.random()), str(rng.integers(0, 3)), bool(rng.random() < 0.5)][kind]


def test_a_difference_is_a_merge_patch_and_is_empty_only_between_equals():
    rng = np.random.default_rng(1)
    pairs = [({"x": some_plain(rng), "y": some_plain(rng)}, {"x": some_plain(rng), "y": 1}) for _ in range(300)]
    pairs += [(one, one) for one, _ in pairs[:20]]
    found = run(
        "scene/difference.js",
        """({ difference, patched }, pairs) => pairs.map(([value, base]) => {
            const patch = difference(value, base);
            return { patch, back: patched(base, patch) };
        })""",
        pairs,
    )
    for (value, base), each in zip(pairs, found, strict=True):
        assert each["back"] == value == patched(base, each["patch"])
        assert (each["patch"] == {}) == (value == base)


def whole(plain: Plain) -> Plain:
    return Experiment.from_dict(plain, SHIPPED).to_dict()


def test_an_experiment_on_offer_is_written_as_its_name_and_one_near_it_as_what_differs():
    offers = {("preset", name): whole(plain) for name, plain in PRESETS.items()}
    offers |= {("scenario", name): whole(item["experiment"]) for name, item in SCENARIOS.items()}
    rate = {"t": 5, "learning_rate": 0.1}
    given = [
        each
        for plain in offers.values()
        for each in (plain, plain | {"seed": 77}, plain | {"changes": [*plain.get("changes", []), rate]})
    ]
    far = whole({"dataset": {"name": "moons"}, "layers": [{"units": 1, "activation": "sigmoid"}], "seed": 8})
    found = run(
        "scene/named.js",
        """({ offered, shortened, restored, nameOf }, [given, choices]) => given.map((experiment) => {
            const offers = offered(choices);
            const written = shortened(experiment, offers);
            return { written, back: restored(written, offers), name: nameOf(experiment, offers) };
        })""",
        [[*given, far], choices()],
    )
    assert [each["back"] for each in found] == [*given, far]
    for place, (kind, name) in enumerate(offers):
        same, seeded, changed = found[3 * place : 3 * place + 3]
        assert same["written"] == {kind: name}
        assert same["name"][kind] == name
        assert seeded["written"] == {kind: name, "experiment": {"seed": 77}}
        assert seeded["name"] == {"preset": None, "scenario": None}
        assert changed["written"][kind] == name
        assert changed["name"] == {"preset": None, "scenario": name if kind == "scenario" else None}
    assert found[-1]["written"] == {"experiment": far} or len(json.dumps(found[-1]["written"])) < len(json.dumps(far))


def test_whole_numbers_come_back_from_their_letters_and_nothing_else_is_read():
    numbers = [0, 1, 31, 32, 33, 1023, 1024, 5 * 10**6, *np.random.default_rng(0).integers(0, 10**6, 200).tolist()]
    signs = [0, 1, -1, 15, -16, 16, -17, 511, -512]
    broken = ["!", "g", "AAAAg", "ggggggA", "ä"]
    found = run(
        "base/digits64.js",
        """({ written, numbersOf, signed, unsigned }, [numbers, signs, broken]) => ({
            numbers: numbersOf(written(numbers)),
            lengths: signs.map((each) => written([unsigned(each)]).length),
            signs: signs.map((each) => signed(unsigned(each))),
            refused: broken.map((text) => { try { numbersOf(text); return false; } catch { return true; } }),
        })""",
        [numbers, signs, broken],
    )
    assert found["numbers"] == numbers
    assert found["signs"] == signs
    assert found["lengths"] == [1, 1, 1, 1, 1, 2, 2, 2, 2]
    assert all(found["refused"])


DRAWINGS = """({ textOf, itemsOf }, { items, broken }) => {
    const bytes = ({ picture, ...item }) => (picture ? { ...item, picture: Uint8Array.from(picture) } : item);
    const plain = ({ picture, ...item }) => (picture ? { ...item, picture: [...picture] } : item);
    const refused = (text) => { try { itemsOf(text); return false; } catch { return true; } };
    const texts = items.map((item) => textOf([bytes(item)]));
    return {
        texts,
        back: texts.flatMap((text) => itemsOf(text).map(plain)),
        together: itemsOf(textOf(items.map(bytes))).map(plain),
        nothing: [textOf([]), itemsOf("")],
        refused: broken.map(refused),
    };
}"""


def test_a_drawing_comes_back_from_its_text_bit_for_bit_and_what_is_no_drawing_is_refused():
    rng = np.random.default_rng(3)
    with np.load(ROOT / "engine" / "data" / "mnist.npz") as file:
        pictures = file["x_test"].reshape(-1, 784)[:40].tolist()
    odd = [[0] * 784, [255] * 784, rng.integers(0, 256, 784).tolist()]
    items = [{"picture": picture, "label": None if i == 5 else i % 10} for i, picture in enumerate(pictures + odd)]
    for count, width in [(1, 0.055), (2, 0.085), (150, 0.125)]:
        points = [{"x": x / 512, "y": y / 512} for x, y in rng.integers(-40, 560, (count, 2)).tolist()]
        items.append({"points": points, "width": width})
    broken = ["x", "0", "0A", "3AA", "p", "pA", "pAA", f"pLA{'A' * 10}", "0AA..0AA", "pwB" + "A" * 800, "0AA 0AA"]
    found = run("pad/drawn.js", DRAWINGS, {"items": items, "broken": broken})
    assert found["back"] == found["together"] == items
    assert found["nothing"] == ["", []]
    assert all(re.fullmatch(r"[\w-]+", text) for text in found["texts"])
    assert found["refused"] == [True] * len(broken)
    assert max(map(len, found["texts"][:40])) < 800  # MNIST's own fit into an address with room to spare
