"""One's own data on the page: what of a table is kept, what columns are taken for, and points that are painted."""

import json

from tests.helpers.node import answers, call

COLUMNS = [
    {"name": "length", "text": False, "kind": "values"},
    {"name": "width", "text": False, "kind": "values"},
    {"name": "colour", "text": True, "kind": "classes"},
    {"name": "species", "text": True, "kind": "classes"},
]
FORM = {"content": "abc", "target": "species", "kind": "classes", "held_out": 0.25}


def test_the_inputs_are_all_columns_of_numbers_beside_the_target():
    assert call("own/preview.js", "inputsOf", [[COLUMNS, FORM]]) == [["length", "width"]]
    assert call("own/preview.js", "inputsOf", [[COLUMNS, FORM | {"target": "width"}]]) == [["length"]]


def test_an_input_that_is_left_out_is_said_and_one_that_is_taken_in_again_is_not():
    (without,) = call("own/preview.js", "withInput", [[COLUMNS, FORM, "width", False]])
    assert without == FORM | {"inputs": ["length"]}
    assert call("own/preview.js", "withInput", [[COLUMNS, without, "width", True]]) == [FORM]


def test_another_target_brings_its_kind_and_the_usual_inputs():
    (found,) = call("own/preview.js", "withTarget", [[COLUMNS, FORM | {"inputs": ["length"]}, "width"]])
    assert found == FORM | {"target": "width", "kind": "values"}


def test_of_the_tables_the_newest_are_kept_for_which_there_is_room():
    tables = [["a", {"text": "x" * 40}], ["b", {"text": "x" * 50}], ["c", {"text": "x" * 20}], ["d", {"text": "x" * 9}]]
    assert call("own/tables.js", "fitting", [[tables, 100]]) == [tables[:2]]


def test_text_is_read_in_the_encoding_that_it_has():
    source = 'import { textOf } from "./own/text.js";\nconst answer = (bytes) => textOf(Uint8Array.from(bytes).buffer);'
    text = "größe;Länge\n1,5;€\n"
    encodings = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]
    big = b"\xfe\xff" + text.encode("utf-16-be")
    assert answers(source, [[*text.encode(each)] for each in encodings] + [[*big]]) == [text] * 5


def test_a_stroke_puts_points_down_at_even_distances():
    path = [[{"x": 0, "y": 0}, {"x": 0.2, "y": 0}], [{"x": 0, "y": 0}, {"x": 0, "y": 0.01}]]
    far, near = call("own/points.js", "placesOn", path)
    assert [round(each["x"], 6) for each in far] == [0.06, 0.12, 0.18]
    assert near == []


def test_points_stay_on_the_plane_and_the_eraser_takes_those_near_it():
    source = """
    import { countsOf, withPoint, without } from "./own/points.js";
    const put = (points, [x, y, label]) => withPoint(points, { x, y }, label);
    const answer = ([given, at]) => {
      const points = given.reduce(put, []);
      return { points, left: without(points, { x: at[0], y: at[1] }), counts: countsOf(points) };
    };
    """
    (found,) = answers(source, [[[[0.12345, 2, 0], [0.5, 0.5, 3], [0.55, 0.5, 1]], [0.5, 0.5]]])
    assert found["points"][0] == {"x": 0.123, "y": 1, "label": 0}
    assert found["left"] == found["points"][:1]
    assert found["counts"] == [1, 1, 0, 1]


def test_painted_points_are_a_table_and_come_back_from_it():
    points = [{"x": -0.25, "y": 0.5, "label": 0}, {"x": 1, "y": -1, "label": 3}]
    (text,) = call("own/points.js", "textOf", [[points]])
    assert text == "x,y,class\n-0.25,0.5,A\n1,-1,D\n"
    others = ["", "a,b\n1,2\n", "x,y,class\n7,0,A\n", "x,y,class\n0,0,E\n", "x,y,class\n0,zero,A\n", None]
    back, *none = call("own/points.js", "pointsOf", [[each] for each in (text, *others)])
    assert back == points
    assert none == [[]] * len(others)


def test_what_was_painted_can_be_undone_stroke_by_stroke():
    source = """
    import { createHistory } from "./own/points.js";
    const answer = (strokes) => {
      const history = createHistory(["first"]);
      const seen = [];
      for (const stroke of strokes) {
        history.begin();
        for (const each of stroke) history.set([...history.points, each]);
      }
      while (history.canUndo) {
        history.undo();
        seen.push(history.points.length);
      }
      return seen;
    };
    """
    assert answers(source, [[["a", "b"], [], ["c"]]]) == [[3, 1]]


def test_the_names_of_outputs_are_those_of_their_classes_and_of_a_single_one_the_second():
    named = {"kind": "classes", "classes": ["no", "yes"], "columns": ["age"]}
    single, two = named | {"sizes": [1, 3, 1]}, named | {"sizes": [1, 3, 2]}
    values = {"kind": "values", "target": "price", "sizes": [1, 3, 1]}
    found = call("base/called.js", "outputNames", [[single], [two], [values], [{"kind": "classes", "sizes": [2, 1]}]])
    assert found == [["yes"], ["no", "yes"], ["price"], []]
    cells = [[single, 0, 0], [single, 2, 0], [two, 2, 0], [single, 1, 0], [named | {"sizes": [3, 1]}, 0, 2]]
    assert call("base/called.js", "nameOf", cells) == ["age", "yes", "no", None, None]
    digits = {"kind": "classes", "classes": [*"0123456789"], "columns": [], "sizes": [784, 10]}
    assert call("base/called.js", "nameOf", [[digits, 1, 4], [digits, 0, 4]]) == [None, None]


def test_a_scenes_file_has_the_table_of_its_experiment():
    scene, table = {"experiment": {"dataset": {}}, "t": 3, "view": {}}, {"name": "a.csv", "text": "a,b\n"}
    without, having = map(json.loads, call("scene/file.js", "textOf", [[scene], [scene, {"data": table}]]))
    assert "data" not in without
    assert having == without | {"data": table}
