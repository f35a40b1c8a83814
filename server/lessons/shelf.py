"""The shelf: the lessons that come along, and those of a folder, which are read again as their files change."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine import Refusal
from server.lessons.prose import Plain
from server.lessons.reader import BYTES, Fault, Lesson, read
from server.lessons.source import source_of
from server.words import FALLBACK, languages

SHIPPED = Path(__file__).resolve().parent
MOST = 200  # lessons of a folder


@dataclass(frozen=True)
class Volume:
    """A lesson on the shelf: its name, its files by language, and whether it is one of the reader's own folder."""

    name: str
    files: dict[str, Path]
    own: bool

    def file(self, language: str) -> tuple[str, Path]:
        """The language, or another where it is not there in that one, and its file."""
        found = next((each for each in (language, FALLBACK) if each in self.files), next(iter(self.files)))
        return found, self.files[found]


class Shelf:
    """The lessons by their names; one of the ``folder`` takes the place of one that comes along with the same name."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._read: dict[Path, tuple[tuple[int, int], Lesson]] = {}

    def listed(self, language: str) -> list[Plain]:
        """The headings of all lessons, in their order, each with its name, its language and what is wrong in it."""
        found = []
        for name, volume in self._volumes().items():
            said_in, path = volume.file(language)
            lesson = self._lesson(path)
            plain = lesson.heading() | {
                "name": name,
                "own": volume.own,
                "language": said_in,
                "file": _shown(path, self._folder),
            }
            found.append(((lesson.order, name), plain | {"title": lesson.title or name}))
        return [plain for _, plain in sorted(found, key=lambda each: each[0])]

    def lesson(self, name: str, language: str) -> Plain | None:
        """A whole lesson; None where there is none of this name."""
        volume = self._volumes().get(name)
        if volume is None:
            return None
        said_in, path = volume.file(language)
        found = self._lesson(path).to_dict()
        return found | {"name": name, "language": said_in, "title": found["title"] or name}

    def source(self, name: str, language: str) -> Plain | None:
        """A whole lesson as it is edited, with its language; None where there is none of this name, or no text."""
        volume = self._volumes().get(name)
        if volume is None:
            return None
        said_in, path = volume.file(language)
        try:
            with path.open("rb") as file:
                text = file.read(BYTES).decode()
        except (OSError, UnicodeDecodeError):
            return None
        return {**source_of(text), "language": said_in, "own": volume.own}

    def files(self) -> Iterator[Path]:
        """The files of all lessons."""
        for volume in self._volumes().values():
            yield from volume.files.values()

    def _volumes(self) -> dict[str, Volume]:
        own = dict(list(_found(self._folder, own=True))[:MOST]) if self._folder else {}
        return dict(_found(SHIPPED, own=False)) | own

    def _lesson(self, path: Path) -> Lesson:
        """The lesson of a file, read once as long as the file is as it was."""
        try:
            stat = path.stat()
            state = stat.st_mtime_ns, stat.st_size
            if self._read.get(path, (None,))[0] != state:
                with path.open("rb") as file:
                    self._read[path] = state, read_bytes(file.read(BYTES + 1))
            return self._read[path][1]
        except OSError as error:
            refusal = Refusal("invalid", "", "lesson", path.name, str(error.strerror or error), "unreadable")
            return Lesson(faults=[Fault(1, refusal)])


def read_bytes(data: bytes) -> Lesson:
    """The lesson of a file's bytes."""
    try:
        return read(data.decode())
    except UnicodeDecodeError as error:
        if len(data) > BYTES:
            return read(data.decode(errors="replace"))  # which refuses its size
        line = data[: error.start].count(b"\n") + 1
        return Lesson(faults=[Fault(line, Refusal("invalid", "", "lesson", "", "text in UTF-8", "utf8"))])


def _found(folder: Path, own: bool) -> Iterator[tuple[str, Volume]]:
    """The lessons of a folder: files ``<name>/<language>.md``, ``<name>.<language>.md``, and ``<name>.md`` in any."""
    found: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_dir():
            files = {each: path / f"{each}.md" for each in languages() if (path / f"{each}.md").is_file()}
            found.setdefault(path.name, {}).update(files)
        elif path.suffix == ".md":
            name, _, language = path.stem.rpartition(".")
            name, language = (name, language) if name and language in languages() else (path.stem, FALLBACK)
            found.setdefault(name, {})[language] = path
    for name, files in found.items():
        if files:
            yield name, Volume(name, files, own)


def _shown(path: Path, folder: Path | None) -> str:
    """A file's name as people know it, within its folder."""
    return path.relative_to(folder if folder and path.is_relative_to(folder) else SHIPPED).as_posix()
