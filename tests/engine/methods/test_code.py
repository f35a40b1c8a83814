"""The source code on the page is the code that runs, letter by letter, with the names of tensors marked."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from engine.run.program import MicroStep, program
from server.protocol.code import highlighted, textbook
from server.protocol.listing import micro_step
from tests.helpers.browsing import words
from tests.helpers.experiments import EXPERIMENTS
from tests.helpers.networks import experiment

STEPS = {step.equation.name: step for chosen in EXPERIMENTS for step in program(chosen)}
each_equation = pytest.mark.parametrize("step", STEPS.values(), ids=STEPS.keys())
XOR = {step.equation.name: step for step in program(experiment((4, "tanh"), (1, "sigmoid")))}


class Spans(HTMLParser):
    """Collects the text, and of each marked piece its text, kind and tensors."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.marked, self.open = "", list[tuple[str, str, str]](), list[dict[str, str]]()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "span"
        self.open.append({name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.open:
            self.marked.append((data, self.open[-1].get("class", ""), self.open[-1].get("data-tensor", "")))


def marked(step: MicroStep) -> dict[str, str]:
    """The tensors by the names in the source that stand for them."""
    return {text: tensors for text, _, tensors in Spans(highlighted(step)).marked if tensors}


@each_equation
def test_the_highlighted_text_is_the_exact_source(step):
    html = highlighted(step)
    assert Spans(html).text == step.equation.source
    assert unescape(re.sub(r"<[^>]+>", "", html)) == step.equation.source
    assert micro_step(step)["code"] == html


@each_equation
def test_the_highlighted_textbook_lines_are_exact_and_mark_just_the_tensors_in_them(step):
    for columns, code in ((False, step.textbook), (True, step.textbook_in_columns)):
        spans = Spans(textbook(step, columns))
        assert spans.text == code
        found = {tensors for _, _, tensors in spans.marked if tensors}
        assert found == {name for name in (*step.reads, *step.writes) if re.search(rf"(?<![.\w\"]){name}\b", code)}
        assert step.writes[0] in found


@each_equation
def test_every_comment_of_the_source_is_in_the_catalogues(step):
    for name, text in re.findall(r'data-comment="([^"]+)">([^<]*)<', highlighted(step)):
        assert f"# {words('en')[f'comment.{name}']}" == unescape(text)
        assert words("zh")[f"comment.{name}"] != words("en")[f"comment.{name}"]


@each_equation
def test_every_tensor_that_the_source_names_is_marked_and_no_other(step):
    by_name = dict(step.arguments)
    found = marked(step)
    for name, tensors in found.items():
        assert tensors.split() == [
            tensor for argument, tensor in dict.fromkeys(step.arguments) if argument == name
        ] or (name == "out" and tensors == step.writes[0])
    code = re.sub(r"#.*|\".*?\"", "", step.equation.source)  # without comments and texts
    used = {name for name in by_name if re.search(rf"(?<![.\w]){name}\b(?!=)", code)}
    assert used <= found.keys()
    assert {*step.reads} <= {tensor for tensors in found.values() for tensor in tensors.split()}


def test_names_are_marked_with_the_tensors_of_this_network():
    assert marked(XOR["affine"]) == {"a": "a1", "W": "W2", "b": "b2", "z": "z2", "out": "z2"}
    assert marked(XOR["weight_gradient"]) == {"delta": "delta1", "a": "a0", "out": "dW1"}
    assert marked(XOR["gradient_descent"]) == {
        "w": "b2", "learning_rate": "learning_rate", "g": "db2", "u": "ub2",
    }  # fmt: skip


def test_an_attribute_or_the_name_of_an_argument_is_no_tensor():
    affine, relu = (Spans(highlighted(step)).marked for step in (XOR["affine"], STEPS["relu"]))
    assert {text for text, _, tensors in affine if tensors == "z2"} == {"z", "out"}  # not the size of out.size
    assert [text for text, _, _ in relu if text == "out"] == ["out"]  # not the first out of out=out


def test_keywords_numbers_and_comments_have_their_kinds():
    kinds = {(text, kind) for text, kind, _ in Spans(highlighted(XOR["weight_gradient"])).marked}
    assert ("return", "keyword") in kinds
    assert ("# share is 1/m", "comment") in kinds
    assert ("0", "literal") in {(text, kind) for text, kind, _ in Spans(highlighted(STEPS["mini_batch"])).marked}
    assert ("or", "keyword") in {(text, kind) for text, kind, _ in Spans(highlighted(STEPS["mini_batch"])).marked}


def test_html_characters_are_escaped():
    (step,) = (step for step in STEPS.values() if step.equation.name == "dropout_mask")
    assert ">= share" in step.equation.source
    assert "&gt;" in highlighted(step)


@each_equation
def test_the_guard_against_subnormal_numbers_is_an_equation_of_its_own_that_is_explained(step):
    guarded = step.equation.name == "clear_tiny"
    said = [words(language)[f"equation.{step.equation.name}.says"] for language in ("en", "zh")]
    assert ["10⁻³⁰" in text for text in said] == [guarded] * 2
    assert ("1e-30" in step.equation.source) == guarded == ("128" in step.equation.source)
