"""The page's files as they travel: packed with what they import, without comments."""

from graphlib import CycleError
from pathlib import Path

import httpx
import pytest
from rjsmin import jsmin

from server.app import STATIC
from server.assets import Assets
from server.notebook.document import SCRIPT, WIDGET
from server.packing import MAIN, MAINS, Packing
from tests.helpers.node import answers
from tests.helpers.serving import serving

WRITTEN = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js")}
# Whether two texts are the same program, by the parser that Node has within itself.
SAME = """
import { createRequire } from "node:module";
const { parse } = createRequire(import.meta.url)("internal/deps/acorn/acorn/dist/acorn");
const without = (name, value) => (name === "start" || name === "end" ? undefined : value);
const tree = (text) => JSON.stringify(parse(text, { ecmaVersion: "latest", sourceType: "module" }), without);
const answer = ([one, other]) => tree(one) === tree(other);
"""


def same(pairs: list[tuple[str, str]]) -> list[bool]:
    return answers(SAME, pairs, "--expose-internals")


@pytest.fixture(scope="module")
def served() -> dict[str, str]:
    """Each script that a page fetches, as it travels."""
    version, packing = Assets(STATIC).version, Packing(STATIC)
    fetched = sorted({*MAINS}.union(*map(packing.later, WRITTEN)))
    with serving() as running, httpx.Client(base_url=f"{running.address}static/v-{version}/") as client:
        answered = {path: client.get(path) for path in fetched}
        assert {each.headers["content-encoding"] for each in answered.values()} == {"gzip"}
        return {path: each.text for path, each in answered.items()}


def test_a_script_travels_as_the_same_program(served: dict[str, str]):
    """A template within a template must have no spaces of its own, or this fails: the library takes them away."""
    packing = Packing(STATIC)
    written = {path: packing.script(path) for path in served}
    whole = packing.whole(SCRIPT)  # of a page in a notebook
    packed = {path for path in WRITTEN if any(f'keepModule("{path}"' in text for text in (*written.values(), whole))}
    apart = {WIDGET.relative_to(STATIC).as_posix(), *(path for path in WRITTEN if Path(path).name == "types.js")}
    assert packed == WRITTEN - apart  # which travels as it is written, and which have types alone
    found = same([*((written[path], served[path]) for path in served), (whole, jsmin(whole))])
    assert [path for path, each in zip([*served, SCRIPT], found, strict=True) if not each] == []
    assert len(served[MAIN]) < 0.8 * len(written[MAIN])


def test_programs_that_differ_in_a_template_are_not_the_same():
    assert same([("f(`a  ${b}`)", "f(`a ${b}`)"), ("f( `a  ${b}` ) // c", "f(`a  ${b}`)")]) == [False, True]


def test_what_every_page_needs_are_the_declarations_of_its_features_and_not_the_panels_that_are_opened(
    served: dict[str, str],
):
    kept = {path for path in WRITTEN if f'keepModule("{path}"' in served[MAIN]}
    assert {"main.js", "network/panel.js", "learned/feature.js", "inspector/matrix/view.js"} <= kept
    assert not {"learned/panel.js", "pad/panel.js", "inspector/matrix/panel.js"} & kept
    assert not {"learned/fit.js", "pad/ink.js", "inspector/matrix/words.js"} & kept
    for path in kept:
        assert served[MAIN].count(f'keepModule("{path}"') == 1
        assert f'keepModule("{path}"' not in served["pad/panel.js"]
    assert 'keepModule("pad/ink.js"' in served["pad/panel.js"]


MODULES = {
    "main.js": """import { add, COUNT as ten } from "./base/add.js";
import * as all from "./base/add.js";
import "./base/effect.js";
globalThis.said.push(ten, Object.keys(all).sort().join(), add(1));
globalThis.said.push(new URL("./x.css", import.meta.url).pathname.slice(-6));
globalThis.later = () => import("./late/one.js");
""",
    "base/add.js": """/** @import { None } from "../none.js" */
import {
  one,
  two as second,
} from "./deep.js";

export const COUNT = 10;
export const [LOW, HIGH] = [1, 2];
export function add(x) {
  return x + one + second;
}
export async function wait() {}
export function* each() {}
export class Kept {}
""",
    "base/deep.js": 'globalThis.said.push("deep");\nexport const one = 1;\nexport const two = 2;\n',
    "base/effect.js": 'import { one } from "./deep.js";\nglobalThis.said.push("effect", one);\n',
    "late/one.js": """import { add } from "../base/add.js";
import { shared } from "./shared.js";
export const [three, url] = [add(0), import.meta.url.slice(-11)];
export const two = () => import("./two.js");
shared.push(1);
""",
    "late/two.js": 'import { shared } from "./shared.js";\nexport const found = shared;\n',
    "late/shared.js": "export const shared = [0];\n",
}
PLAYED = """
globalThis.said = [];
const answer = async (address) => {
  await import(address);
  const late = await globalThis.later();
  const { found } = await late.two();
  return [said, late.three, late.url, Object.keys(late).sort(), found];
};
"""


def test_packed_modules_do_what_they_do_as_they_are_written_and_each_is_run_once(tmp_path: Path):
    for folder in ("plain", "packed"):
        for path, text in MODULES.items():
            file = tmp_path / folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text if folder == "plain" else Packing(tmp_path / "plain").packed(path) or "")
    for folder in ("plain", "packed"):
        (tmp_path / folder / "package.json").write_text('{"type": "module"}')
    (tmp_path / "packed" / "whole.js").write_text(Packing(tmp_path / "plain").whole("main.js"))
    (plain,) = answers(PLAYED, [(tmp_path / "plain" / "main.js").as_uri()])
    (packed,) = answers(PLAYED, [(tmp_path / "packed" / "main.js").as_uri()])
    assert packed == plain
    (in_one,) = answers(PLAYED, [(tmp_path / "packed" / "whole.js").as_uri()])
    assert in_one == plain
    assert plain[0] == ["deep", "effect", 1, 10, "COUNT,HIGH,Kept,LOW,add,each,wait", 4, "/x.css"]
    assert plain[1:] == [3, "late/one.js", ["three", "two", "url"], [0, 1]]


@pytest.mark.parametrize("line", ["export default 1;", 'export * from "./a.js";', "export let x = 1;", "export { x };"])
def test_an_export_of_a_form_that_is_not_packed_is_told(tmp_path: Path, line: str):
    (tmp_path / "main.js").write_text(f"const y = 1;\n{line}\n")
    with pytest.raises(ValueError, match=r"main\.js: export"):
        Packing(tmp_path).script("main.js")


def test_modules_that_import_each_other_are_told(tmp_path: Path):
    for one, other in ("ab", "ba"):
        (tmp_path / f"{one}.js").write_text(f'import {{ {other} }} from "./{other}.js";\nexport const {one} = 1;\n')
    with pytest.raises(CycleError):
        Packing(tmp_path).modules("a.js")


def test_one_sheet_has_those_that_its_scripts_add_later_with_addresses_of_the_folder(tmp_path: Path):
    (tmp_path / "late").mkdir()
    (tmp_path / "main.js").write_text('export const late = () => import("./late/panel.js");\n')
    (tmp_path / "late" / "panel.js").write_text('export const style = new URL("./style.css", import.meta.url);\n')
    (tmp_path / "late" / "style.css").write_text('b { src: url("../fonts/b.woff2"); }\n')
    (tmp_path / "main.css").write_text("a { color: red; }\n")
    expected = 'a { color: red; }\nb { src: url("./fonts/b.woff2"); }\n'
    assert Packing(tmp_path).whole_sheet("main.css", "main.js") == expected


def test_a_style_sheet_travels_with_those_that_it_imports_in_their_order(tmp_path: Path):
    (tmp_path / "style").mkdir()
    (tmp_path / "main.css").write_text('/* all */\n@import "./style/one.css";\n@import "./two.css";\n')
    (tmp_path / "style" / "one.css").write_text('a { src: url("../fonts/a.woff2"); }\n')
    (tmp_path / "two.css").write_text("b { color: red; }\n")
    assert Packing(tmp_path).packed("main.css") == 'a{src:url("./fonts/a.woff2")}b{color:red}'
