"""The short form of ``make fuzz``: hostile commands and files at a real server, beside a page that steps on."""

from tests.endurance.fuzz import fuzz
from tests.helpers.serving import serving


def test_every_hostile_command_and_file_is_answered_and_nothing_of_the_servers_own_fails():
    with serving() as running:
        found = fuzz(running, 300, 60, seed=7)
        assert found.answers.total() == 360
        answered = {"frame", "listing", "answer", "refused: invalid", "tables: 200", "lessons: 200"}
        answered |= {"checkpoints: 400", "weights: 400"}
        assert answered <= found.answers.keys()
        assert found.slowest < 5
        assert found.after < found.before + 200
        assert "Traceback" not in running.words
