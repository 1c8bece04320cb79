"""The SendGrid account: network, limits, key, redirects, logs."""

import socket
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from briefing.configuration.settings import SendGridSettings
from briefing.errors import TransportError
from briefing.mail.message import Message
from briefing.photos.pictures import Picture
from briefing.sending.transports.base import SendStopped
from briefing.sending.transports.sendgrid import SendGrid
from tests import tls
from tests.sending.queues import MemoryQueue
from tests.sending.servers.listener import Connection
from tests.sending.servers.sendgrid import (
    Answer,
    Reset,
    SendGridServer,
    SgRule,
    TooMany,
)
from tests.sending.test_sendgrid import (
    PAUSE,
    SECRET,
    mails,
    one_line,
    sendgrid,
    stopped,
    transport,
)
from tests.sending.test_sendgrid_request import DATE, KEY, RENDERED, SETTINGS

SCHEDULED = "/v3/user/scheduled_sends"
NOBODY = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def large() -> Message:
    """More than the system takes before the other side reads."""
    picture = Picture(bytes(12_000_000), "image/png", 1, 1)
    rendered = replace(RENDERED, pictures=(picture,))
    return Message(rendered, SETTINGS, KEY, DATE.timestamp)


def unopened(sender: SendGrid) -> str:
    with pytest.raises(TransportError) as caught:
        sender.open()
    return one_line(caught.value)


class TlsServer(SendGridServer):
    """The same behind a certificate."""

    certificate: Path

    def serve(self, connection: Connection) -> None:
        connection.encrypt(tls.server_context(self.certificate))
        super().serve(connection)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"


@pytest.fixture
def encrypted(tmp_path: Path) -> TlsServer:
    server = TlsServer(key=SECRET)
    server.certificate = tls.certificate(tmp_path)
    return server


class TestNetwork:
    """What breaks before the request is written was not accepted."""

    def test_a_connection_that_breaks_within_the_request_is_made_again(
        self, large: Message
    ) -> None:
        queue = MemoryQueue(mails(3), message=large)
        with sendgrid(SgRule(Reset(before=True), times=4)) as (server, sender):
            sender.deliver(queue)
        assert queue.counts == {"accepted": 3}
        assert queue.commits == [(0, 3), (3, 0)] * 5
        assert server.count == 3

    def test_a_server_that_reads_no_further_has_not_accepted(
        self, large: Message
    ) -> None:
        queue = MemoryQueue(mails(3), message=large)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            reason = stopped(
                transport(
                    f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2
                ),
                queue,
            )
        assert "didn't answer in time" in reason
        assert queue.counts == {"queued": 3}

    def test_a_certificate_of_an_unknown_issuer_is_not_trusted(
        self, encrypted: TlsServer
    ) -> None:
        queue = MemoryQueue(mails(3))
        with encrypted as server:
            assert (
                "its certificate can't be trusted (self-signed certificate in certificate chain)"
                in unopened(transport(server.url))
            )
            assert "certificate" in stopped(transport(server.url), queue)
        assert queue.counts == {"queued": 3}
        assert server.requests == []

    def test_a_known_certificate_is_trusted(
        self, encrypted: TlsServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(encrypted.certificate))
        queue = MemoryQueue(mails(3))
        with encrypted as server:
            transport(server.url).deliver(queue)
        assert queue.counts == {"accepted": 3}

    @pytest.mark.parametrize(
        ("region", "host"),
        [("global", "api.sendgrid.com"), ("eu", "api.eu.sendgrid.com")],
    )
    def test_each_region_has_its_host(
        self, region: str, host: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = []

        def nowhere(name: str, *rest: object, **_: object) -> None:
            asked.append((name, rest[0]))
            raise socket.gaierror

        monkeypatch.setattr(socket, "getaddrinfo", nowhere)
        monkeypatch.setattr(urllib.request, "getproxies", dict)
        sender = SendGrid(
            replace(SETTINGS, sendgrid=SendGridSettings(region=region)),
            KEY,
            SECRET,
        )
        assert (
            unopened(sender)
            == f"https://{host}: there is no such host; check the network; nothing was sent"
        )
        assert asked == [(host, 443)]

    def test_a_proxy_gets_nothing_that_is_not_encrypted(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", NOBODY)
        monkeypatch.delenv("no_proxy", raising=False)
        with sendgrid() as (_, sender):
            sender.open()


class TestTooManyRequests:
    def test_it_waits_until_the_time_given_and_claims_the_same_readers_again(
        self,
    ) -> None:
        queue = MemoryQueue(mails(3))
        with sendgrid(
            SgRule(TooMany(reset_in=90), times=1), clock=lambda: 1_000_000
        ) as (server, sender):
            sender.deliver(queue)
        assert queue.counts == {"accepted": 3}
        assert queue.commits == [(0, 3), (3, 0), (0, 3), (3, 0)]
        assert queue.pauses == [90]
        assert server.count == 3

    @pytest.mark.parametrize("reset", ["", "soon", "1", "-5", "٣"])
    def test_without_a_time_in_the_future_the_pause_doubles(
        self, reset: str
    ) -> None:
        queue = MemoryQueue(mails(1))
        with sendgrid(
            SgRule(Answer(429, headers={"X-RateLimit-Reset": reset}), times=4)
        ) as (_, sender):
            sender.deliver(queue)
        assert queue.pauses == [PAUSE, 2 * PAUSE, 4 * PAUSE, 8 * PAUSE]

    @pytest.mark.parametrize(
        "date", ["", "yesterday", "Sat, 01 Jan 2000 00:00:00 -0000"]
    )
    def test_without_the_servers_own_time_the_pause_doubles(
        self, date: str
    ) -> None:
        queue = MemoryQueue(mails(1))
        headers = {"X-RateLimit-Reset": "946684860", "Date": date}
        with sendgrid(SgRule(Answer(429, headers=headers), times=2)) as (
            _,
            sender,
        ):
            sender.deliver(queue)
        assert queue.pauses == [PAUSE, 2 * PAUSE]

    def test_it_ends_the_send_after_an_hour(self) -> None:
        queue = MemoryQueue(mails(3))
        with sendgrid(SgRule(TooMany(reset_in=100_000))) as (_, sender):
            reason = stopped(sender, queue)
        assert reason == (
            "SendGrid has accepted no requests for an hour (429 too many requests); the rest is left for the next send"
        )
        assert queue.pauses == [600] * 6
        assert queue.counts == {"queued": 3}

    def test_it_waits_ten_minutes_at_most(self) -> None:
        queue = MemoryQueue(mails(1))
        with sendgrid(SgRule(TooMany(reset_in=100_000), times=1)) as (
            _,
            sender,
        ):
            sender.deliver(queue)
        assert queue.pauses == [600]

    def test_a_stop_while_it_waits_leaves_all_queued(self) -> None:
        queue = MemoryQueue(mails(3))
        queue.stops_after = 1
        with (
            sendgrid(SgRule(TooMany())) as (_, sender),
            pytest.raises(SendStopped),
        ):
            sender.deliver(queue)
        assert queue.counts == {"queued": 3}


class TestKey:
    """`open` says what is missing before anything is sent."""

    def test_a_key_that_may_not_send_is_refused_with_what_it_lacks(
        self,
    ) -> None:
        with sendgrid(scopes=["stats.read"]) as (_, sender):
            assert "lacks mail.send; make one with this access" in unopened(
                sender
            )

    def test_a_wrong_key_is_reported_in_one_line(self) -> None:
        with SendGridServer(key="SG.other") as server:
            assert unopened(transport(server.url)).startswith(
                "SendGrid doesn't accept the key; make a new one"
            )

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (Answer(403), "doesn't allow this key"),
            (Answer(429), "isn't working at the moment"),
            (Answer(200, b"<html>"), "the server isn't SendGrid"),
            (Answer(200, [1]), "the server isn't SendGrid"),
            (Answer(200, {"scopes": "mail.send"}), "the server isn't SendGrid"),
        ],
    )
    def test_any_other_answer_is_reported_in_one_line(
        self, answer: Answer, expected: str
    ) -> None:
        with sendgrid(SgRule(answer, path="/v3/scopes")) as (_, sender):
            reason = unopened(sender)
        assert expected in reason
        assert reason.endswith("nothing was sent")

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "SG.canary\n",
            "SG.canary\r\nX-Other: 1",
            "SG.cänary",
            "SG. canary",
        ],
    )
    def test_text_that_cannot_be_a_key_is_refused_and_not_repeated(
        self, key: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SENDGRID_API_KEY", "SG.another")
        with pytest.raises(TransportError, match="copy it again") as caught:
            SendGrid(SETTINGS, KEY, key)
        assert "anary" not in one_line(caught.value)
