"""The server of the preview, through real sockets."""

import re
import socket
import stat
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.preview.server import PreviewServer
from tests.preview.browsers import (
    WITHOUT_MAIL,
    expect,
    needs_chromium,
    show_desk,
)
from tests.preview.conftest import SAFETY_NET, home_of

if TYPE_CHECKING:
    from playwright.sync_api import Page


def ask(port: int, request: str, host: str = "127.0.0.1") -> str:
    """Return the whole answer to a raw request."""
    with socket.create_connection((host, port), SAFETY_NET) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode("latin-1"))
        pieces = iter(lambda: connection.recv(65536), b"")
        return b"".join(pieces).decode()


def cookie(server: PreviewServer) -> str:
    answer = ask(
        server.port,
        f"GET {server.address.partition(str(server.port))[2]} HTTP/1.1\nHost: 127.0.0.1:{server.port}\n\n",
    )
    return answer.partition("Set-Cookie: ")[2].partition(";")[0]


@pytest.mark.parametrize(
    "head",
    [
        "GET / HTTP/1.0\n",
        "GET / HTTP/1.1\nHost:\n",
        "GET / HTTP/1.1\nHost: evil.test\n",
        "GET / HTTP/1.1\nHost: 127.0.0.1.evil.test:{port}\n",
        "GET / HTTP/1.1\nHost: [::1]:{port}\n",
        "GET / HTTP/1.1\nHost: 127.0.0.1:{port}\nHost: evil.test\n",
        "GET http://evil.test/ HTTP/1.1\nHost: 127.0.0.1:{port}\n",
    ],
)
def test_another_host_is_refused_even_with_the_cookie(
    server: PreviewServer, head: str
) -> None:
    answer = ask(
        server.port,
        f"{head.format(port=server.port)}Cookie: {cookie(server)}\n\n",
    )
    assert " 400 " in answer.partition("\n")[0]
    assert "Weekly Brief" not in answer


def test_the_page_is_served_only_with_the_cookie(server: PreviewServer) -> None:
    head = f"GET {server._access.home}2020-10-09/ HTTP/1.1\nHost: 127.0.0.1:{server.port}\n"
    assert "Weekly Brief" in ask(
        server.port, f"{head}Cookie: {cookie(server)}\n\n"
    )
    refused = ask(server.port, f"{head}\n")
    assert " 403 " in refused.partition("\n")[0]
    assert "Weekly Brief" not in refused
    assert "Werkzeug" not in refused


@needs_chromium
def test_browsers_send_the_cookie_to_no_other_server_on_this_computer(
    tab: "Page", server: PreviewServer
) -> None:
    """Another user may listen at another port, and lead the editor there by a link."""
    show_desk(tab, server, query=WITHOUT_MAIL)
    seen = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append((self.path, self.headers["Cookie"]))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            # A click within one site sends cookies that a link from another site doesn't.
            self.wfile.write(b"<a href='/again'>Go</a>")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Elsewhere) as elsewhere:
        serving = threading.Thread(target=elsewhere.serve_forever)
        serving.start()
        tab.goto(f"http://127.0.0.1:{elsewhere.server_port}/")
        tab.get_by_role("link", name="Go").click()
        tab.wait_for_url("**/again")
        tab.goto(home_of(server))
        expect(tab.locator("#list")).to_be_visible()
        elsewhere.shutdown()
        serving.join()
    asked = [path for path, _ in seen]
    assert asked[0] == "/"
    assert "/again" in asked
    assert {cookies for _, cookies in seen} == {None}


def test_a_private_page_leads_the_browser_to_the_preview_once(
    server: PreviewServer,
) -> None:
    page = server.write_opening_page()
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    found = re.search(
        r'http-equiv="refresh" content="0; url=(.+)"', page.read_text()
    )
    assert found
    address = found[1]
    request = f"GET {address.partition(str(server.port))[2]} HTTP/1.1\nHost: 127.0.0.1:{server.port}\n\n"
    assert [ask(server.port, request).split(" ")[1] for _ in range(2)] == [
        "303",
        "403",
    ]


def test_that_page_is_written_again_for_each_ticket_and_removed_at_the_end(
    newsletter: Newsletter, folder: Path
) -> None:
    with PreviewServer(newsletter, folder, port=0, report=print) as server:
        first = server.write_opening_page().read_text()
        page = server.write_opening_page()
        assert page.read_text() != first
    assert not page.exists()


def test_that_page_is_not_written_through_a_link(
    server: PreviewServer, newsletter: Newsletter, tmp_path: Path
) -> None:
    (newsletter.root / "rendered").symlink_to(tmp_path / "issues")
    with pytest.raises(
        RefusedError, match="rendered is a link to another place"
    ):
        server.write_opening_page()


def test_it_listens_only_on_this_computer(server: PreviewServer) -> None:
    for host in ("127.0.0.2", "::1"):
        with pytest.raises(
            OSError, match=r"refused|unreachable|assign|not supported|timed out"
        ):
            ask(server.port, "GET / HTTP/1.0\n\n", host)


def test_garbage_and_broken_connections_write_nothing_to_the_terminal(
    server: PreviewServer, capfd: pytest.CaptureFixture[str]
) -> None:
    assert ask(server.port, "\x16\x03\x01 garbage\n\n").startswith(
        ("HTTP/1.1 4", "<!DOCTYPE", "")
    )
    with socket.create_connection(
        (server.address.split("/")[2].split(":")[0], server.port)
    ) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHo")
    assert "Weekly Brief" in ask(
        server.port,
        f"GET {server._access.home}2020-10-09/ HTTP/1.1\nHost: 127.0.0.1:{server.port}\nCookie: {cookie(server)}\n\n",
    )
    assert capfd.readouterr() == ("", "")


def test_a_waiting_page_does_not_keep_the_server_from_stopping(
    newsletter: Newsletter, folder: Path
) -> None:
    with PreviewServer(newsletter, folder, port=0, report=print) as server:
        serving = threading.Thread(target=server.serve)
        serving.start()
        request = (
            f"GET {server._access.home}2020-10-09/changes?seen=0 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Cookie: {cookie(server)}\r\n\r\n"
        )
        page = socket.create_connection(("127.0.0.1", server.port), SAFETY_NET)
        page.sendall(request.encode())
        assert page.recv(65536).startswith(b"HTTP/1.1 200")
        server.stop()
        serving.join()
    while page.recv(65536):
        pass
    page.close()


def test_a_port_in_use_is_refused_with_advice(
    newsletter: Newsletter, folder: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupied:
        port = occupied.getsockname()[1]
        with pytest.raises(
            RefusedError,
            match=rf"port {port} isn't available \(Address already in use\); choose",
        ):
            PreviewServer(newsletter, folder, port=port, report=print)
