"""The curriculum is true: each link is the page's own, what it opens exists, and what it names is there."""

import re
import time
from functools import cache
from typing import Any

import pytest

from engine import Experiment, Timeline
from server.app import choices
from server.protocol.listing import listing
from server.trained.shipped import SHIPPED
from tests.helpers.curriculum import ADDRESS, PAGE, Row, rows, text
from tests.helpers.node import WORDS, answers

Plain = dict[str, Any]
ROWS = rows()
SECONDS = 1.0  # of computing, until a link's moment is there
READ = """
globalThis.matchMedia = () => ({ matches: false, addEventListener() {} });
const { KEYS: keys } = await import("./features.js");
const { addressOf, sceneAt } = await import("./scene/address.js");
const { offered } = await import("./scene/named.js");
const { valuesOf, viewOf } = await import("./scene/view.js");
const begin = Object.fromEntries(Object.entries(keys).map(([name, { initial }]) => [name, initial]));
const scenes = ({ links, choices }) =>
  links.map((href) => sceneAt({ href, kept: null }, { keys, offers: offered(choices), state: begin }));
const shared = ({ scene, listing, href }, choices) => {
  const state = { ...begin, listing, languages: choices.languages };
  const { values, unknown, unfit } = valuesOf(scene.view, keys, state);
  const whole = { ...scene, experiment: listing.experiment, view: viewOf({ ...state, ...values }, keys) };
  return { unknown, unfit, ...addressOf(whole, { keys, offers: offered(choices), href }) };
};
"""


@cache
def scenes() -> list[Plain]:
    """What the links open, as the page reads them."""
    given = {"links": [row.link for row in ROWS], "choices": choices()}
    (found,) = answers(f"{READ}const answer = scenes;", [given])
    return list(found)


def timeline(scene: Plain) -> Timeline:
    return Timeline(Experiment.from_dict(scene["experiment"], SHIPPED))


def told(row: Row) -> str:
    return f"{row.subject}: {row.concept}"


def test_each_link_is_the_one_that_share_makes_of_a_view_that_the_page_knows():
    given = []
    for row, scene in zip(ROWS, scenes(), strict=True):
        assert scene is not None and "unknown" not in scene, told(row)
        of = listing(timeline(scene))
        known = {name: of[name] for name in ("experiment", "sizes", "kind", "tensors")}
        given.append({"scene": scene, "listing": known, "href": ADDRESS})
    source = f"{READ}const answer = ({{ each, choices }}) => each.map((item) => shared(item, choices));"
    (found,) = answers(source, [{"each": given, "choices": choices()}])
    for row, each in zip(ROWS, found, strict=True):
        assert (each["unknown"], each["unfit"], each["kept"]) == ([], [], None), told(row)
        assert each["href"] == row.link, f"{told(row)}: Share would give {each['href']}"


def test_each_moment_is_there_within_a_second_and_has_the_tensors_that_the_view_names():
    for row, scene in zip(ROWS, scenes(), strict=True):
        run = timeline(scene)
        began = time.process_time()
        state = run.seek(scene["t"])
        assert time.process_time() - began < SECONDS, told(row)
        assert run.t == scene["t"], told(row)
        named = [scene["view"].get(field) for field in ("selected", "matrix")]
        missing = {each["tensor"] for each in named if each and each["tensor"]} - state.keys()
        assert not missing, f"{told(row)}: {missing}"


def test_what_is_said_to_be_on_the_page_is_called_so_there():
    def pattern(said: str) -> str:
        return "".join(".+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]*\})", said))

    known = re.compile("|".join(pattern(said) for said in WORDS.values() if not said.startswith("{")))
    unknown = {name for row in ROWS for name in row.names if not known.fullmatch(name)}
    assert not unknown


@pytest.mark.parametrize("row", ROWS, ids=told)
def test_a_row_says_where_it_is_seen_and_counts_its_actions(row: Row):
    assert row.place
    count, _, actions = row.actions.partition(": ")
    assert int(count) == len([each for each in actions.split("; ") if each])


def test_the_head_counts_the_rows_and_no_two_links_are_the_same():
    (count,) = re.findall(r"\*\*(\d+)\*\*", text().partition("\n## ")[0])
    assert int(count) == len(ROWS), PAGE.name
    assert len({row.link for row in ROWS}) == len(ROWS)
    assert len({row.concept for row in ROWS}) == len(ROWS)
