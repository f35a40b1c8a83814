"""The neuron whose answer the plane shows: the choice, the pointer, the colours."""

from tests.helpers.node import WORDS, answers, call

XOR = {"sizes": [2, 3, 1], "kind": "classes"}


def test_the_choice_begins_with_the_output_and_goes_back_to_the_first_layer():
    (found,) = call("plane/neuron.js", "choicesOf", [[{"listing": XOR, "words": WORDS}]])
    assert [each["value"] for each in found] == ["2.0", "1.0", "1.1", "1.2"]
    assert [each["text"] for each in found][:2] == ["the network", "layer 1, neuron 0"]


def test_of_a_wide_layer_only_the_first_neurons_can_be_chosen():
    wide = {"sizes": [2, 500, 40], "kind": "values"}
    (found,) = call("plane/neuron.js", "choicesOf", [[{"listing": wide, "words": WORDS}]])
    assert [each["value"] for each in found] == [f"{layer}.{unit}" for layer in (2, 1) for unit in range(32)]
    assert found[31]["text"] == "output 31"


def test_the_choice_is_kept_while_the_neuron_is_there_and_else_is_the_last_output():
    wide = {"sizes": [2, 500, 40], "kind": "values"}
    cases = [(wide, None), (wide, "1.31"), (wide, "1.32"), (XOR, "1.31"), (XOR, "1.2"), (XOR, "0.1"), (XOR, "3.0")]
    found = call("plane/neuron.js", "chosenOf", [[{"plane": plane, "listing": listing}] for listing, plane in cases])
    assert found == ["2.31", "1.31", "2.31", "2.0", "1.2", "2.0", "2.0"]


def test_the_neuron_that_is_pointed_at_goes_before_the_chosen_one_but_inputs_do_not():
    hovered = [
        {"kind": "activation", "layer": 1, "unit": 2},
        {"kind": "activation", "layer": 0, "unit": 1},
        {"kind": "weight", "layer": 1, "index": [0, 1]},
        None,
    ]
    found = call(
        "plane/neuron.js", "neuronMeant", [[{"hovered": each, "plane": "1.0", "listing": XOR}] for each in hovered]
    )
    assert found == [{"layer": 1, "unit": 2}, *[{"layer": 1, "unit": 0}] * 3]


def test_the_shares_of_classes_have_their_own_colours_and_all_else_is_seen_from_zero():
    values = [-3.0, 0.5, 2.0]
    run, hinge = ({**XOR, "segments": [{"t": 0, "levels": levels}]} for levels in ([0, 1], [-1, 1]))
    output, neuron = {"layer": 2, "unit": 0}, {"layer": 1, "unit": 0}
    of_values = run | {"kind": "values"}
    cases = [
        [run, 0, output, values],
        [hinge, 9, output, values],
        [run, 0, neuron, values],
        [of_values, 0, output, values],
    ]
    shares, sides, hidden, regression = call("plane/neuron.js", "toneOf", cases)
    assert shares == {"centre": 0.5, "reach": 0.5}
    assert sides == {"centre": 0, "reach": 1}
    assert hidden == regression == {"centre": 0, "reach": 3}


def test_each_of_several_outputs_has_the_colour_of_its_class():
    several = {"sizes": [2, 3, 4], "kind": "classes", "segments": [{"t": 0, "levels": [0, 1]}]}
    found = call("plane/neuron.js", "toneOf", [[several, 0, {"layer": 2, "unit": unit}, [0.5]] for unit in range(4)])
    assert [tone["ends"] for tone in found] == [["paper", name] for name in ("first", "second", "third", "fourth")]
    assert all((tone["centre"], tone["reach"]) == (0, 1) for tone in found)


def test_the_outputs_are_called_by_their_classes():
    named = {"sizes": [2, 3, 3], "kind": "classes", "classes": ["setosa", "versicolor", "virginica"]}
    (found,) = call("plane/neuron.js", "choicesOf", [[{"listing": named, "words": WORDS}]])
    assert [each["text"] for each in found][:4] == ["setosa", "versicolor", "virginica", "layer 1, neuron 0"]


def test_a_link_holds_a_neuron_that_the_network_has():
    source = (
        'import { neuron } from "./plane/neuron.js";\nconst answer = ([value, state]) => neuron.fits(value, state);'
    )
    values = ["2.0", "1.2", "1.3", "3.0", "1", "1.-1", 2.0, None]
    fit = answers(source, [[value, {"listing": XOR}] for value in values])
    assert fit == [True, True, False, False, False, False, False, False]
