"""The recipes of docs/joining.md work as they are written."""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests import tls
from tests.joining.conftest import (
    HOST,
    SAFETY_NET,
    TOKEN,
    Answer,
    MailServer,
    Server,
)

NGINX = shutil.which("nginx")
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
    """Run nginx as the page says, on other ports: with a certificate, without one, for Tor."""
    ports = free_ports(3)
    certificate = tls.certificate(folder, HOST)
    sites = "".join(blocks("nginx"))
    for old, new in [
        ("listen 443 ssl", f"listen 127.0.0.1:{ports[0]} ssl"),
        ("listen 80", f"listen 127.0.0.1:{ports[1]}"),
        ("127.0.0.1:8081", f"127.0.0.1:{ports[2]}"),
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
    raise AssertionError("nginx doesn't start")


def ask(
    connection: http.client.HTTPConnection, method: str, path: str, body: str
) -> Answer:
    headers = {"Host": HOST, "X-Forwarded-For": "203.0.113.77"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return Answer(answer.status, dict(answer.getheaders()), answer.read())


@pytest.mark.skipif(not NGINX, reason="nginx isn't here: apt install nginx")
def test_behind_nginx_readers_leave_and_nothing_is_logged(
    server: Server, mail_server: MailServer, tmp_path: Path
) -> None:
    folder = tmp_path / "nginx"
    folder.mkdir()
    with (
        nginx(folder, server) as (secure, plain, onion),
        ExitStack() as stack,
    ):
        encrypted = stack.enter_context(
            closing(
                http.client.HTTPSConnection(
                    "127.0.0.1",
                    secure,
                    context=_unchecked(folder / "certificate.pem"),
                    timeout=SAFETY_NET,
                )
            )
        )
        tor, redirected = (
            stack.enter_context(
                closing(http.client.HTTPConnection("127.0.0.1", port))
            )
            for port in (onion, plain)
        )
        for connection in (encrypted, tor):
            assert ask(connection, "GET", f"/leave/{TOKEN}", "").status == 200
            answer = ask(connection, "POST", f"/leave/{TOKEN}", "a=b")
            assert answer.heading == "You are unsubscribed"
            assert ask(connection, "POST", "/find", "a" * 70_000).status == 413
        answer = ask(redirected, "GET", f"/leave/{TOKEN}", "")
        assert answer.headers["Location"] == f"https://{HOST}/leave/{TOKEN}"
        assert len(server.requests()) == 1
        server.kill()
        assert ask(tor, "GET", f"/leave/{TOKEN}", "").status == 502
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix not in {".conf", ".pem"}:
            content = path.read_bytes()
            for canary in (TOKEN, "203.0.113.77", "127.0.0.1"):
                assert canary.encode() not in content, path


def _unchecked(certificate: Path) -> ssl.SSLContext:
    context = tls.of_client(certificate)
    context.check_hostname = False
    return context


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
