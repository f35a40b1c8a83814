"""Imports go in one direction only, and no file names a machine."""

import ast
import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import engine

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = sorted(path for room in ("backscope", "engine", "server", "terminal") for path in (ROOT / room).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
EQUATIONS = (
    "activations", "augmentation", "equations", "losses", "normalization", "optimizers", "regularization", "schedules",
)  # fmt: skip
# The rooms of the engine, each with those that it may stand on.
ENGINE = {
    "base": set[str](),
    "methods": {"base"},
    "data": {"base"},
    "experiment": {"base", "methods", "data"},
    "run": {"base", "methods", "data", "experiment"},
    "evaluate": {"base", "methods", "data", "experiment", "run"},
    "explain": {"base", "methods", "data", "experiment", "run"},
    "surface": {"base", "methods", "data", "experiment", "run"},
    "maps": {"base", "methods", "data", "experiment", "run"},
    "health": {"base", "methods", "data", "experiment", "run", "evaluate", "explain"},
    "digits": {"base", "methods", "data", "experiment", "run", "evaluate"},
    "marking": {"base", "methods", "experiment"},
    "recorded": {"base", "methods", "data", "experiment", "run", "marking"},
    "predictions": {"base", "methods", "data", "experiment", "run", "evaluate", "explain"},
    "until": {"base", "methods", "data", "experiment", "run", "evaluate", "explain", "health"},
    "export": {"base", "methods", "data", "experiment", "run"},
}
# The rooms of the page, each with those that it may stand on; the host file stands on all.
STATIC = {
    "base": set[str](),
    "state": {"base"},
    "ask": {"base"},
    "draw": {"base"},
    "tensor": {"base", "draw"},
    "transport": {"base", "state", "ask", "scene", "tensor"},
    "network": {"base", "ask", "draw", "tensor"},
    "caption": {"base", "ask", "tensor", "transport"},
    "card": {"base", "ask", "draw", "tensor", "network", "inspector"},
    "charts": {"base", "state", "ask"},
    "health": {"base", "state", "ask"},
    "setup": {"base", "ask", "draw", "scene"},
    "lab": {"base", "ask", "charts", "draw", "inspector", "network", "scene", "setup", "state", "transport"},
    "learned": {"base", "ask", "draw"},
    "own": {"base", "ask", "draw", "setup"},
    "surface": {"base", "ask", "draw", "lab"},
    "map": {"base", "ask"},
    "plane": {"base", "ask", "draw"},
    "pad": {"base", "ask", "draw", "tensor", "learned", "setup"},
    "writing": {"base", "ask", "scene", "tensor"},
    "lessons": {"base", "ask", "caption", "page", "scene", "tensor", "writing"},
    "glossary": {"base", "caption", "inspector", "lessons", "page", "scene", "tensor"},
    "practice": {"base", "lessons", "scene"},
    "inspector": {"base", "ask", "draw", "tensor", "transport", "network"},
    "scene": {"base", "ask", "tensor"},
    "weights": {"base", "ask", "setup"},
    "page": {"base", "state", "ask", "scene"},
    "stories": {"base", "scene"},
    "until": {"base", "ask", "pad", "tensor", "transport"},
    "gallery": {"base", "draw", "charts", "scene"},
    "projector": {"base"},
    "presenting": {"base", "lessons", "page"},
    "spoken": {"base", "tensor", "transport", "network"},
    "along": {"base", "ask", "scene", "tensor", "transport"},
    "notebook": {"base", "ask", "page", "mount.js"},
}
NOT_OURS = re.compile(r"\.(?!ci$).*|.*\.egg-info|build|dist|node_modules|__pycache__")
IMPORT = re.compile(
    r"""^\s*import\b[^;"'()]*["'](.+?)["']|^\s*export\s*[*{][^;"'()]*["'](.+?)["']|\bimport\(\s*["'](.+?)["']""",
    re.MULTILINE,
)

# What belongs to the whole page, and the host file alone may know.
HOSTS = re.compile(
    r"\b(?:window|location|history|localStorage|sessionStorage)\.|\bdocument\.(?:body|documentElement|title)\b"
    r"|(?<![.\w])(?:add|remove)EventListener\("
)
HOST = ("static/main.js", "static/presenting/windows.js", "static/presenting/notes_page.js", "static/notebook/frame.js")
OF_OTHERS = "static/notebook/widget.js"  # which stands in a notebook's own page, where there is no mount
# What goes on until it is ended, and so is begun through the life of a mount. A line ends by being closed, and a file
# that has been saved is forgotten soon after.
LASTING = re.compile(
    r"\b(?:setTimeout|setInterval|requestAnimationFrame)\(|\bnew (?:Resize|Mutation|Intersection)Observer\b"
)
TIMED = ("static/base/life.js", "static/base/download.js", "static/ask/connection.js")


def code(path: Path) -> str:
    """A script without its comments."""
    return re.sub(r"/\*[\s\S]*?\*/|^\s*//.*|\s//\s.*", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


@cache
def modules(path: Path) -> set[str]:
    """The modules that a Python file imports, by their full names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports by a relative name"
            inside = (ROOT / (node.module or "").replace(".", "/")).is_dir()
            found |= {f"{node.module}.{alias.name}" if inside else str(node.module) for alias in node.names}
    return found


def rooms(path: Path) -> set[str]:
    return {name.split(".")[0] for name in modules(path)} - set(sys.stdlib_module_names)


def scripts(path: Path) -> set[Path]:
    """The files that a JavaScript module imports."""
    found = IMPORT.findall(path.read_text(encoding="utf-8"))
    return {(path.parent / "".join(forms)).resolve() for forms in found}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def uses(pattern: re.Pattern[str], allowed: tuple[str, ...]) -> dict[str, list[str]]:
    """What matches in the code of scripts, by the scripts' names, but for those that may have it."""
    found = {named(path): pattern.findall(code(path)) for path in SCRIPTS if named(path) not in allowed}
    return {name: matches for name, matches in found.items() if matches}


def inside(room: str) -> list[Path]:
    """The Python files of a room of the repository."""
    return [path for path in PYTHON if named(path).startswith(f"{room}/")]


def texts() -> Iterator[tuple[str, str]]:
    """Every text file of the repository with its name, but for this one."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if not NOT_OURS.fullmatch(name)]
        for path in (Path(folder) / name for name in files):
            data = path.read_bytes()
            if path != Path(__file__) and b"\0" not in data:
                yield named(path), data.decode()


def test_the_engine_needs_numpy_and_nothing_of_the_server_the_web_or_json():
    for path in inside("engine"):
        assert rooms(path) <= {"engine", "numpy", "threadpoolctl"}, named(path)
        assert not modules(path) & {"json", "socket", "asyncio", "http"}, named(path)


def test_the_server_knows_nothing_of_the_terminal():
    assert [named(path) for path in inside("server") if "terminal" in rooms(path)] == []


def test_the_terminal_needs_the_engine_the_codecs_of_files_numpy_and_a_progress_bar():
    trained = {"server.trained.recipes", "server.trained.shipped"}
    for path in inside("terminal"):
        assert rooms(path) <= {"backscope", "engine", "numpy", "server", "terminal", "tqdm"}, named(path)
        of_the_server = {name for name in modules(path) if name.startswith("server")}
        command = {"server.__main__.main", "server.__main__", "server.checkpoints.codec", "server.tables.codec"}
        command |= {"server.weights.start"}
        assert of_the_server <= command | trained, named(path)


def test_what_is_loaded_beside_ones_own_training_needs_numpy_alone():
    assert inside("backscope")
    for path in inside("backscope"):
        later = {"server"} if named(path) == "backscope/__init__.py" else set()  # for `show`, when it is first used
        assert rooms(path) <= {"backscope", "numpy", *later}, named(path)
    code = "import sys, backscope; print(*{name.partition('.')[0] for name in sys.modules} & {'engine', 'server'})"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True).stdout == "\n"


def test_the_process_of_a_homework_loads_neither_engine_nor_server():
    for name in ("child", "guard", "returned"):
        path = ROOT / "terminal" / "homework" / f"{name}.py"
        assert rooms(path) <= {"numpy", "terminal"}, named(path)
        ours = {each for each in modules(path) if each.startswith("terminal")}
        assert ours <= {f"terminal.homework.{each}" for each in ("guard", "returned")} | {
            "terminal.homework.guard.guard", "terminal.homework.guard.limit", "terminal.homework.returned.returned",
        }, named(path)  # fmt: skip


def test_no_test_module_imports_another():
    imported = {(named(path), name) for path in TESTS for name in modules(path) if name.split(".")[0] == "tests"}
    assert {name.split(".")[1] for _, name in imported} == {"endurance", "helpers"}
    assert not {(path, name) for path, name in imported if ".test_" in name or name.endswith(".conftest")}


@pytest.mark.parametrize("room", ENGINE)
def test_a_room_of_the_engine_stands_only_on_those_before_it(room):
    assert {path.name for path in (ROOT / "engine").iterdir() if path.is_dir() and path.name != "__pycache__"} == {
        *ENGINE
    }
    for path in (ROOT / "engine" / room).rglob("*.py"):
        stands_on = {name.split(".")[1] for name in modules(path) if name.startswith("engine.")}
        assert stands_on <= ENGINE[room] | {room}, f"{named(path)} stands on {stands_on}"


@pytest.mark.parametrize("name", EQUATIONS)
def test_the_files_shown_to_readers_import_numpy_and_each_other_only(name):
    allowed = {"collections.abc", "dataclasses", "functools", "numpy", "engine.base.settings"}
    allowed |= {f"engine.methods.{each}" for each in ("activations", "equation", "equations", "pictures")}
    assert modules(ROOT / "engine" / "methods" / f"{name}.py") <= allowed


def test_nothing_but_who_serves_it_imports_the_application():
    imports_it = [named(path) for path in PYTHON if any(name.startswith("server.app") for name in modules(path))]
    assert imports_it == [f"server/{name}.py" for name in ("notebook/application", "notebook/document", "workers")]


def test_a_script_imports_files_that_are_there_and_never_the_main_one():
    imported = {(named(path), script) for path in SCRIPTS for script in scripts(path)}
    assert len(imported) > 100
    for path, script in imported:
        assert script.is_file(), (path, script)
        assert script.name != "main.js", path


@pytest.mark.parametrize("room", STATIC)
def test_a_room_of_the_page_stands_only_on_those_it_may(room):
    for path in (ROOT / "static" / room).rglob("*.js"):
        stands_on = {script.relative_to(ROOT / "static").parts[0] for script in scripts(path)}
        assert stands_on <= STATIC[room] | {room}, f"{named(path)} stands on {stands_on}"


def test_every_script_but_the_host_file_what_it_mounts_and_the_list_of_features_lies_in_a_room():
    folders = {path.relative_to(ROOT / "static").parts[0] for path in SCRIPTS}
    assert folders == {*STATIC, "features.js", "main.js", "mount.js"}


def test_a_script_that_is_not_the_host_knows_no_window_no_address_and_no_storage():
    """A file that needs one of them is given it, so that several mounts can live in a page."""
    assert uses(HOSTS, (*HOST, OF_OTHERS)) == {}


def test_timers_and_observers_of_a_script_end_with_the_life_of_its_mount():
    assert uses(LASTING, (*TIMED, OF_OTHERS)) == {}


def test_what_a_host_alone_may_know_and_what_lasts_are_found_in_scripts():
    assert {*uses(HOSTS, ())} >= {*HOST}
    assert {*uses(LASTING, ())} >= {*TIMED}


def test_the_imports_of_scripts_are_found_in_every_form(tmp_path):
    script = tmp_path / "one.js"
    script.write_text(
        'import { a,\n  b } from "./two.js";\nimport "./three.js";\nexport * from "./four.js";\n'
        "const five = await import('./five.js');\nexport function from(x) { return \"./six.js\"; }\n"
    )
    assert {path.name for path in scripts(script)} == {"two.js", "three.js", "four.js", "five.js"}


def test_the_example_in_the_engines_docstring_runs():
    assert doctest.testmod(engine) == (0, 4)


def test_no_file_names_a_package_registry_or_a_path_of_a_machine():
    registries = [".".join(parts) for parts in (["pypi", "org"], ["registry", "npmjs"], ["deb", "debian", "org"])]
    registries.append("".join(["python", "hosted"]))
    folders = [re.escape(f"{folder}/") for folder in {ROOT, ROOT.parent, Path.home()} - {Path("/")}]
    homes = [r"(?<![\w.-])/(?:home|Users)/\w+/", r"[A-Z]:\\Users\\"]
    pattern = re.compile("|".join([*map(re.escape, registries), *folders, *homes]))
    found = [f"{name}: {match[0]}" for name, text in texts() if (match := pattern.search(text))]
    assert found == []
