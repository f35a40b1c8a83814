"""Numbers on the page: no sign before what rounds to zero, and counters to their last digit."""

from playwright.sync_api import Page


def written(page: Page, function: str, *values: float) -> list[str]:
    """What a function of the page's numbers makes of each value."""
    script = """async ([name, values]) => {
      const { [name]: write } = await import("/static/base/numbers.js");
      return values.map((value) => write(value));
    }"""
    found: list[str] = page.evaluate(script, [function, list(values)])
    return found


def test_what_rounds_to_zero_has_no_sign(page):
    assert written(page, "hundredths", -0.001, -0.0049, -0.0051, -0.0, -1.25) == ["0.00", "0.00", "−0.01", "0", "−1.25"]
    assert written(page, "brief", -0.0, -1e-5, -0.001, -0.5) == ["0", "−1.0e-5".replace("-", "−"), "−0.0010", "−0.500"]
    for function in ("brief", "hundredths", "signed", "full", "exact"):
        for text in written(page, function, *(-(10.0**-power) for power in range(50)), -0.0):
            assert any(digit in text for digit in "123456789") or "−" not in text, text


def test_a_counter_is_written_to_its_last_digit(page):
    counts = [16_777_217, 33_554_432, 1_073_741_824, 2**53 - 1]
    for function in ("full", "exact"):
        assert written(page, function, *counts) == [str(each) for each in counts]
    assert written(page, "exact", 0.10000000149011612, 1e-70, 0.1) == ["0.1", "1e−70", "0.1"]
