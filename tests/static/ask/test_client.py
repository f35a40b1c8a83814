"""One client asks the server for all, and gives no answer that does not count any more."""

from typing import Any

import pytest

from tests.helpers.node import answers

CLIENT = """
globalThis.matchMedia = () => ({ matches: false, addEventListener() {} });
const [{ createClient }, { createStore }, { KEYS }, { Lost, Refused }] = await Promise.all(
  ["ask/client", "state/store", "features", "ask/connection"].map((name) => import(`./${name}.js`)));
const store = createStore(KEYS, { listing: { run: 1 }, moment: { t: 7 } });
const asked = [];
let reply = null;
const ask = createClient(store, (...question) => {
  asked.push(question);
  return new Promise((resolve, reject) => { reply = { resolve, reject }; });
});
const tools = { store, ask, asked, reply: () => reply, Lost, Refused };
const found = await (@)(tools);
const answer = () => (found?.refused ? { refused: found.refused.message } : found);
"""


def client(work: str) -> Any:
    """What comes of a function of the client and what surrounds it."""
    (found,) = answers(CLIENT.replace("@", work), [None])
    return found


def test_a_question_is_asked_of_the_moment_that_is_shown_unless_another_is_named():
    work = """async ({ ask, asked, reply }) => {
      const first = ask({ question: "evaluate", most: 3 });
      reply().resolve("found");
      const second = ask({ question: "examples" }, { t: 0 });
      reply().resolve("points");
      return [asked, await first, await second];
    }"""
    assert client(work) == [
        [["evaluate", 7, {"most": 3}], ["examples", 0, {}]],
        {"found": "found"},
        {"found": "points"},
    ]


@pytest.mark.parametrize(
    ("meanwhile", "of", "counts"),
    [
        ("store.set({ moment: { t: 8 } })", "run", True),
        ("store.set({ moment: { t: 8 } })", "moment", False),
        ("store.set({ listing: { run: 2 } })", "run", False),
        ("store.set({ words: {} })", "moment", True),
        ("store.life.end()", "run", False),
    ],
)
def test_an_answer_counts_as_long_as_what_it_is_about(meanwhile: str, of: str, counts: bool):
    work = f"""async ({{ store, ask, reply }}) => {{
      const coming = ask({{ question: "evaluate" }}, {{ of: "{of}" }});
      {meanwhile};
      reply().resolve("found");
      return coming;
    }}"""
    assert client(work) == ({"found": "found"} if counts else None)


def test_an_answer_does_not_count_where_nobody_wants_it_any_more():
    work = """async ({ ask, reply }) => {
      let wanted = true;
      const coming = ask({ question: "evaluate" }, { while: () => wanted });
      wanted = false;
      reply().resolve("found");
      return coming;
    }"""
    assert client(work) is None


def test_a_refusal_is_an_answer_and_a_lost_line_is_none():
    refused = "reply().reject(new Refused({ refused: \"unknown tensor: 'x'\" }))"
    for rejects, expected in [(refused, {"refused": "unknown tensor: 'x'"}), ("reply().reject(new Lost())", None)]:
        work = f"""async ({{ ask, reply, Lost, Refused }}) => {{
          const coming = ask({{ question: "tensors" }});
          {rejects};
          return coming;
        }}"""
        assert client(work) == expected


def test_an_answer_that_comes_too_late_is_none():
    work = """async ({ ask, reply }) => {
      const coming = ask({ question: "evaluate" }, { within: 10 });
      const answer = await coming;
      reply().resolve("found");
      return answer;
    }"""
    assert client(work) is None
