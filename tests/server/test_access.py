"""Who may speak with the server: names and origins that mean the same are the same, and strangers are refused."""

from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from server.access import authority, origin
from tests.helpers.serving import Running, serving

OPTIONS = ("--allow-host", "class.example", "--allow-origin", "https://Lessons.Example", "--forwarded-allow-ips", "")
TRUSTING = ("--forwarded-allow-ips", "127.0.0.0/8")


@pytest.fixture(scope="module")
def door() -> Iterator[Running]:
    """A server that knows another name and another origin, and trusts no proxy."""
    with serving(0, *OPTIONS) as running:
        yield running


@pytest.fixture(scope="module")
def behind() -> Iterator[Running]:
    """A server that trusts a proxy on this machine."""
    with serving(0, *TRUSTING) as running:
        yield running


def port(running: Running) -> int:
    return int(running.address.rstrip("/").rsplit(":", 1)[1])


def opens(running: Running, **headers: str) -> bool:
    """Whether a websocket with these headers is accepted; where it is not, its handshake is answered with 403."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with connect(running.websocket, additional_headers=named):
            return True
    except InvalidStatus as refused:
        return refused.response.status_code != 403


def get(running: Running, host: str, path: str = "healthz") -> int:
    return httpx.get(running.address + path, headers={"Host": host}).status_code


def test_the_server_answers_under_its_own_names_in_any_writing(door):
    own = [f"{name}:{port(door)}" for name in ("127.0.0.1", "LOCALHOST", "localhost.", "[::1]", "any.localhost")]
    for host in (*own, "class.example", "Class.Example:80", "192.0.2.7"):
        assert get(door, host) == 200, host


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "class.example.evil", "a@localhost", "x y", ""]
)
def test_a_name_that_is_not_ours_opens_nothing(door, host):
    for path in ("", "healthz", "static/main.js"):
        found = httpx.get(door.address + path, headers={"Host": host})
        assert found.status_code in (400, 403), host


def test_a_long_name_is_not_repeated():
    with serving() as running:
        found = httpx.get(running.address, headers={"Host": "x" * 4000})
        assert found.status_code == 403
        assert len(found.text) < 300


def test_an_origin_that_means_the_same_is_the_same(door):
    number = port(door)
    for asking in (f"http://127.0.0.1:{number}", f"HTTP://127.0.0.1:{number}", "https://lessons.example:443"):
        assert opens(door, Origin=asking), asking
    for asking in ("http://127.0.0.1", f"http://localhost:{number}", "http://lessons.example", "null", "file://", ""):
        assert not opens(door, Origin=asking), asking


def test_an_upload_from_elsewhere_is_refused(door):
    headers = {"Origin": "http://elsewhere.example"}
    assert httpx.post(door.address + "checkpoints", content=b"x", headers=headers).status_code == 403
    assert httpx.post(door.address + "checkpoints", content=b"x").status_code == 400


def test_a_proxys_host_counts_only_where_the_proxy_is_trusted(door, behind):
    headers = {"Origin": "https://class.example", "X_Forwarded_Host": "class.example"}
    assert not opens(door, **headers)
    assert opens(behind, **headers)
    assert not opens(behind, **headers | {"Origin": "https://evil.example"})


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Example.ORG", ("example.org", None)),
        ("example.org.:80", ("example.org", 80)),
        ("[::1]:8000", ("::1", 8000)),
        ("a:b", None),
        ("[::1", None),
        ("a/b", None),
        ("user@a", None),
        (":80", None),
    ],
)
def test_an_authority_is_read_in_any_writing(text, means):
    assert authority(text) == means


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("http://A", ("http", "a", 80)),
        ("https://a:443", ("https", "a", 443)),
        ("ws://a", None),
        ("null", None),
        ("http://", None),
    ],
)
def test_an_origin_is_read_with_its_usual_port(text, means):
    assert origin(text) == means
