"""The leaving mailbox as a source of a sync."""

from pathlib import Path

import pytest

from briefing.errors import RefusedError, TransportError
from briefing.newsletter import Newsletter
from briefing.syncing.mailbox import LOOKED_AT, MOST_PARTS, LeavingMailbox
from briefing.syncing.reports import Left, OpenMail, Person, Report
from tests.mailbox import dovecot
from tests.mailbox.conftest import (
    ImapBox,
    MaildirBox,
    dovecot_server,
    imap_box,
    mail,
)
from tests.syncing.known import TODAY

__all__ = ["dovecot_server", "imap_box"]

PASSED = (
    "Authentication-Results: mx.example.org; dmarc=pass header.from=example.org"
)


def set_up(root: Path, leaving: str) -> None:
    file = root / "briefing.toml"
    text = file.read_text("utf-8").replace(
        "[mailbox]\n",
        f'[mailbox]\nleaving = "{leaving}"\nchecked_by = "mx.example.org"\n',
    )
    file.write_text(text, "utf-8")


def use_missing_proxy(root: Path) -> None:
    file = root / "briefing.toml"
    setting = '[collect]\nproxy = "socks5h://127.0.0.1:1"\n'
    text = file.read_text("utf-8").replace("[collect]\n", setting)
    file.write_text(text, "utf-8")


@pytest.fixture
def box(newsletter: Newsletter) -> MaildirBox:
    """The newsletter's mailbox."""
    set_up(newsletter.root, "leaving")
    return MaildirBox(newsletter.root / "leaving")


def show(_done: int, _total: int) -> None:
    """Nobody watches."""


def read(newsletter: Newsletter) -> list[Report]:
    return reports(LeavingMailbox(newsletter, TODAY))


def reports(source: LeavingMailbox) -> list[Report]:
    return list(source.read(show))


def tokens(found: list[Report]) -> list[str]:
    return [each.person.token for each in found if isinstance(each, Left)]


class TestReading:
    def test_each_email_is_reported_once_it_was_carried_out(
        self, newsletter: Newsletter, box: MaildirBox
    ) -> None:
        box.deliver(mail("a" * 30))
        source = LeavingMailbox(newsletter, TODAY)
        assert tokens(reports(source)) == ["a" * 30]
        assert tokens(read(newsletter)) == ["a" * 30]
        source.finish(set())
        box.deliver(mail("b" * 30))
        assert tokens(read(newsletter)) == ["b" * 30]

    def test_what_was_read_until_an_error_comes_again(
        self, newsletter: Newsletter, box: MaildirBox
    ) -> None:
        box.deliver(mail("a" * 30))
        (box.path / "new" / "9.mx").symlink_to("elsewhere")
        source = LeavingMailbox(newsletter, TODAY)
        with pytest.raises(TransportError, match="leaving"):
            reports(source)
        (box.path / "new" / "9.mx").unlink()
        assert tokens(reports(source)) == ["a" * 30]

    def test_words_below_which_an_email_is_quoted(
        self, newsletter: Newsletter, box: MaildirBox
    ) -> None:
        text = (
            "Bitte abbestellen\r\n\r\n"
            "On 8 Oct 2020, Weekly Brief <brief@example.org> wrote:\r\n> The news of this week"
        )
        box.deliver(mail("Re: News", text, PASSED))
        (report,) = read(newsletter)
        assert isinstance(report, Left)
        assert report.person == Person(address="ada@example.org")

    def test_words_from_a_phone(
        self, newsletter: Newsletter, box: MaildirBox
    ) -> None:
        box.deliver(
            mail("Re: News", "Unsubscribe\r\n\r\nSent from my iPhone", PASSED)
        )
        (report,) = read(newsletter)
        assert isinstance(report, Left)

    def test_an_email_bomb_and_a_broken_email_stop_nothing(
        self, newsletter: Newsletter, box: MaildirBox
    ) -> None:
        bomb = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        box.deliver(bomb + b"--x\r\n" * 100_000)
        box.deliver(b"\xff\x00" * 1_000)
        box.deliver(mail("a" * 30))
        found = read(newsletter)
        assert len(found) == 3
        assert tokens(found) == ["a" * 30]

    @pytest.mark.parametrize(
        ("parts", "expected"),
        [(MOST_PARTS - 5, Left), (MOST_PARTS + 5, OpenMail)],
    )
    def test_words_are_not_looked_for_in_an_email_bomb(
        self,
        newsletter: Newsletter,
        box: MaildirBox,
        parts: int,
        expected: type[Report],
    ) -> None:
        """A thousand parts in each other would take ten seconds of each sync."""
        inner = "Content-Type: text/plain\r\n\r\nunsubscribe"
        for number in range(parts):
            kind = f"Content-Type: multipart/mixed; boundary=b{number}"
            inner = f"{kind}\r\n\r\n--b{number}\r\n{inner}\r\n--b{number}--"
        fields, _, body = inner.partition("\r\n\r\n")
        box.deliver(mail("News", body, PASSED, fields))
        (report,) = read(newsletter)
        assert isinstance(report, expected)

    def test_words_above_a_large_picture(
        self, newsletter: Newsletter, box: MaildirBox
    ) -> None:
        picture = "QUJD" * (LOOKED_AT // 4)
        text = (
            "--b\r\n\r\nunsubscribe\r\n--b\r\nContent-Type: image/png\r\n"
            f"Content-Transfer-Encoding: base64\r\n\r\n{picture}\r\n--b--"
        )
        kind = "Content-Type: multipart/mixed; boundary=b"
        box.deliver(mail("News", text, PASSED, kind))
        (report,) = read(newsletter)
        assert isinstance(report, Left)

    def test_an_open_email_is_read_again_until_an_editor_has_seen_it(
        self, newsletter: Newsletter, box: MaildirBox
    ) -> None:
        box.deliver(mail("Please take me off"))
        for number in range(3):
            box.deliver(mail(f"{number}" * 30))
            source = LeavingMailbox(newsletter, TODAY)
            found = reports(source)
            (still_open,) = (
                each for each in found if isinstance(each, OpenMail)
            )
            assert still_open.subject == "Please take me off"
            assert tokens(found) == [f"{number}" * 30]
            source.finish({still_open})
        seen = LeavingMailbox(newsletter, TODAY, seen=True)
        assert reports(seen) == []
        seen.finish(set())
        assert read(newsletter) == []

    def test_a_missing_password(self, newsletter: Newsletter) -> None:
        set_up(newsletter.root, "imaps://leave@mail.invalid")
        with pytest.raises(RefusedError, match="BRIEFING_MAILBOX_PASSWORD"):
            LeavingMailbox(newsletter, TODAY)

    def test_the_proxy_is_used(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("BRIEFING_MAILBOX_PASSWORD", dovecot.PASSWORD)
        set_up(newsletter.root, "imaps://leave@mail.invalid")
        use_missing_proxy(newsletter.root)
        with pytest.raises(TransportError, match="there is no proxy at"):
            read(newsletter)

    def test_a_folder_on_a_server(
        self,
        newsletter: Newsletter,
        imap_box: ImapBox,  # the fixture
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("BRIEFING_MAILBOX_PASSWORD", dovecot.PASSWORD)
        folder = imap_box.folder.replace(" ", "%20")
        set_up(newsletter.root, imap_box.server.url(folder))
        imap_box.deliver(mail("Please take me off"))
        imap_box.deliver(mail("a" * 30))
        before = imap_box.state()
        source = LeavingMailbox(newsletter, TODAY)
        still_open, left = reports(source)
        assert tokens([left]) == ["a" * 30]
        source.finish({still_open})
        assert read(newsletter) == [still_open]
        assert imap_box.state() == before
