"""Numbers as people read them, and as programs read them back."""

import numpy as np
import pytest

from tests.helpers.node import answers, call

NUMBERS = "base/numbers.js"


def spread() -> list[float]:
    """Numbers of every size and sign that are float32 exactly."""
    rng = np.random.default_rng(0)
    sizes = rng.uniform(1, 10, 300) * 10.0 ** rng.integers(-30, 30, 300) * rng.choice([-1, 1], 300)
    return [float(np.float32(value)) for value in (*sizes, 0.1, 1 / 3, 16777217, 1e-45, 0.5)]


def test_a_number_for_programs_brings_the_same_float32_back_in_as_few_digits_as_that_takes():
    values = spread()
    for value, text in zip(values, call(NUMBERS, "shortest", [[value] for value in values]), strict=True):
        assert float(np.float32(text)) == value
        if value.is_integer() and abs(value) < 2**53:
            assert text == str(int(value))  # a count is whole
            continue
        digits = len(text.split("e")[0].lstrip("-0.").replace(".", "").rstrip("0"))
        fewer = [f"{value:.{count}g}" for count in range(6, digits)]
        assert all(float(np.float32(each)) != value for each in fewer), text


def test_a_short_number_is_off_by_little_and_has_a_true_minus():
    values = spread()
    for value, text in zip(values, call(NUMBERS, "brief", [[value] for value in values]), strict=True):
        assert "-" not in text
        read = float(text.replace("−", "-"))
        assert read == pytest.approx(value, rel=0.051)


@pytest.mark.parametrize("function", ["brief", "hundredths", "full", "exact"])
def test_what_has_not_been_computed_is_a_dash(function):
    assert call(NUMBERS, function, [[None]]) == ["—"]


def test_a_sign_is_said_in_any_case_but_of_nothing():
    values = [0.5, -0.5, 0, None, 2e9]
    assert call(NUMBERS, "signed", [[value] for value in values]) == ["+0.500", "−0.500", "0", "—", "+2.0e9"]
    script = 'import { signed } from "./base/numbers.js"; const answer = (text) => signed(Number(text));'
    assert answers(script, ["Infinity", "-Infinity", "NaN"]) == ["+∞", "−∞", "NaN"]


def test_a_scale_is_a_round_number_just_above():
    values = [abs(value) for value in spread() if value]
    for value, scale in zip(values, call(NUMBERS, "roundScale", [[value] for value in values]), strict=True):
        assert value <= scale * (1 + 1e-6)
        assert scale <= value * 1.67
        assert f"{scale:.1e}".split("e")[0] in {"1.0", "1.5", "2.0", "3.0", "5.0", "7.0"}


def test_without_a_number_to_go_by_the_scale_is_one():
    assert call(NUMBERS, "roundScale", [[0], [-1], [None]]) == [1, 1, 1]


def test_ticks_are_round_evenly_apart_and_told_apart():
    spans = [(0, 1, 5), (-3, 7, 4), (0.0001, 0.00031, 3), (-2e6, 5e6, 5), (1.02, 1.05, 4)]
    for (low, high, _), ticks in zip(spans, call("base/ticks.js", "ticks", spans), strict=True):
        numbers = [number for number, _ in ticks]
        texts = [text for _, text in ticks]
        assert len(ticks) >= 2
        assert all(low - 1e-9 <= number <= high + 1e-9 for number in numbers)
        assert np.allclose(np.diff(numbers), np.diff(numbers)[0])
        assert len(set(texts)) == len(texts)
        assert [float(text.replace("−", "-")) for text in texts] == pytest.approx(numbers, abs=1e-12)


def test_the_numbers_of_a_list_have_as_many_decimals_and_no_sign_before_what_rounds_to_zero():
    lists = [[-0.004, 0.81, 1], [-0.04, 12.5], [-0.4, 345.6], [1, 0, -2]]
    found = call(NUMBERS, "alike", [[each] for each in lists])
    assert found == [["0.00", "0.81", "1.00"], ["0.0", "12.5"], ["0", "346"], ["1", "0", "−2"]]


def written(function: str, *values: float) -> list[str]:
    """What a function of the page's numbers makes of each value."""
    return call(NUMBERS, function, [[value] for value in values])


def test_what_rounds_to_zero_has_no_sign():
    assert written("hundredths", -0.001, -0.0049, -0.0051, -0.0, -1.25) == ["0.00", "0.00", "−0.01", "0", "−1.25"]
    assert written("brief", -0.0, -1e-5, -0.001, -0.5) == ["0", "−1.0e-5".replace("-", "−"), "−0.0010", "−0.500"]
    for function in ("brief", "hundredths", "signed", "full", "exact"):
        for text in written(function, *(-(10.0**-power) for power in range(50)), -0.0):
            assert any(digit in text for digit in "123456789") or "−" not in text, text


def test_a_counter_is_written_to_its_last_digit():
    counts = [16_777_217, 33_554_432, 1_073_741_824, 2**53 - 1]
    for function in ("full", "exact"):
        assert written(function, *counts) == [str(each) for each in counts]
    assert written("exact", 0.10000000149011612, 1e-70, 0.1) == ["0.1", "1e−70", "0.1"]
