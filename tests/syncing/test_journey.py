"""From the reader's button to the editors' list: the server in a process of its own, and the command
at home.
"""

import csv
import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from briefing.cli import cli
from briefing.subscribers.suppression import Suppression
from tests.joining.conftest import EDITOR, MailServer
from tests.syncing.conftest import Home

ANN, BOB = "ann@example.org", "bob@example.org"
NEW = "new.reader@example.net"


def sync(home: Home, *arguments: str) -> Result:
    root = str(home.newsletter.root)
    result = CliRunner().invoke(
        cli,
        ["-C", root, "subscribers", "sync", "--yes", *arguments],
        prog_name="briefing",
        env={"BRIEFING_DEBUG": "1"},
    )
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def rows(home: Home) -> list[dict[str, str]]:
    with home.list_path.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


@pytest.fixture
def synced(home: Home) -> Home:
    """Two readers, of whom the server knows the tokens."""
    home.write_list(ANN, BOB)
    assert sync(home).exit_code == 0
    return home


def test_who_joins_and_confirms_is_on_the_list(
    synced: Home, mail_server: MailServer
) -> None:
    synced.server.join(NEW, name="Nëw Reader", lang="de")
    assert "nothing new" in sync(synced).stdout
    synced.server.post(mail_server.link())
    result = sync(synced)
    assert "1  joined\n" in result.stdout
    assert "1 change made to the list." in result.stdout
    assert NEW not in result.output
    row = rows(synced)[-1]
    assert (row["email"], row["name"], row["lang"]) == (NEW, "Nëw Reader", "de")
    assert row["form"] == "page"
    assert row["joined"]
    assert "Weekly Brief" in row["consent"]
    assert [row["email"] for row in rows(synced)] == [ANN, BOB, NEW]
    assert "nothing new" in sync(synced).stdout


def test_a_list_that_vanished_is_not_made_again(
    synced: Home, mail_server: MailServer
) -> None:
    synced.list_path.unlink()
    synced.server.join(NEW)
    synced.server.post(mail_server.link())
    result = sync(synced)
    assert result.exit_code == 1
    assert "there is no such list" in result.stderr
    assert not synced.list_path.exists()


def test_a_list_that_cant_take_a_name_keeps_joins_on_the_server(
    synced: Home, mail_server: MailServer
) -> None:
    text = f"email,name\n{ANN},Zoë\n{BOB},\n"
    synced.list_path.write_text(text, "cp1252")
    synced.server.join(NEW, name="دىلنۇر")
    synced.server.post(mail_server.link())
    synced.server.post(f"/leave/{synced.token(BOB)}")
    result = sync(synced)
    assert result.exit_code == 1
    assert "save it as “CSV UTF-8”, then run" in result.stderr
    # Whoever leaves doesn't wait for that.
    assert synced.suppressed(ANN, BOB) == [BOB]
    synced.list_path.write_text(text, "utf-8")
    assert sync(synced).exit_code == 0
    assert rows(synced)[-1]["name"] == "دىلنۇر"


def test_who_leaves_gets_no_more_mail(synced: Home) -> None:
    answer = synced.server.post(f"/leave/{synced.token(ANN)}")
    assert answer.heading == "You are unsubscribed"
    assert "1  unsubscribed (line 2)" in sync(synced).stdout
    assert synced.suppressed(ANN, BOB) == [ANN]
    # The row stays, as it does for every other way of leaving.
    assert [row["email"] for row in rows(synced)] == [ANN, BOB]


def test_a_new_reader_can_leave_at_once(
    synced: Home, mail_server: MailServer
) -> None:
    synced.server.join(NEW)
    synced.server.post(mail_server.link())
    sync(synced)
    synced.server.post(f"/leave/{synced.token(NEW)}")
    sync(synced)
    assert synced.suppressed(ANN, BOB, NEW) == [NEW]


def test_who_left_can_join_again(synced: Home, mail_server: MailServer) -> None:
    synced.server.post(f"/leave/{synced.token(ANN)}")
    sync(synced)
    synced.server.join(ANN, lang="tr")
    synced.server.post(mail_server.link())
    result = sync(synced)
    assert "1  came back (line 2)" in result.stdout
    assert synced.suppressed(ANN, BOB) == []
    ann = rows(synced)[0]
    assert (ann["email"], ann["lang"], ann["form"]) == (ANN, "tr", "page")


def test_who_complained_can_not(synced: Home, mail_server: MailServer) -> None:
    record = Suppression.of(synced.newsletter)
    record.add([synced.token(ANN)], "complaint", dt.date(2020, 1, 1))
    synced.server.join(ANN)
    synced.server.post(mail_server.link())
    result = sync(synced)
    assert "1 from people who reported an email as spam" in result.stdout
    assert synced.suppressed(ANN, BOB) == [ANN]


def test_whose_row_was_deleted_can_still_leave(synced: Home) -> None:
    old = synced.token(ANN)
    synced.write_list(BOB)
    sync(synced)
    synced.server.post(f"/leave/{old}")
    sync(synced)
    assert synced.suppressed(ANN, BOB) == [ANN]


def test_nothing_names_a_reader(synced: Home, mail_server: MailServer) -> None:
    canary = "canary.reader@example.net"
    synced.server.join(canary, name="Canary")
    synced.server.post(mail_server.link())
    result = sync(synced)
    assert "canary" not in result.output.lower()
    private = synced.newsletter.state
    for path in private.rglob("*"):
        if path.is_file() and "previous" not in path.name:
            assert b"canary" not in path.read_bytes().lower(), path


def test_without_the_private_key_nothing_is_lost(
    synced: Home, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced.server.join(NEW)
    synced.server.post(mail_server.link())
    synced.server.post(f"/leave/{synced.token(ANN)}")
    monkeypatch.delenv("BRIEFING_PRIVATE_KEY")
    result = sync(synced)
    assert result.exit_code == 0
    assert "1 request from readers can't be opened here" in result.stdout
    # Leaving needs no key.
    assert synced.suppressed(ANN) == [ANN]
    monkeypatch.setenv("BRIEFING_PRIVATE_KEY", str(EDITOR))
    sync(synced)
    assert rows(synced)[-1]["email"] == NEW


def test_an_open_list_keeps_joins_on_the_server(
    synced: Home, mail_server: MailServer
) -> None:
    synced.server.join(NEW)
    synced.server.post(mail_server.link())
    synced.server.post(f"/leave/{synced.token(ANN)}")
    mark = Path(synced.list_path).with_name(".~lock.subscribers.csv#")
    mark.touch()
    result = sync(synced)
    assert result.exit_code == 1
    assert "is open in LibreOffice" in result.stderr
    # Leaving doesn't wait for that.
    assert synced.suppressed(ANN) == [ANN]
    assert len(rows(synced)) == 2
    mark.unlink()
    sync(synced)
    assert rows(synced)[-1]["email"] == NEW
