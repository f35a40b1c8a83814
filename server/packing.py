"""Packing: a script or a style sheet becomes one file that includes its imports. So a page begins with few requests.

A module becomes a function that gives its exports; it is called once, when another one needs it. The modules that the
page begins with are in its main script; a script that is loaded later brings those of its own that are not there yet.
Where no file can be loaded later, one script and one style sheet have all.
Imports and exports are found in the form that biome gives them.
"""

import re
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

from rcssmin import cssmin
from rjsmin import jsmin

MAIN = "main.js"
MAINS = (MAIN, "presenting/notes_page.js")  # the scripts that pages begin with
IMPORT = re.compile(
    r'^import (?:\{(?P<names>[^}]*)\} from |\* as (?P<all>\w+) from )?"(?P<path>\.[^"]+)";$', re.MULTILINE
)
EXPORT = re.compile(r"^export (?=(?:(?:async )?function\*?|const|class) (?:(\w+)|\[([^\]]+)\]))", re.MULTILINE)
LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')
UNPACKED = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
SHEET_LATER = re.compile(r'"(\.[^"]+\.css)"')
SHEET = re.compile(r'^@import "(\.[^"]+)";$', re.MULTILINE)
URL = re.compile(r'\burl\("(\.[^"]+)"\)')
TABLE = """const makers = new Map();
const made = new Map();
const root = new URL("{root}/", import.meta.url);
export const moduleLater = (path) => {later};
export function keepModule(path, make) {
  if (!makers.has(path)) makers.set(path, make);
}
export function moduleAt(path) {
  if (!made.has(path)) made.set(path, makers.get(path)(new URL(path, root).href));
  return made.get(path);
}
"""
FETCHED, THERE = "import(new URL(path, root))", "Promise.resolve(path).then(moduleAt)"


class Packing:
    """Packs the scripts and style sheets of a folder; paths are relative to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def modules(self, script: str) -> list[str]:
        """The paths of a script and of its direct and indirect imports, each after what it imports itself. Modules that
        load later are left out.

        Raises:
            CycleError: modules import each other in a circle.
        """
        graph, due = dict[str, list[str]](), [script]
        while due:
            path = due.pop()
            if path not in graph:
                graph[path] = [_beside(path, each["path"]) for each in IMPORT.finditer(self._text(path))]
                due += graph[path]
        return [*TopologicalSorter(graph).static_order()]

    def later(self, path: str) -> set[str]:
        """The paths of the scripts that a script loads later."""
        return {_beside(path, name) for name in LATER.findall(jsmin(self._text(path)))}

    def script(self, path: str) -> str:
        """A script with all the modules that it imports; one that is loaded later, without those that a page's main
        script has already.

        Raises:
            ValueError: an import or an export has a form that is not known.
        """
        there = set() if path in MAINS else self._begins_with
        packed = [self._module(each) for each in self.modules(path) if each not in there]
        home = PurePosixPath(path).parent
        if path in MAINS:
            table = TABLE.replace("{root}", relpath(".", home)).replace("{later}", FETCHED)
            return "".join([table, *packed, f'moduleAt("{path}");\n'])
        main = relpath(MAIN, home)
        names = _exports(self._text(path))
        head = f'import {{ keepModule, moduleAt, moduleLater }} from "./{main}";\n'
        return "".join([head, *packed, f'export const {{ {names} }} = moduleAt("{path}");\n'])

    def whole(self, path: str) -> str:
        """A script with all the modules that it imports at once or later, so that it needs no further one. The folder
        of all scripts is ``static`` beside the address of the document, which is where the script stands.
        """
        table = TABLE.replace("{root}", "static").replace("{later}", THERE)
        return "".join([table, *map(self._module, self._all(path)), f'moduleAt("{path}");\n'])

    def whole_sheet(self, path: str, script: str) -> str:
        """A style sheet with its imports, and those that the modules of a script add later. Addresses in it are
        relative to the folder.
        """
        later = (_beside(each, name) for each in self._all(script) for name in SHEET_LATER.findall(self._text(each)))
        return "".join(map(self._sheet_at_home, dict.fromkeys([path, *later])))

    def _sheet_at_home(self, path: str) -> str:
        """A style sheet with its imports, whose addresses are relative to the folder."""
        return URL.sub(lambda url: f'url("./{_beside(path, url[1])}")', self.sheet(path))

    def _all(self, script: str) -> list[str]:
        """The paths of a script and of all that it imports at once or later."""
        found, due = dict[str, None](), [script]
        while due:
            fresh = [each for each in self.modules(due.pop()) if each not in found]
            found |= dict.fromkeys(fresh)
            due += sorted(set().union(*map(self.later, fresh)) - {*found})
        return [*found]

    @cached_property
    def _begins_with(self) -> set[str]:
        """The modules of the main script."""
        return {*self.modules(MAIN)}

    def sheet(self, path: str) -> str:
        """A style sheet that includes its imports. The addresses in it are relative to its own place."""
        home = PurePosixPath(path).parent

        def imported(match: re.Match[str]) -> str:
            inner = _beside(path, match[1])
            address = lambda url: f'url("./{relpath(_beside(inner, url[1]), home)}")'  # noqa: E731
            return URL.sub(address, self._text(inner))

        return SHEET.sub(imported, self._text(path))

    def packed(self, path: str) -> str | None:
        """A script or a style sheet as it travels, without comments and indentation; None for another file."""
        match PurePosixPath(path).suffix:
            case ".js":
                return jsmin(self.script(path))
            case ".css":
                return cssmin(self.sheet(path))
        return None

    def _text(self, path: str) -> str:
        return (self._folder / path).read_text(encoding="utf-8")

    def _module(self, path: str) -> str:
        """A module as a function that gives its exports."""
        text = self._text(path)
        exports = _exports(text)

        def fetched(match: re.Match[str]) -> str:
            needed = f'moduleAt("{_beside(path, match["path"])}");'
            names = match["all"] or (match["names"] and f"{{{match['names'].replace(' as ', ': ')}}}")
            return f"const {names} = {needed}" if names else needed

        text = EXPORT.sub("", IMPORT.sub(fetched, text))
        if left := UNPACKED.search(text):
            raise ValueError(f"{path}: {left[0]}")
        text = LATER.sub(lambda later: f'moduleLater("{_beside(path, later[1])}")', text).replace(
            "import.meta.url", "moduleUrl"
        )
        return f'keepModule("{path}", (moduleUrl) => {{\n{text}\nreturn {{ {exports} }};\n}});\n'


def _exports(text: str) -> str:
    """The names that a module exports."""
    return ", ".join("".join(names) for names in EXPORT.findall(text))


def _beside(path: str, name: str) -> str:
    """What a relative name means in the file of this path."""
    return normpath(PurePosixPath(path).parent / name)
