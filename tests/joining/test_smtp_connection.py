"""An email that is handed over is one that the server took; what it refuses isn't tried for ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.errors import TransportError
from briefing.joining.mailer import HandOver
from briefing.joining.smtp_connection import SmtpConnection
from briefing.newsletter import Newsletter
from tests.joining.conftest import MailServer, make_folder
from tests.listening import listening


@pytest.fixture
def connection(
    tmp_path: Path, mail_server: MailServer
) -> Iterator[SmtpConnection]:
    newsletter = Newsletter(make_folder(tmp_path, mail_server.port))
    connection = SmtpConnection(newsletter.settings, "")
    yield connection
    connection.close()


DATA = b"Subject: x\r\n\r\ntext\r\n"


def test_emails_go_out_one_after_the_other(
    connection: SmtpConnection, mail_server: MailServer
) -> None:
    for name in ("a@example.org", "b@example.org"):
        assert connection.deliver(name, DATA) is HandOver.MAILED
    assert mail_server.wait(2) == [
        ("a@example.org", DATA),
        ("b@example.org", DATA),
    ]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("550 5.1.1 unknown", HandOver.REFUSED),
        ("450 4.7.1 greylisted", HandOver.LATER),
    ],
)
def test_a_refusal_is_about_one_address(
    connection: SmtpConnection,
    mail_server: MailServer,
    answer: str,
    outcome: HandOver,
) -> None:
    mail_server.refuse = lambda address: answer if address[0] == "a" else ""
    assert connection.deliver("a@example.org", DATA) is outcome
    assert connection.deliver("b@example.org", DATA) is HandOver.MAILED


def test_an_address_beyond_ascii_needs_a_server_that_knows_them(
    connection: SmtpConnection, mail_server: MailServer
) -> None:
    assert connection.deliver("søren@example.org", DATA) is HandOver.MAILED
    assert mail_server.mails[0][0] == "søren@example.org"


def test_a_server_that_ends_the_connection_is_tried_again(
    connection: SmtpConnection, mail_server: MailServer
) -> None:
    mail_server.refuse = lambda _address: "421 4.3.2 going down"
    with pytest.raises(TransportError, match="accepting email at the moment"):
        connection.deliver("a@example.org", DATA)


def test_a_server_that_isnt_there_is_named(tmp_path: Path) -> None:
    with listening(lambda _connection: None) as port:
        newsletter = Newsletter(make_folder(tmp_path, port))
    with pytest.raises(TransportError, match=r"127\.0\.0\.1"):
        SmtpConnection(newsletter.settings, "")
