"""A change of the list reaches everything that must know of it, also if it is interrupted."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from briefing.errors import BusyError, LedgerError, RefusedError
from briefing.issue import receipt
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending import list_update, receipts
from briefing.sending.ledger import send_lock
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.ledger.schema import State
from briefing.sending.list_update import Editing
from briefing.sending.preflight import gathering
from briefing.sending.preflight.facts import SendRequest
from briefing.storage import files
from briefing.subscribers import last_change, list_file
from briefing.subscribers.moves import Moves
from briefing.subscribers.reader_changes import Add, Move, Set
from briefing.subscribers.suppression import Suppression, token_of
from tests.sending.conftest import (
    ISSUE_ID,
    NOW,
    all_readers,
    counts,
    ledger_of,
    plan_of,
    received,
    send_approved,
    send_issue,
    smtp_to,
    write_list,
)
from tests.sending.servers.smtp import SmtpServer

READER, NEW = "reader1@example.org", "moved@example.net"
LEFT = "reader29@example.org"
"""Got the issue, and is on the list no more."""
DAY = dt.date(2020, 10, 1)


@contextmanager
def editing(newsletter: Newsletter) -> Iterator[Editing]:
    with list_update.editing(newsletter, Key.of(newsletter), NOW) as opened:
        yield opened


def move(newsletter: Newsletter, old: str = READER, new: str = NEW) -> None:
    with editing(newsletter) as opened:
        opened.apply([Move(old, new)], "1 reader moved")


def interrupted_move(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A move whose program dies once the list is replaced."""
    replace = list_file.replace

    def replace_and_die(*arguments: object) -> None:
        replace(*arguments)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(list_file, "replace", replace_and_die)
        with pytest.raises(KeyboardInterrupt):
            move(newsletter)


class TestSends:
    def test_an_email_that_was_sent_is_not_sent_again(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server))
        move(sendable)
        with pytest.raises(RefusedError, match="already sent to every reader"):
            send_issue(sendable, smtp_to(sendable, server))
        assert received(server) == all_readers(30)

    def test_an_email_that_is_queued_goes_to_the_new_address(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=10)
        waiting = all_readers(30) - received(server)
        before = next(iter(waiting))
        move(sendable, before, NEW)
        result = send_issue(sendable, smtp_to(sendable, server))
        assert counts(result) == {State.ACCEPTED: 30}
        expected = all_readers(30) - Counter([before]) + Counter([NEW])
        assert received(server) == expected

    def test_a_move_after_the_list_was_read_stops_the_send(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        """The list in memory has the old address, which would get a second email one day."""
        transport = smtp_to(sendable, server)
        request = SendRequest(via=transport.name, untested=True)
        with ledger_of(sendable) as ledger:
            plan = plan_of(sendable)
            approved = gathering.examine(plan, ledger, request, NOW)
            move(sendable)
            with pytest.raises(BusyError, match="an address on the list"):
                send_approved(plan, ledger, transport, approved)
        assert not received(server)
        send_issue(sendable, smtp_to(sendable, server))
        assert received(server)[NEW] == 1

    def test_the_move_is_finished_before_the_next_send(
        self,
        sendable: Newsletter,
        server: SmtpServer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server))
        interrupted_move(sendable, monkeypatch)
        with pytest.raises(RefusedError, match="already sent to every reader"):
            send_issue(sendable, smtp_to(sendable, server))
        assert received(server) == all_readers(30)

    def test_a_rehearsal_has_the_new_address(
        self, sendable: Newsletter
    ) -> None:
        send_issue(sendable)
        move(sendable)
        assert counts(send_issue(sendable)) == {State.ACCEPTED: 30}

    def test_the_receipt_counts_a_reader_with_two_rows_once(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server))
        write_list(sendable, 29)
        move(sendable, "reader28@example.org", "reader29@example.org")
        sent = receipt.read(sendable.issues / ISSUE_ID)
        assert sent
        assert (sent.readers, sent.claimed) == (29, 30)
        with pytest.raises(RefusedError, match="already sent to every reader"):
            send_issue(sendable, smtp_to(sendable, server))

    def test_nothing_changes_while_a_send_runs(
        self, sendable: Newsletter
    ) -> None:
        before = sendable.subscribers.read_bytes()
        with send_lock.hold(sendable), pytest.raises(BusyError) as caught:
            move(sendable)
        assert caught.value.exit_code == 75
        assert sendable.subscribers.read_bytes() == before

    def test_nothing_changes_if_the_ledger_cannot_be_read(
        self, sendable: Newsletter
    ) -> None:
        with ledger_of(sendable) as ledger:
            path = ledger.path
        path.write_bytes(b"damaged")
        before = sendable.subscribers.read_bytes()
        with pytest.raises(LedgerError):
            move(sendable)
        assert sendable.subscribers.read_bytes() == before


class TestSuppression:
    def test_who_left_by_the_old_address_gets_no_email_at_the_new_one(
        self, sendable: Newsletter, key: Key
    ) -> None:
        old, new = token_of(key, READER), token_of(key, NEW)
        Suppression.of(sendable).add([old], "complaint", DAY)
        move(sendable)
        removal = Suppression.of(sendable).find(new)
        assert removal
        assert (removal.reason, removal.date) == ("complaint", "2020-10-01")

    def test_the_old_links_lead_to_the_reader(
        self, sendable: Newsletter, key: Key
    ) -> None:
        move(sendable)
        moves = Moves.of(sendable)
        assert moves.current(token_of(key, READER)) == token_of(key, NEW)

    def test_an_address_spelt_differently_is_not_a_move(
        self, sendable: Newsletter
    ) -> None:
        move(sendable, READER, "Reader1@example.org")
        assert not Moves.of(sendable).path.exists()

    def test_who_is_added_with_a_left_address_is_another_reader(
        self, sendable: Newsletter, key: Key
    ) -> None:
        move(sendable)
        with editing(sendable) as opened:
            opened.apply([Add(READER)], "1 reader added")
        token = token_of(key, READER)
        assert Moves.of(sendable).current(token) == token


class TestInterrupted:
    def test_the_next_command_finishes_it(
        self,
        sendable: Newsletter,
        key: Key,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        interrupted_move(sendable, monkeypatch)
        with editing(sendable):
            pass
        token = token_of(key, READER)
        assert Moves.of(sendable).current(token) == token_of(key, NEW)
        change = last_change.read(sendable)
        assert change
        assert change.is_complete

    def test_also_if_the_list_was_edited_since(
        self,
        sendable: Newsletter,
        key: Key,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        interrupted_move(sendable, monkeypatch)
        with sendable.subscribers.open("ab") as file:
            file.write(b"own@example.org,,\n")
        list_update.finish_interrupted(sendable, key)
        assert Moves.of(sendable).path.exists()
        with pytest.raises(RefusedError, match="was edited after"):
            list_update.require_last(sendable, key)

    def test_a_list_that_is_missing_is_asked_for(
        self,
        sendable: Newsletter,
        key: Key,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        interrupted_move(sendable, monkeypatch)
        sendable.subscribers.rename(sendable.root / "renamed.csv")
        with pytest.raises(RefusedError, match="put the file back"):
            list_update.finish_interrupted(sendable, key)

    def test_a_change_that_did_not_happen_is_forgotten(
        self,
        sendable: Newsletter,
        key: Key,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def die(*arguments: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(list_file, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            move(sendable)
        list_update.finish_interrupted(sendable, key)
        assert last_change.read(sendable) is None
        assert not Moves.of(sendable).path.exists()


STEPS = [
    (last_change, "copy_files"),
    (last_change, "write"),
    (Moves, "add"),
    (Suppression, "add"),
    (Ledger, "move_readers"),
    (receipts, "renew"),
    (list_file, "replace"),
]
"""What a move does, in this order; then it writes that it is complete."""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS, ids=[name for _, name in STEPS])
def test_killed_at_any_step_a_move_is_done_completely_or_not_at_all(
    sendable: Newsletter,
    key: Key,
    server: SmtpServer,
    monkeypatch: pytest.MonkeyPatch,
    step: tuple[object, str],
    when: str,
) -> None:
    """Nobody gets the issue twice, and who left by the old address gets no emails at the new one."""
    send_issue(sendable, smtp_to(sendable, server))
    write_list(sendable, 29)
    Suppression.of(sendable).add([token_of(key, READER)], "asked", DAY)
    before = sendable.subscribers.read_bytes()
    with monkeypatch.context() as patched:
        dying(patched, *step, when=when)
        with pytest.raises(KeyboardInterrupt):
            move(sendable, READER, LEFT)
    list_update.finish_interrupted(sendable, key)
    was_moved = sendable.subscribers.read_bytes() != before
    assert was_moved == ((step[1], when) == ("replace", "after"))
    new = token_of(key, LEFT)
    assert (Moves.of(sendable).current(token_of(key, READER)) == new) == (
        was_moved
    )
    if was_moved:
        assert new in Suppression.of(sendable)
        list_update.undo(sendable, key, list_update.require_last(sendable, key))
        assert sendable.subscribers.read_bytes() == before
    with pytest.raises(RefusedError, match="already sent to every reader"):
        send_issue(sendable, smtp_to(sendable, server))
    assert received(server) == all_readers(30)


def dying(
    patched: pytest.MonkeyPatch, owner: object, name: str, *, when: str
) -> None:
    """Let the program die at a step, before or after it."""
    step = getattr(owner, name)

    def die(*arguments: object, **options: object) -> None:
        if when == "after":
            step(*arguments, **options)
        raise KeyboardInterrupt

    patched.setattr(owner, name, die)


def undo(newsletter: Newsletter) -> None:
    key = Key.of(newsletter)
    change = list_update.require_last(newsletter, key)
    list_update.undo(newsletter, key, change)


def everything(newsletter: Newsletter) -> tuple[object, ...]:
    """What an undo puts back: the list, the record of moves, who is suppressed, and all rows of the ledger."""
    with ledger_of(newsletter) as ledger:
        rows = ledger._db.execute("SELECT * FROM delivery").fetchall()
    moves = Moves.of(newsletter)
    path = Suppression.of(newsletter).path
    return (
        newsletter.subscribers.read_bytes(),
        moves.all,
        path.read_bytes() if path.exists() else b"",
        rows,
    )


UNDO_STEPS = [
    (last_change, "write"),
    (list_file, "replace"),
    (Suppression, "put_back"),
    (files, "write_private"),
    (Ledger, "put_back_rows"),
    (receipts, "renew"),
    (last_change, "forget"),
]


class TestUndo:
    def test_added_readers_are_gone(self, sendable: Newsletter) -> None:
        before = everything(sendable)
        with editing(sendable) as opened:
            opened.apply([Add(NEW)], "1 reader added")
        undo(sendable)
        assert everything(sendable) == before
        with pytest.raises(RefusedError, match="nothing to undo"):
            undo(sendable)
        assert not list(sendable.state.glob("undo*"))

    @pytest.mark.parametrize("new", [NEW, LEFT])
    @pytest.mark.parametrize("limit", [None, 10])
    def test_a_move_is_taken_back_everywhere(
        self,
        sendable: Newsletter,
        key: Key,
        server: SmtpServer,
        new: str,
        limit: int | None,
    ) -> None:
        """Also if somebody unsubscribed at the new address, or has the issue there."""
        send_issue(sendable, smtp_to(sendable, server), limit=limit)
        write_list(sendable, 29)
        Suppression.of(sendable).add([token_of(key, new)], "asked", DAY)
        before = everything(sendable)
        move(sendable, READER, new)
        assert everything(sendable) != before
        undo(sendable)
        assert everything(sendable) == before
        assert token_of(key, READER) not in Suppression.of(sendable)
        # Links in emails lead to whom they led before.
        for address in (READER, new):
            token = token_of(key, address)
            assert Moves.of(sendable).current(token) == token

    def test_a_departure_is_taken_back(
        self, sendable: Newsletter, key: Key
    ) -> None:
        before = everything(sendable)
        token = token_of(key, READER)
        with list_update.suppressing(sendable, key, NOW, "1 reader left"):
            Suppression.of(sendable).add([token], "asked", DAY)
        undo(sendable)
        assert token not in Suppression.of(sendable)
        assert everything(sendable)[0] == before[0]

    def test_in_a_renamed_folder(self, sendable: Newsletter) -> None:
        before = sendable.subscribers.read_bytes()
        move(sendable)
        folder = sendable.root.rename(sendable.root.with_name("renamed"))
        renamed = Newsletter(folder)
        undo(renamed)
        assert renamed.subscribers.read_bytes() == before

    @pytest.mark.parametrize("when", ["before", "after"])
    @pytest.mark.parametrize(
        "step", UNDO_STEPS, ids=[name for _, name in UNDO_STEPS]
    )
    def test_killed_at_any_step_it_is_done_completely_or_not_at_all(
        self,
        sendable: Newsletter,
        key: Key,
        server: SmtpServer,
        monkeypatch: pytest.MonkeyPatch,
        step: tuple[object, str],
        when: str,
    ) -> None:
        # A first move, so that there is a record of moves to put back.
        move(sendable, "reader2@example.org", "other@example.org")
        send_issue(sendable, smtp_to(sendable, server))
        Suppression.of(sendable).add([token_of(key, READER)], "asked", DAY)
        before = everything(sendable)
        move(sendable)
        after = everything(sendable)
        with monkeypatch.context() as patched:
            dying(patched, *step, when=when)
            with pytest.raises(KeyboardInterrupt):
                undo(sendable)
        list_update.finish_interrupted(sendable, key)
        if everything(sendable) == after:
            undo(sendable)
        assert everything(sendable) == before

    def test_what_came_after_is_not_lost(
        self, sendable: Newsletter, key: Key
    ) -> None:
        move(sendable)
        with sendable.subscribers.open("ab") as file:
            file.write(b"new@example.org\n")
        with pytest.raises(RefusedError, match="was edited after"):
            undo(sendable)

    def test_who_left_by_an_old_link_since_stays_unsubscribed(
        self, sendable: Newsletter, key: Key
    ) -> None:
        move(sendable)
        Suppression.of(sendable).add([token_of(key, READER)], "left", DAY)
        with pytest.raises(RefusedError, match="readers have left"):
            undo(sendable)

    def test_an_email_since_makes_it_impossible(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=10)
        move(sendable)
        send_issue(sendable, smtp_to(sendable, server), limit=1)
        with pytest.raises(RefusedError, match="emails were sent"):
            undo(sendable)

    def test_a_sync_makes_it_impossible(self, sendable: Newsletter) -> None:
        move(sendable)
        list_update.end_undo(sendable)
        with pytest.raises(RefusedError, match="a sync has run"):
            undo(sendable)
        assert not list(sendable.state.glob("undo-*"))

    def test_the_copies_are_deleted_after_a_week(
        self, sendable: Newsletter
    ) -> None:
        move(sendable)
        last_change.forget_old(sendable, NOW + dt.timedelta(days=7))
        assert list(sendable.state.glob("undo-*"))
        last_change.forget_old(sendable, NOW + dt.timedelta(days=8))
        assert not list(sendable.state.glob("undo*"))


def test_a_change_that_changes_nothing_leaves_the_last_one_to_undo(
    sendable: Newsletter,
) -> None:
    for what in ("first", "second"):
        with editing(sendable) as opened:
            opened.apply([Set(READER, "name", "Ann")], what)
    change = last_change.read(sendable)
    assert change
    assert change.what == "first"
