"""Taking a sync back loses nothing that readers asked for: the next sync does it again."""

import csv

import pytest
from click.testing import CliRunner

from briefing.cli import cli
from briefing.syncing.server import server_position
from tests.joining.conftest import MailServer
from tests.syncing.conftest import Home

ANN, BOB = "ann@example.org", "bob@example.org"
JOINER = "new.reader@example.net"
ASKED = "Readers asked for this on your server: the next sync will do it again."


def run(home: Home, *arguments: str, code: int = 0) -> str:
    """Run a command on subscribers; return what it printed."""
    result = CliRunner().invoke(
        cli,
        ["-C", str(home.newsletter.root), "subscribers", *arguments, "--yes"],
        prog_name="briefing",
    )
    assert result.exit_code == code, result.output
    return result.output


def rows(home: Home) -> list[dict[str, str]]:
    with home.list_path.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def addresses(home: Home) -> list[str]:
    return [row["email"] for row in rows(home)]


@pytest.fixture
def synced(home: Home) -> Home:
    """Two readers, of whom the server knows the tokens."""
    home.write_list(ANN, BOB)
    run(home, "sync")
    return home


def join(home: Home, mail_server: MailServer, address: str = JOINER) -> None:
    home.server.join(address, lang="de")
    home.server.post(mail_server.link())


def test_who_joined_comes_with_the_next_sync(
    synced: Home, mail_server: MailServer
) -> None:
    join(synced, mail_server)
    run(synced, "sync")
    assert ASKED in run(synced, "undo")
    assert addresses(synced) == [ANN, BOB]
    assert "1  new reader\n" in run(synced, "sync")
    assert addresses(synced) == [ANN, BOB, JOINER]
    # Once is enough.
    assert "nothing new" in run(synced, "sync")


def test_the_first_sync_can_be_taken_back_as_well(
    home: Home, mail_server: MailServer
) -> None:
    join(home, mail_server)
    run(home, "sync")
    run(home, "undo")
    assert addresses(home) == []
    run(home, "sync")
    assert addresses(home) == [JOINER]


def test_syncs_that_changed_nothing_in_the_list_may_come_between(
    synced: Home, mail_server: MailServer
) -> None:
    join(synced, mail_server)
    run(synced, "sync")
    synced.server.post(f"/leave/{synced.token(BOB)}")
    run(synced, "sync")
    run(synced, "undo")
    run(synced, "sync")
    assert addresses(synced) == [ANN, BOB, JOINER]
    assert synced.suppressed(ANN, BOB, JOINER) == [BOB]


def test_a_change_that_was_asked_for_twice_is_made_again(
    synced: Home,
) -> None:
    for _ in range(2):
        synced.server.post(f"/change/{synced.token(ANN)}", lang="ug")
        run(synced, "sync")
    changed = rows(synced)
    run(synced, "undo")
    run(synced, "sync")
    assert rows(synced) == changed


def test_who_came_back_gets_what_they_chose_again(
    synced: Home, mail_server: MailServer
) -> None:
    synced.server.post(f"/leave/{synced.token(ANN)}")
    run(synced, "sync")
    join(synced, mail_server, ANN)
    run(synced, "sync")
    changed = rows(synced)
    assert changed[0]["lang"] == "de"
    run(synced, "undo")
    assert "lang" not in rows(synced)[0]
    run(synced, "sync")
    assert rows(synced) == changed


def test_who_left_after_joining_stays_away(
    synced: Home, mail_server: MailServer
) -> None:
    join(synced, mail_server)
    run(synced, "sync")
    synced.server.post(f"/leave/{synced.token(JOINER)}")
    run(synced, "sync")
    run(synced, "undo")
    run(synced, "sync")
    assert synced.suppressed(JOINER) == [JOINER]


def test_taking_that_back_in_turn_leaves_nothing_to_be_read_again(
    synced: Home, mail_server: MailServer
) -> None:
    join(synced, mail_server)
    run(synced, "sync")
    run(synced, "undo")
    assert ASKED not in run(synced, "undo")
    assert addresses(synced) == [ANN, BOB, JOINER]
    synced.write_list(ANN, BOB)
    assert "nothing new" in run(synced, "sync")
    assert addresses(synced) == [ANN, BOB]


def test_nothing_is_read_again_if_the_list_could_not_be_put_back(
    synced: Home, mail_server: MailServer
) -> None:
    join(synced, mail_server)
    run(synced, "sync")
    is_open = synced.list_path.with_name(".~lock.subscribers.csv#")
    is_open.write_text(",ann,desk,09.10.2020 08:00,file:///home;", "utf-8")
    assert "is open in" in run(synced, "undo", code=1)
    is_open.unlink()
    assert addresses(synced) == [ANN, BOB, JOINER]
    synced.write_list(ANN, BOB)
    assert "nothing new" in run(synced, "sync")


def test_a_server_that_was_set_up_again_cant_be_asked_again(
    synced: Home, mail_server: MailServer
) -> None:
    join(synced, mail_server)
    run(synced, "sync")
    position = server_position.ServerPosition("f" * 16)
    server_position.write(synced.newsletter, position)
    assert "would be lost; correct the list" in run(synced, "undo", code=1)
    assert addresses(synced) == [ANN, BOB, JOINER]
