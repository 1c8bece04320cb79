"""The recipes of docs/joining.md work as they are written."""

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests import tls
from tests.joining.conftest import (
    HOST,
    SAFETY_NET,
    TOKEN,
    Answer,
    Server,
)

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
NGINX, SYSTEMD = (
    shutil.which(name, path=_PATH) for name in ("nginx", "systemd-analyze")
)
CANARY = "203.0.113.77"
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-IP")
WHOLE = """\
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{sites}
}}
"""


def blocks(language: str) -> list[str]:
    """Return the blocks of code in a language."""
    page = Path(__file__).parents[2] / "docs" / "joining.md"
    return re.findall(
        rf"^```{language}\n(.*?)^```$",
        page.read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@contextmanager
def nginx(folder: Path, server: Server) -> Iterator[list[int]]:
    """Run nginx as the page says, on other ports: with a certificate, and without one."""
    ports = free_ports(2)
    certificate = tls.certificate(folder, HOST)
    sites = "".join(blocks("nginx"))
    for old, new in [
        ("listen 443 ssl", f"listen 127.0.0.1:{ports[0]} ssl"),
        ("listen 80", f"listen 127.0.0.1:{ports[1]}"),
        ("127.0.0.1:8080", f"127.0.0.1:{server.port}"),
        (f"/etc/letsencrypt/live/{HOST}/fullchain.pem", str(certificate)),
        (f"/etc/letsencrypt/live/{HOST}/privkey.pem", str(certificate)),
    ]:
        assert old in sites
        sites = sites.replace(old, new)
    path = folder / "nginx.conf"
    path.write_text(WHOLE.format(folder=folder, sites=sites), "utf-8")
    assert NGINX
    process = subprocess.Popen([NGINX, "-p", folder, "-c", path])
    try:
        _wait_for(ports[0], process)
        yield ports
    finally:
        process.terminate()
        process.wait(SAFETY_NET)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the web server doesn't start")


@contextmanager
def encrypted(folder: Path, port: int) -> Iterator[http.client.HTTPConnection]:
    """Connect as a browser does that asks for our name."""
    context = tls.client_context(folder / "certificate.pem")
    with socket.create_connection(("127.0.0.1", port)) as plain:
        connection = http.client.HTTPConnection(HOST, timeout=SAFETY_NET)
        with context.wrap_socket(plain, server_hostname=HOST) as secured:
            connection.sock = secured
            yield connection


def ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: str = "",
) -> Answer:
    headers = {"Host": HOST} | dict.fromkeys(FORWARDED, CANARY)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return Answer(answer.status, dict(answer.getheaders()), answer.read())


def assert_readers_leave(connection: http.client.HTTPConnection) -> None:
    page = ask(connection, "GET", f"/leave/{TOKEN}")
    assert page.status == 200
    assert CANARY not in page.text
    answer = ask(connection, "POST", f"/leave/{TOKEN}", "a=b")
    assert answer.heading == "You are unsubscribed"
    assert CANARY not in str(ask(connection, "GET", "/").headers)


def assert_nothing_is_logged(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix not in {".conf", ".pem"}:
            content = path.read_bytes()
            for canary in (TOKEN, CANARY):
                assert canary.encode() not in content, path


@pytest.fixture
def front(tmp_path: Path) -> Path:
    """Where the web server in front keeps its files."""
    folder = tmp_path / "front"
    folder.mkdir()
    return folder


@pytest.mark.skipif(not NGINX, reason="nginx isn't here: apt install nginx")
def test_behind_nginx_readers_leave_and_nothing_is_logged(
    server: Server, front: Path
) -> None:
    with (
        nginx(front, server) as (secure, plain),
        encrypted(front, secure) as over_tls,
        closing(http.client.HTTPConnection("127.0.0.1", plain)) as redirected,
    ):
        assert_readers_leave(over_tls)
        assert ask(over_tls, "POST", "/join", "a" * 70_000).status == 413
        answer = ask(redirected, "GET", f"/leave/{TOKEN}")
        assert answer.headers["Location"] == f"https://{HOST}/leave/{TOKEN}"
        assert len(server.requests()) == 1
        server.kill()
        with encrypted(front, secure) as later:
            assert ask(later, "GET", f"/leave/{TOKEN}").status == 502
    assert "127.0.0.1" not in (front / "error.log").read_text("utf-8")
    assert_nothing_is_logged(front)


@pytest.mark.skipif(not SYSTEMD, reason="systemd isn't here")
def test_systemd_understands_the_unit_and_finds_it_well_protected(
    tmp_path: Path,
) -> None:
    (unit,) = blocks("ini")
    path = tmp_path / "briefing.service"
    unit = unit.replace("/usr/local/bin/briefing", sys.executable)
    path.write_text(unit, "utf-8")
    verified = systemd("verify", path)
    assert str(path.name) not in verified, verified
    security = systemd("security", "--offline=yes", path)
    found = re.search(r"exposure level for \S+: ([0-9.]+)", security)
    if not found:
        pytest.skip("this systemd can't judge a unit that isn't installed")
    assert float(found[1]) < 3


def systemd(command: str, *arguments: object) -> str:
    """Return what systemd-analyze says."""
    assert SYSTEMD
    done = subprocess.run(
        [SYSTEMD, command, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=SAFETY_NET,
        check=False,
    )
    return done.stdout + done.stderr


def test_the_form_for_other_sites_leads_to_our_page(server: Server) -> None:
    (form,) = blocks("html")
    assert f'action="https://{HOST}/join"' in form
    fields = dict(re.findall(r'name="(\w+)" value="(.*?)"', form))
    assert 'name="address"' in form
    answer = server.ask(
        "POST",
        "/join",
        urlencode(fields | {"address": "amina@example.org"}),
        Content_Type="application/x-www-form-urlencoded",
    )
    assert answer.status == 200
    assert 'value="amina@example.org"' in answer.text
    assert 'name="form" value="front-page"' in answer.text
