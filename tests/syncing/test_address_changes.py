"""Whoever gets a forwarded issue can have its reader's address changed. The reader gets an email at the
earlier address, and takes the change back with a link that nobody else has seen.
"""

import datetime as dt
import re

import pytest

from briefing.joining.service import today
from briefing.subscribers.suppression import Suppression
from briefing.syncing.emails import notices
from tests.joining.conftest import HOST, MailServer, text_of
from tests.syncing.conftest import Home
from tests.syncing.test_journey import rows, sync

ANN, BOB = "ann@example.org", "bob@example.org"
OTHER, THIRD = "other@example.net", "third@example.net"


@pytest.fixture
def forwarded(home: Home, mail_server: MailServer) -> Home:
    """Somebody with one of Ann's emails has had her address changed to their own."""
    home.list_path.write_text(
        f"email,name,lang,tags\n{ANN},Ann,de,members\n{BOB},Bob,en,\n", "utf-8"
    )
    assert sync(home).exit_code == 0
    change(home, mail_server, OTHER, name="Mallory")
    return home


def change(
    home: Home, mail_server: MailServer, address: str, **fields: str
) -> None:
    """Change Ann's address by the link in her emails."""
    count = len(mail_server.mails)
    home.server.post(f"/change/{home.token(ANN)}", address=address, **fields)
    home.server.post(mail_server.link(count + 1))


def notice(mail_server: MailServer) -> str:
    """Return the text of the email to Ann."""
    (text,) = (text_of(data) for to, data in mail_server.mails if to == ANN)
    return text


def undo_path(mail_server: MailServer) -> str:
    found = re.search(rf"https://{HOST}(/undo/\S+)", notice(mail_server))
    assert found
    return found[1]


def addresses(home: Home) -> list[str]:
    return [row["email"] for row in rows(home)]


def test_the_earlier_address_gets_an_email_in_the_reader_s_language(
    forwarded: Home, mail_server: MailServer
) -> None:
    assert sync(forwarded).exit_code == 0
    text = notice(mail_server)
    assert "Ihre Adresse für Weekly Brief geändert" in text
    assert "Wenn Sie das waren, brauchen Sie nichts zu tun." in text
    assert OTHER not in text
    assert OTHER.encode() not in mail_server.mails[-1][1]
    assert addresses(forwarded) == [OTHER, BOB]
    # Nobody is told twice.
    sync(forwarded)
    assert notice(mail_server)


def test_its_link_shows_a_button_and_the_button_takes_the_change_back(
    forwarded: Home, mail_server: MailServer
) -> None:
    sync(forwarded)
    path = undo_path(mail_server)
    page = forwarded.server.get(path)
    assert page.heading == "Änderung der Adresse zurücknehmen"
    assert "nothing new" in sync(forwarded).stdout
    assert forwarded.server.post(path).heading == "Danke"
    result = sync(forwarded)
    assert "1  reader undid a change of their address" in result.stdout
    ann = rows(forwarded)[-1]
    # As it was, whatever else was changed with the address.
    assert (ann["email"], ann["name"], ann["lang"], ann["tags"]) == (
        ANN,
        "Ann",
        "de",
        "members",
    )
    assert forwarded.suppressed(ANN, BOB, OTHER) == [OTHER]
    # Pressed once more, it changes nothing.
    forwarded.server.post(path)
    assert "nothing new" in sync(forwarded).stdout


def test_then_the_link_in_old_emails_changes_nothing_but_still_unsubscribes(
    forwarded: Home, mail_server: MailServer
) -> None:
    sync(forwarded)
    forwarded.server.post(undo_path(mail_server))
    sync(forwarded)
    change(forwarded, mail_server, THIRD, lang="tr")
    result = sync(forwarded)
    assert "undid an earlier change" in result.stdout
    assert addresses(forwarded) == [OTHER, BOB, ANN]
    assert rows(forwarded)[-1]["lang"] == "de"
    forwarded.server.post(f"/leave/{forwarded.token(ANN)}")
    sync(forwarded)
    assert forwarded.suppressed(ANN, OTHER) == [ANN, OTHER]


def test_whatever_the_other_did_meanwhile_doesn_t_concern_the_reader(
    forwarded: Home, mail_server: MailServer
) -> None:
    sync(forwarded)
    record = Suppression.of(forwarded.newsletter)
    record.add([forwarded.token(OTHER)], "complaint", today())
    forwarded.server.post(undo_path(mail_server))
    sync(forwarded)
    assert ANN in addresses(forwarded)
    assert forwarded.suppressed(ANN, OTHER) == [OTHER]
    removal = Suppression.of(forwarded.newsletter).find(forwarded.token(OTHER))
    assert removal
    assert removal.is_complaint


def test_the_other_address_gets_an_email_too_and_can_join(
    forwarded: Home, mail_server: MailServer
) -> None:
    sync(forwarded)
    forwarded.server.post(undo_path(mail_server))
    sync(forwarded)
    address, data = mail_server.mails[-1]
    assert address == OTHER
    assert "taken back" in text_of(data) or "zurückgenommen" in text_of(data)
    assert f"https://{HOST}/join" in text_of(data)
    assert ANN.encode() not in data
    count = len(mail_server.mails)
    forwarded.server.join(OTHER)
    forwarded.server.post(mail_server.link(count + 1))
    sync(forwarded)
    assert forwarded.suppressed(ANN, OTHER) == []


def test_while_the_list_cant_be_changed_the_other_is_unsubscribed_and_hears_of_it_later(
    forwarded: Home, mail_server: MailServer
) -> None:
    sync(forwarded)
    forwarded.server.post(undo_path(mail_server))
    is_open = forwarded.list_path.with_name(".~lock.subscribers.csv#")
    is_open.touch()
    assert sync(forwarded).exit_code == 1
    assert forwarded.suppressed(ANN, OTHER) == [OTHER]
    assert addresses(forwarded) == [OTHER, BOB]
    assert mail_server.mails[-1][0] == ANN
    is_open.unlink()
    sync(forwarded)
    assert addresses(forwarded) == [OTHER, BOB, ANN]
    assert mail_server.mails[-1][0] == OTHER
    count = len(mail_server.mails)
    sync(forwarded)
    assert len(mail_server.mails) == count


def test_the_owner_is_back_at_once_although_the_other_can_t_be_told(
    forwarded: Home, mail_server: MailServer
) -> None:
    sync(forwarded)
    forwarded.server.post(undo_path(mail_server))
    mail_server.refuse = lambda _to: "452 mailbox full"
    sync(forwarded)
    assert addresses(forwarded) == [OTHER, BOB, ANN]
    assert forwarded.suppressed(ANN, OTHER) == [OTHER]
    assert mail_server.mails[-1][0] == ANN
    mail_server.refuse = lambda _to: ""
    for _sync in range(2):
        sync(forwarded)
        assert [to for to, _ in mail_server.mails].count(OTHER) == 2
        assert mail_server.mails[-1][0] == OTHER


def test_an_earlier_mailbox_that_no_longer_exists_holds_up_nothing(
    forwarded: Home, mail_server: MailServer
) -> None:
    mail_server.refuse = lambda to: "550 no such user" if to == ANN else ""
    assert sync(forwarded).exit_code == 0
    assert addresses(forwarded) == [OTHER, BOB]


def test_one_that_takes_no_mail_now_holds_up_its_own_change_only(
    forwarded: Home, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    forwarded.server.post(f"/leave/{forwarded.token(BOB)}")
    forwarded.server.post(f"/change/{forwarded.token(BOB)}", lang="tr")
    mail_server.refuse = lambda to: "452 mailbox full" if to == ANN else ""
    assert sync(forwarded).exit_code == 0
    assert addresses(forwarded) == [ANN, BOB]
    assert rows(forwarded)[1]["lang"] == "tr"
    # Her notice must say later what she had.
    assert rows(forwarded)[0]["name"] == "Ann"
    assert forwarded.suppressed(BOB) == [BOB]
    # After a week, the change is made all the same.
    monkeypatch.setattr(notices, "LONGEST_WAIT", dt.timedelta(days=-1))
    sync(forwarded)
    assert addresses(forwarded) == [OTHER, BOB]
    assert rows(forwarded)[0]["name"] == "Mallory"


def test_without_a_mail_server_no_address_changes_and_everything_else_does(
    forwarded: Home, mail_server: MailServer
) -> None:
    settings = forwarded.newsletter.root / "briefing.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace('host = "127.0.0.1"', 'host = ""'))
    forwarded.server.post(f"/change/{forwarded.token(BOB)}", lang="tr")
    result = sync(forwarded)
    assert result.exit_code == 1
    assert "'host' under [smtp]" in result.stderr
    assert addresses(forwarded) == [ANN, BOB]
    assert rows(forwarded)[1]["lang"] == "tr"
    settings.write_text(text, "utf-8")
    assert sync(forwarded).exit_code == 0
    assert addresses(forwarded) == [OTHER, BOB]
    assert notice(mail_server)


def test_links_that_home_did_not_make_change_nothing(
    forwarded: Home, mail_server: MailServer
) -> None:
    sync(forwarded)
    _, _, token, sealed = undo_path(mail_server).partition("?")[0].split("/")
    post = forwarded.server.post
    for path in (
        # The token of a reader, and of nobody.
        f"/undo/{forwarded.token(BOB)}/{sealed}",
        f"/undo/{'0' * 30}/{sealed}",
        # Something else behind a token that is known.
        f"/undo/{token}/{sealed[:-4]}AAAA",
        f"/undo/{token}/{'A' * 60}",
    ):
        assert post(path).heading == "Thank you"
    for path in (f"/undo/{token}/x", f"/undo/x/{sealed}"):
        assert post(path).status == 404
    # It isn't a reader's token either.
    post(f"/leave/{token}")
    result = sync(forwarded)
    assert "2 older than what is known" in result.stdout
    assert addresses(forwarded) == [OTHER, BOB]
