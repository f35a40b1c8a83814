"""Commands on their way to the server: how many at once, which one a message answers, and when one is overdue."""

from typing import Any

from tests.helpers.node import answers

QUEUE = """
import { createQueue } from "./ask/queue.js";
const answer = (steps) => {
  const [sent, failed] = [[], []];
  const queue = createQueue((text) => sent.push(JSON.parse(text)));
  const found = steps.map(([name, ...given]) => ({
    add: (n, now) => queue.add("seek", { t: n }, { n, reject: (why) => failed.push([n, why]) }, now),
    answered: (id, now) => queue.answered({ id }, now)?.n,
    overdue: (now) => queue.isOverdue(now),
    restart: (now) => queue.restart(now),
    empty: () => queue.isEmpty(),
    giveUp: (why) => queue.giveUp(why),
  })[name](...given));
  return { sent, failed, found };
};
"""


def after(*steps: list[Any]) -> dict[str, Any]:
    """What a queue has sent and rejected after these steps, and what each of them gave."""
    (done,) = answers(QUEUE, [steps])
    return done


def test_seven_commands_are_on_their_way_and_the_next_is_sent_when_one_is_answered():
    added = [["add", n, 0] for n in range(9)]
    assert [each["t"] for each in after(*added)["sent"]] == [0, 1, 2, 3, 4, 5, 6]
    done = after(*added, ["answered", "3", 5])
    assert [each["t"] for each in done["sent"]] == [*range(8)]
    assert done["found"][-1] == 2  # ids count from 1
    assert done["sent"][0] == {"id": "1", "command": "seek", "t": 0}


def test_an_answer_to_an_id_that_nobody_could_read_is_the_oldests_and_an_unknown_one_is_nobodys():
    done = after(["add", 10, 0], ["add", 11, 0], ["answered", None, 1], ["answered", "ping", 1], ["answered", 2, 1])
    assert done["found"][2:] == [10, None, 11]


def test_a_command_is_overdue_after_a_minute_and_a_half_unless_its_time_is_counted_anew():
    asked = [["add", 0, 100], ["overdue", 90_100], ["overdue", 90_101]]
    assert after(*asked)["found"][1:] == [False, True]
    assert after(*asked[:1], ["restart", 50_000], *asked[2:])["found"][-1] is False


def test_all_that_is_given_up_is_rejected_whether_it_was_sent_or_not():
    done = after(*[["add", n, 0] for n in range(9)], ["giveUp", "lost"], ["empty"], ["overdue", 1e9])
    assert done["failed"] == [[n, "lost"] for n in range(9)]
    assert done["found"][-2:] == [True, False]
