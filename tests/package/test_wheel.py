"""A wheel in a fresh environment is the whole of Backscope, wherever it is begun."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from websockets.sync.client import connect

from server.protocol.frame import decode
from tests.helpers.networks import plain
from tests.helpers.serving import ROOT

pytestmark = pytest.mark.timeout(600)  # seconds: packages come over the network

XOR = plain((4, "tanh"), (1, "sigmoid"))
NOBODY = 65534
BASE_MB, MOST_MB = 130, 300  # of the image that ours stands on, as it lies on a disk; and of ours


def run(*command: str | Path, **options: object) -> None:
    subprocess.run([*map(str, command)], check=True, **options)  # type: ignore[call-overload]


@contextmanager
def begun(*command: str | Path, **options: object) -> Iterator[str]:
    """The address that a command says."""
    process = subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True, **options)  # type: ignore[call-overload]
    try:
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        yield found[0]
    finally:
        process.terminate()
        process.wait(10)


def is_whole(address: str, **options: object) -> None:
    """The page is there with its files, and trains."""
    client = httpx.Client(follow_redirects=True)
    page = client.get(address)
    assert page.status_code == 200
    home = re.sub(r"\?.*", "", address)
    (module,) = set(re.findall(r'src="(static/v-[0-9a-f]+/main.js)"', page.text))
    for path in (module, "plotly.min.js", "static/fonts/inter.woff2"):
        assert client.get(home + path).status_code == 200
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    with connect(home.replace("http", "ws", 1) + "ws", additional_headers={"Cookie": cookies}) as websocket:
        for command in ({"command": "start", "experiment": XOR}, {"command": "seek", "t": 14}):
            websocket.send(json.dumps({"id": 1} | command))
            answer = websocket.recv(timeout=30)
        assert isinstance(answer, bytes)
        assert decode(answer)[1]["t"] == "14"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
    (found,) = folder.glob("backscope-*.whl")
    return found


def test_a_wheel_in_a_fresh_environment_serves_the_page_and_has_its_command(wheel, tmp_path):
    run(sys.executable, "-m", "venv", tmp_path / "fresh")
    programs = tmp_path / "fresh" / "bin"
    run(programs / "pip", "install", "--quiet", wheel)
    run(programs / "backscope", "--help", cwd=tmp_path, stdout=subprocess.DEVNULL)
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    with begun(programs / "backscope", "--port", "0", "--no-browser", cwd=tmp_path, env=environment) as address:
        is_whole(address)


def stranger() -> tuple[str, dict[str, int]]:
    """A Python that somebody who owns nothing may run, and how a process becomes that somebody."""
    become = {} if os.getuid() else {"user": NOBODY, "group": NOBODY}
    for candidate in (sys.executable, *(f"/usr/{place}python3" for place in ("local/bin/", "bin/"))):
        with suppress(OSError, subprocess.CalledProcessError):
            run(candidate, "-c", "import sys; sys.exit(sys.version_info < (3, 11))", **become)
            return candidate, become
    raise AssertionError("there is no Python that everybody may run: install it (on Debian, the package python3)")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with what they say, one after the other."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    pairs = (line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#"))
    return [(name, " ".join(rest.split())) for name, rest in pairs]


@pytest.fixture
def readable() -> Iterator[Path]:
    """A folder that everybody may read, which the folders of pytest are not."""
    with TemporaryDirectory(prefix="backscope-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_the_image_is_small_and_runs_as_nobody_on_what_it_cannot_write_to(readable):
    """Where no container engine is at hand, its root is built by the same steps, beside the machine's own Python."""
    python, become = stranger()
    places = {place: str(readable / place.strip("/")) for place in ("/source", "/wheel", "/opt/backscope")}

    def here(text: str) -> str:
        for place, found in places.items():
            text = re.sub(rf"(?<![\w.]){place}\b", found, text)
        return re.sub(r"\bpip\b", f"{sys.executable} -m pip --python {python}", text, count=1)

    environment = {**os.environ, "PYTHONPATH": ""}
    kept: dict[str, str] = {}
    for name, says in instructions():
        if name == "COPY":
            (readable / "source").symlink_to(ROOT)
        elif name == "RUN":
            run("bash", "-c", here(re.sub(r"--mount=\S+ ", "", says)), env=environment, stdout=subprocess.DEVNULL)
        elif name == "ENV":
            kept |= dict(pair.split("=", 1) for pair in here(says).split())
        elif name == "HEALTHCHECK":
            healthy = json.loads(says.partition("CMD ")[2])
        elif name == "ENTRYPOINT":
            entry = json.loads(says)
        elif name == "USER":
            assert int(says) > 0
    size = sum(path.lstat().st_size for path in Path(places["/opt/backscope"]).rglob("*")) / 1e6
    assert BASE_MB + size < MOST_MB
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    kept |= {"PORT": port}
    program, *options = entry
    command = (python, Path(places["/opt/backscope"]) / "bin" / program, *options)
    healthy[0] = python
    with begun(*command, env=kept, cwd="/", **become) as address:
        assert f":{port}/?token=" in address
        is_whole(address)
        deadline = time.monotonic() + 5
        while subprocess.run(healthy, env=kept).returncode and time.monotonic() < deadline:
            time.sleep(0.1)
        run(*healthy, env=kept)
    assert subprocess.run(healthy, env=kept).returncode == 1
