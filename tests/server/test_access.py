"""Who may speak with the server: names and origins that mean the same are the same, and strangers are refused."""

import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from server.access.names import authority, origin
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


@pytest.fixture(scope="module")
def classroom() -> Iterator[tuple[Running, str]]:
    """A server that other machines reach, by its address on this one, and its token."""
    with serving(0, "--host", "0.0.0.0") as running:
        found = re.search(r"http://\S+:(\d+)/\?token=(\S+)", running.words)
        assert found
        yield replace(running, address=f"http://127.0.0.1:{found[1]}/"), found[2]


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


def test_beyond_this_machine_it_lets_in_who_has_the_token(classroom):
    running, token = classroom
    for path in (
        "",
        "static/main.js",
        "plotly.min.js",
        "?token=",
        f"?token={token}x",
        f"static/main.js?token={token[1:]}",
    ):
        found = httpx.get(running.address + path)
        assert (found.status_code, token in found.text) == (403, False), path
    assert httpx.get(running.address + "healthz").status_code == 200
    assert httpx.post(running.address + "checkpoints", content=b"x").status_code == 403
    assert not opens(running)
    assert token not in running.words.split("\n", 1)[1]


def test_the_token_comes_in_the_address_once_and_then_in_a_cookie_of_this_site(classroom):
    running, token = classroom
    with httpx.Client(base_url=running.address) as client:
        found = client.get(f"?token={token}")
        assert (found.status_code, found.headers["location"]) == (303, "./")
        cookie = found.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert client.get("").status_code == 200
        named = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    assert opens(running, Cookie=named)
    assert opens(running, Authorization=f"Bearer {token}")
    for wrong in (named[:-1], named + "x", "a=b", "=;;="):
        assert not opens(running, Cookie=wrong), wrong


def test_on_this_machine_alone_and_where_it_is_asked_for_there_is_no_token():
    for options in ((), ("--host", "0.0.0.0", "--no-token")):
        with serving(0, *options) as running:
            assert "token" not in running.words
            assert httpx.get(f"http://127.0.0.1:{port(running)}/").status_code == 200


def test_every_answer_forbids_what_no_page_of_ours_needs(door):
    for path in ("", "healthz", "static/main.js", "nothing"):
        headers = httpx.get(door.address + path).headers
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
        policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
        assert "unsafe-inline" not in policy["script-src"]
        assert policy["frame-ancestors"] == "'self'"
    nonces = {re.findall(r'<script nonce="([^"]+)">', httpx.get(door.address).text)[0] for _ in range(3)}
    assert len(nonces) == 3


def test_a_site_that_is_named_may_frame_the_page():
    with serving(0, "--allow-embed", "https://lessons.example") as running:
        policy = httpx.get(running.address).headers["content-security-policy"]
        assert "frame-ancestors 'self' https://lessons.example" in policy
