"""One client asks the server for all, and gives no answer that does not count any more."""

from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.without_chart
CLIENT = """async (work) => {
  const [{ createClient }, { createStore }, { KEYS }, { Lost, Refused }] = await Promise.all(
    ["ask/client", "state/store", "features", "ask/connection"].map((name) => import(`/static/${name}.js`)));
  const store = createStore(KEYS, { listing: { run: 1 }, moment: { t: 7 } });
  const asked = [];
  let reply = null;
  const ask = createClient(store, (...question) => {
    asked.push(question);
    return new Promise((resolve, reject) => { reply = { resolve, reject }; });
  });
  const tools = { store, ask, asked, reply: () => reply, Lost, Refused };
  const answer = await new Function("tools", `return (${work})(tools)`)(tools);
  return answer?.refused ? { refused: answer.refused.message } : answer;
}"""


def client(page: Page, work: str) -> Any:
    """What comes of a function of the client and what surrounds it."""
    return page.evaluate(CLIENT, work)


def test_a_question_is_asked_of_the_moment_that_is_shown_unless_another_is_named(page: Page):
    work = """async ({ ask, asked, reply }) => {
      const first = ask({ question: "evaluate", most: 3 });
      reply().resolve("found");
      const second = ask({ question: "examples" }, { t: 0 });
      reply().resolve("points");
      return [asked, await first, await second];
    }"""
    assert client(page, work) == [
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
def test_an_answer_counts_as_long_as_what_it_is_about(page: Page, meanwhile: str, of: str, counts: bool):
    work = f"""async ({{ store, ask, reply }}) => {{
      const coming = ask({{ question: "evaluate" }}, {{ of: "{of}" }});
      {meanwhile};
      reply().resolve("found");
      return coming;
    }}"""
    assert client(page, work) == ({"found": "found"} if counts else None)


def test_an_answer_does_not_count_where_nobody_wants_it_any_more(page: Page):
    work = """async ({ ask, reply }) => {
      let wanted = true;
      const coming = ask({ question: "evaluate" }, { while: () => wanted });
      wanted = false;
      reply().resolve("found");
      return coming;
    }"""
    assert client(page, work) is None


def test_a_refusal_is_an_answer_and_a_lost_line_is_none(page: Page):
    refused = "reply().reject(new Refused({ refused: \"unknown tensor: 'x'\" }))"
    for rejects, expected in [(refused, {"refused": "unknown tensor: 'x'"}), ("reply().reject(new Lost())", None)]:
        work = f"""async ({{ ask, reply, Lost, Refused }}) => {{
          const coming = ask({{ question: "tensors" }});
          {rejects};
          return coming;
        }}"""
        assert client(page, work) == expected


def test_an_answer_that_comes_too_late_is_none(page: Page):
    work = """async ({ ask, reply }) => {
      const coming = ask({ question: "evaluate" }, { within: 10 });
      const answer = await coming;
      reply().resolve("found");
      return answer;
    }"""
    assert client(page, work) is None
