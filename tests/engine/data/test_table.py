"""Tables of any notation are read as Python's csv reads them, and what is wrong is refused by its row and column."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Refusal
from engine.data.notation import MISSING, SEPARATORS
from engine.data.table import COLUMNS, ROWS, read

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 4))
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff"), min_size=1, max_size=8)
WORDS = TEXTS.map(str.strip).filter(lambda text: text.lower() not in MISSING and not any(map(str.isdigit, text)))


def number(text: str) -> bool:
    try:
        return np.isfinite(float(text))
    except ValueError:
        return False


PLAIN = WORDS.filter(lambda text: not number(text))


@st.composite
def tables(draw) -> tuple[list[str], list[list[float | str | None]]]:
    """Names of columns, and rows in which each column has numbers or texts, and some cells are missing."""
    kinds = draw(st.lists(st.sampled_from([NUMBERS, PLAIN]), min_size=2, max_size=6))
    names = [f"{draw(PLAIN)}{i}." for i in range(len(kinds))]
    row = st.tuples(*(kind | st.none() for kind in kinds)).map(list)
    return names, draw(st.lists(row, min_size=1, max_size=12).filter(lambda rows: any(map(any, rows))))


def written(names, rows, separator, decimal=".", quoting=csv.QUOTE_MINIMAL, end="\r\n") -> str:
    def cell(value):
        return f"{value}".replace(".", decimal) if isinstance(value, float) else "" if value is None else value

    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=end)
    writer.writerows([*([names] if names else []), *([cell(value) for value in row] for row in rows)])
    return out.getvalue()


@given(
    tables(), st.sampled_from(SEPARATORS), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_the_cells_are_those_that_csv_reads(table, separator, quoting, end, encoding):
    text = written(table[0], table[1], separator, quoting=quoting, end=end)
    found = read(text.encode(encoding), separator, header=True)
    names, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    assert [*found.columns] == [name.strip() for name in names]
    for i, column in enumerate(found.columns.values()):
        cells = [row[i].strip() for row in rows]
        assert column.missing.tolist() == [cell.lower() in MISSING for cell in cells]
        present = [cell for cell in cells if cell.lower() not in MISSING]
        if all(map(number, present)):
            assert column.numbers[~column.missing].tolist() == [*map(float, present)]
        else:
            labels, codes = column.labels
            assert [labels[code] for code in codes if code >= 0] == present


@given(st.lists(st.tuples(NUMBERS, NUMBERS, PLAIN), min_size=3, max_size=12), st.sampled_from([";", "\t", "|"]))
@settings(max_examples=60, deadline=None)
def test_a_decimal_comma_is_found(rows, separator):
    rows = [[value + 0.5 for value in row[:2]] + ["word"] for row in rows]
    point, comma = (read(written(["a", "b", "c"], rows, separator, sign).encode()) for sign in ".,")
    assert (point.notation.decimal, comma.notation.decimal) == (".", ",")
    for name in "ab":
        assert point.columns[name].numbers.tolist() == comma.columns[name].numbers.tolist()


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("header", [True, False])
def test_the_notation_is_found(separator, decimal, header):
    rows = [[1.5, -2.25, "red"], [3.0, 4.5, "green, or so"], [None, 6.125, "blue; not"]]
    found = read(written(["length", "width", "colour"] if header else None, rows, separator, decimal).encode())
    assert (found.notation.separator, found.notation.decimal, found.notation.header) == (separator, decimal, header)
    assert [*found.columns] == (["length", "width", "colour"] if header else ["x1", "x2", "x3"])
    first, second, third = found.columns.values()
    assert first.numbers[:2].tolist() == [1.5, 3] and first.missing.tolist() == [False, False, True]
    assert second.numbers.tolist() == [-2.25, 4.5, 6.125]
    assert third.labels[0] == ("blue; not", "green, or so", "red")


def test_thousands_are_grouped_in_either_notation():
    assert read(b'a,b\n"1,234.5",1\n"12,345,678",2\n').columns["a"].numbers.tolist() == [1234.5, 12345678]
    assert read(b"a;b\n1.234,5;1\n12.345.678;2\n").columns["a"].numbers.tolist() == [1234.5, 12345678]


def test_a_column_that_ends_in_texts_is_one_of_texts_to_its_beginning():
    rows = b"".join(b"%d,%d\n" % (i, i % 3) for i in range(9000))
    found = read(b"a,b\n" + rows + b"1,none of them\n")
    assert not found.columns["a"].is_text
    assert found.columns["b"].labels[0] == ("0", "1", "2", "none of them")
    assert found.columns["b"].odd == 9000 and found.rows[9000] == 9002


def test_names_are_unlike_and_an_empty_column_at_the_end_is_none():
    assert [*read(b"a;a;;b;\n1;2;3;4;\n5;6;7;8;\n").columns] == ["a", "a (2)", "x3", "b"]


def test_a_cell_with_lines_in_it_is_one_cell():
    assert read(b'a,b\n"1\n2",3\n').columns["a"].texts == ("1\n2",)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it has no rows"),
        (b"a,b\n1,2\n\n3\n", "row 4 (it has 1 cells, the first row has 2)"),
        (b"\x89PNG\r\n\0\0", "it is no text"),
        (b",".join([b"1"] * (COLUMNS + 1)), f"at most {COLUMNS} columns"),
        (b"1,2\n" * (ROWS + 1), f"at most {ROWS:,} rows"),
        (b'a,b\n1,"' + b"x" * 200_000, "a row that can be read"),
    ],
)
def test_what_is_wrong_is_told(data, says):
    with pytest.raises(Refusal) as refused:
        read(data)
    assert says in str(refused.value)


def test_as_many_rows_and_columns_as_there_may_be_are_read():
    assert len(read(b"a,b\n" + b"1,2\n" * ROWS).rows) == ROWS
    assert len(read(b",".join([b"1"] * COLUMNS)).columns) == COLUMNS


@given(st.binary(max_size=200) | st.text("01.,;\t|\"'\n\r ax-_e+\x00", max_size=200).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_table_or_are_refused(data):
    try:
        found = read(data)
    except Refusal:
        return
    for column in found.columns.values():
        assert len(column.codes if column.is_text else column.numbers) == len(found.rows)
        assert len(column.labels[1]) == len(column.missing) == len(found.rows)
        assert [column.cell(i) == "" for i in range(len(found.rows))] == column.missing.tolist()
