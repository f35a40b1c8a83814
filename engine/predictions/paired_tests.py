"""Two tests of equal kinds, to be taken before and after a course: ten items, each a kind and a prediction's seed."""

TESTS: dict[str, tuple[tuple[str, int], ...]] = {
    "before": (
        ("largest_wish", 68),
        ("longest_arrow", 54),
        ("arrow_sign", 46),
        ("smallest_factor", 6),
        ("cancelling_paths", 5),
        ("slope_gate", 61),
        ("wrong_and_flat", 42),
        ("heaviest_example", 79),
        ("follows_arrow", 19),
        ("smallest_layer", 53),
    ),
    "after": (
        ("largest_wish", 70),
        ("longest_arrow", 19),
        ("arrow_sign", 56),
        ("smallest_factor", 7),
        ("cancelling_paths", 30),
        ("slope_gate", 18),
        ("wrong_and_flat", 70),
        ("heaviest_example", 17),
        ("follows_arrow", 29),
        ("smallest_layer", 79),
    ),
}
