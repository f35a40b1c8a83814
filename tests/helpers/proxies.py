"""Real proxies in front of a real server: nginx and Caddy, each for the duration of a test."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.serving import Running, serving

NGINX = """
daemon off; pid {folder}/pid; error_log {folder}/log; worker_processes 1; user root;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  client_max_body_size 200m;
  server {{
    listen 127.0.0.1:{port}{tls};
    location {location} {{
      proxy_pass {target};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
      {headers}
    }}
  }}
}}
"""
CADDY = """
{{
  admin off
  auto_https disable_redirects
  local_certs
  skip_install_trust
  storage file_system {folder}/storage
}}
{site} {{
  {body}
}}
"""


def free_port() -> int:
    """A free port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def program(name: str) -> str:
    """The path of a program that ``make test-serving`` has installed."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    assert found, f"{name} is not installed: make test-serving installs it as root"
    return found


@contextmanager
def begun(command: list[str], port: int, log: Path, environment: dict[str, str] | None = None) -> Iterator[None]:
    """Run a proxy; the context begins when it listens, and ends it."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
    deadline = time.monotonic() + 20
    while True:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def nginx(prefix: str = "/", keeps: bool = False, host: str = "", tls: bool = False) -> Iterator[str]:
    """The address of the page behind nginx, under a prefix that it keeps or takes away; ``host`` is what it sends as
    Host, where that is not the upstream's address.
    """
    options = ["--root-path", prefix.rstrip("/")] if keeps else []
    with serving(0, *options) as running, tempfile.TemporaryDirectory() as made:
        folder, port = Path(made), free_port()
        headers = f"proxy_set_header Host {host};" if host else ""
        headers += " proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;"
        target = running.address.rstrip("/") + (prefix if keeps else "/")
        certificate = _certificate(folder) if tls else ""
        text = NGINX.format(
            folder=folder,
            port=port,
            tls=f" ssl http2; {certificate}" if tls else "",
            location=prefix,
            target=target,
            headers=headers,
        )
        (folder / "nginx.conf").write_text(text, encoding="utf-8")
        with begun([program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")], port, folder / "said"):
            yield f"http{'s' if tls else ''}://127.0.0.1:{port}{prefix}"


@contextmanager
def caddy(prefix: str = "/", keeps: bool = False, tls: bool = False) -> Iterator[str]:
    """The address of the page behind Caddy, which keeps the Host that it was asked for."""
    options = ["--root-path", prefix.rstrip("/")] if keeps else []
    with serving(0, *options) as running, tempfile.TemporaryDirectory() as made:
        folder, port = Path(made), free_port()
        handle = "handle" if keeps else "handle_path"
        proxy = f"reverse_proxy {_upstream(running)}"
        body = proxy if prefix == "/" else f"{handle} {prefix}* {{\n    {proxy}\n  }}"
        site = f"{'https' if tls else 'http'}://localhost:{port}"
        (folder / "Caddyfile").write_text(CADDY.format(folder=folder, site=site, body=body), encoding="utf-8")
        command = [program("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
        with begun(command, port, folder / "said"):
            yield f"{site}{prefix}"


def _upstream(running: Running) -> str:
    return running.address.removeprefix("http://").rstrip("/")


def _certificate(folder: Path) -> str:
    """Make a self-signed certificate; returns nginx's directives for it."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return f"ssl_certificate {certificate}; ssl_certificate_key {key}"
