"""briefing collect --mailbox: what colleagues sent by email becomes items of the inbox."""

import json
from pathlib import Path
from typing import NoReturn

import pytest

from briefing.collecting.inbox_notes import InboxNotes
from briefing.newsletter import Newsletter
from tests.cli.collect.web import (
    HEADLINE,
    Web,
    assert_one_line,
    items,
    page,
    tree,
)
from tests.cli.conftest import Run
from tests.mailbox import dovecot
from tests.mailbox.conftest import (
    ImapBox,
    MaildirBox,
    dovecot_server,
    imap_box,
)
from tests.syncing.mailbox.test_source import use_missing_proxy

__all__ = ["dovecot_server", "imap_box"]

SETTINGS = """
[mailbox]
inbox = "colleagues"
senders = ["Mira@example.org"]
checked_by = "mx.example.org"
"""
PASSED = (
    "Authentication-Results: mx.example.org; dmarc=pass header.from=example.org"
)
ARTICLE = """\
Harbour gets its ferry back

Harbour Post, 8 October 2020

The ferry across the harbour runs again from Monday on, the town's council said on Thursday. It had
stopped in spring, when the pier was damaged by a storm, and people from the island had to take a
bus that needed an hour and a half. The council has paid for the repair with money that it had put
aside for a new car park. Tickets cost as much as before, and children travel free of charge until
the end of the year.
"""


def letter(text: str, *fields: str, sender: str = "") -> bytes:
    """An email from a colleague."""
    lines = [
        *(fields or [PASSED]),
        f"From: {sender or 'Mira Solane <mira@example.org>'}",
        "To: inbox@example.org",
        "Subject: Fwd: For this week",
        "Date: Fri, 09 Oct 2020 10:00:00 +0000",
        f"Message-ID: <{hash((text, fields, sender))}@example.org>",
        "Content-Type: text/plain; charset=utf-8",
        "",
        text,
    ]
    return "\n".join(lines).encode()


@pytest.fixture
def mailbox(weekly: Path) -> MaildirBox:
    """The newsletter's mailbox, which is set up."""
    file = weekly / "briefing.toml"
    text = file.read_text("utf-8").replace("[mailbox]\n", SETTINGS)
    file.write_text(text, "utf-8")
    return MaildirBox(weekly / "colleagues")


def note_on(folder: Path, place: int = 0) -> str:
    item = items(folder / "issues" / "inbox" / "issue.md")[place]
    return InboxNotes(Newsletter.find(folder)).of(item)


class TestLinks:
    def test_a_link_is_collected_with_a_note_that_stays_private(
        self, weekly: Path, inbox: Path, mailbox: MaildirBox, run: Run, web: Web
    ) -> None:
        address = web.has("files", page())
        mailbox.deliver(
            letter(
                f"Page 3?\n\n{address}?utm_source=phone\n\n-- \nMira Solane\n"
            )
        )
        result = run("collect", "--mailbox")
        assert (result.exit_code, result.stderr) == (0, "")
        assert "from Mira Solane: “Page 3?”" in result.output
        assert "1 new email; 1 item added" in result.output
        (item,) = items(inbox)
        assert (item.heading, item.link) == (HEADLINE, address)
        assert note_on(weekly) == "from Mira Solane: “Page 3?”"
        issues = b"".join(tree(weekly / "issues").values())
        assert b"Mira" not in issues
        assert b"Page 3" not in issues

    def test_the_mailbox_is_read_through_the_proxy(
        self,
        weekly: Path,
        mailbox: MaildirBox,
        run: Run,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("BRIEFING_MAILBOX_PASSWORD", dovecot.PASSWORD)
        file = weekly / "briefing.toml"
        address = '"imaps://inbox@mail.invalid"'
        text = file.read_text("utf-8").replace('"colleagues"', address)
        file.write_text(text, "utf-8")
        use_missing_proxy(weekly)
        result = run("collect", "--mailbox")
        assert_one_line(result, "there is no proxy at socks5h://127.0.0.1:1")

    def test_a_second_run_adds_nothing(
        self, weekly: Path, mailbox: MaildirBox, run: Run, web: Web
    ) -> None:
        mailbox.deliver(letter(web.has("files", page())))
        assert run("collect", "--mailbox").exit_code == 0
        before = tree(weekly / "issues")
        asked = list(web.asked)
        result = run("collect", "--mailbox")
        assert "0 new emails; no items were added" in result.output
        assert tree(weekly / "issues") == before
        assert web.asked == asked

    def test_emails_since_a_day_are_read_once_more(
        self, weekly: Path, inbox: Path, mailbox: MaildirBox, run: Run, web: Web
    ) -> None:
        mailbox.deliver(letter(web.has("files", page())))
        assert run("collect", "--mailbox").exit_code == 0
        inbox.unlink()
        result = run("collect", "--mailbox", "--since", "2020-10-10")
        assert "1 email; no items were added" in result.output
        result = run("collect", "--mailbox", "--since", "2020-10-09")
        assert "1 item added" in result.output

    def test_emails_before_the_day_are_counted_for_none_is_lost_unseen(
        self, mailbox: MaildirBox, run: Run, web: Web
    ) -> None:
        mailbox.deliver(letter(web.has("files", page())))
        result = run("collect", "--mailbox", "--since", "2020-10-10")
        assert (
            "1 email left out: sent before the day in --since; an earlier day includes them.\n"
            in result.output
        )
        result = run("collect", "--mailbox", "--since", "2020-10-09")
        assert "1 item added" in result.output

    def test_a_page_that_cant_be_fetched_leaves_its_link(
        self, inbox: Path, mailbox: MaildirBox, run: Run, web: Web
    ) -> None:
        mailbox.deliver(letter(web.url("missing")))
        result = run("collect", "--mailbox")
        assert result.exit_code == 0
        (item,) = items(inbox)
        assert (item.heading, item.link) == (
            "For this week",
            web.url("missing"),
        )
        assert "missing: is gone" in result.output

    def test_what_ran_is_left_out(
        self, mailbox: MaildirBox, run: Run, web: Web
    ) -> None:
        address = web.has("files", page())
        assert run("collect", address).exit_code == 0
        mailbox.deliver(letter(address))
        result = run("collect", "--mailbox")
        assert "left out: already in the inbox" in result.output


class TestServer:
    def test_a_folder_on_an_imap_server(
        self,
        weekly: Path,
        inbox: Path,
        mailbox: MaildirBox,
        run: Run,
        web: Web,
        imap_box: ImapBox,  # the fixture
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("BRIEFING_MAILBOX_PASSWORD", dovecot.PASSWORD)
        self.use(weekly, imap_box)
        imap_box.deliver(letter(web.has("files", page())))
        before = imap_box.state()
        assert "1 item added" in run("collect", "--mailbox").output
        assert [item.heading for item in items(inbox)] == [HEADLINE]
        assert "0 new emails" in run("collect", "--mailbox").output
        assert imap_box.state() == before

    def test_a_wrong_password(
        self,
        weekly: Path,
        mailbox: MaildirBox,
        run: Run,
        imap_box: ImapBox,  # the fixture
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("BRIEFING_MAILBOX_PASSWORD", "wrong-word")
        self.use(weekly, imap_box)
        result = run("collect", "--mailbox")
        assert_one_line(result, "rejects the user name or the password")
        assert "wrong-word" not in result.stderr
        assert "@" not in result.stderr

    def use(self, weekly: Path, box: ImapBox) -> None:
        file = weekly / "briefing.toml"
        url = box.server.url(box.folder.replace(" ", "%20"))
        text = file.read_text("utf-8").replace('"colleagues"', f'"{url}"')
        file.write_text(text, "utf-8")


class TestArticles:
    def test_a_forwarded_article_is_read_as_a_brief(
        self, weekly: Path, inbox: Path, mailbox: MaildirBox, run: Run
    ) -> None:
        mailbox.deliver(
            letter(
                "Do take this one.\nMira\n\n"
                "---------- Forwarded message ----------\n"
                "From: Jo Doe <jo@example.net>\nDate: Thu, 8 Oct 2020\n"
                "Subject: Ferry\nTo: Mira Solane <mira@example.org>\n\n"
                + ARTICLE
            )
        )
        result = run("collect", "--mailbox")
        assert result.exit_code == 0
        (item,) = items(inbox)
        assert item.heading == "Harbour gets its ferry back"
        assert item.source == "Harbour Post"
        assert "car park" in item.text
        assert note_on(weekly) == "from Mira Solane: “Do take this one.”"
        text = inbox.read_text("utf-8")
        for word in ("Mira", "mira@", "Jo Doe", "jo@", "Do take"):
            assert word not in text

    def test_a_pasted_article_loses_the_senders_name(
        self, inbox: Path, mailbox: MaildirBox, run: Run
    ) -> None:
        end = "\nMira\nmira@example.org\n\n-- \nMira Solane, Example Watch\n"
        mailbox.deliver(letter(ARTICLE + end))
        assert run("collect", "--mailbox").exit_code == 0
        (item,) = items(inbox)
        assert item.heading == "Harbour gets its ferry back"
        assert "mira" not in inbox.read_text("utf-8").lower()

    def test_an_attached_email_and_a_document(
        self, inbox: Path, mailbox: MaildirBox, run: Run
    ) -> None:
        attached = (
            "--x\nContent-Type: text/plain\n\nTwo for you.\n"
            "--x\nContent-Type: message/rfc822\n\n"
            "From: jo@example.net\nSubject: Ferry\n\n"
            f"{ARTICLE}\n"
            '--x\nContent-Type: text/plain; name="b.txt"\n'
            'Content-Disposition: attachment; filename="b.txt"\n\n'
            f"{ARTICLE.replace('ferry', 'library')}\n--x--\n"
        )
        mail = letter(attached).replace(
            b"text/plain; charset=utf-8", b'multipart/mixed; boundary="x"', 1
        )
        mailbox.deliver(mail)
        result = run("collect", "--mailbox")
        assert result.output.count("from Mira Solane: “Two for you.”") == 2
        assert [item.heading for item in items(inbox)] == [
            "Harbour gets its ferry back",
            "Harbour gets its library back",
        ]


class TestRefusals:
    def test_what_isnt_from_a_colleague_is_counted_with_the_reason(
        self, inbox: Path, mailbox: MaildirBox, run: Run, web: Web
    ) -> None:
        link = web.has("files", page())
        forged = PASSED.replace("mx.example.org", "mx.example.net")
        mailbox.deliver(letter(link, sender="eve@example.net"))
        mailbox.deliver(letter(link, "X-Mailer: Fantasy"))
        mailbox.deliver(letter(link, forged))
        mailbox.deliver(letter(link, PASSED, "Auto-Submitted: auto-replied"))
        mailbox.deliver(letter("Thanks!"))
        result = run("collect", "--mailbox", "--json")
        assert result.exit_code == 0
        assert json.loads(result.output) == {
            "mails": 5,
            "items": [],
            "refused": {"automatic": 1, "empty": 1, "proof": 2, "sender": 1},
            "failures": [],
        }
        assert not inbox.exists()
        assert web.asked == []

    def test_the_reasons_in_words(self, mailbox: MaildirBox, run: Run) -> None:
        mailbox.deliver(letter("x", sender="eve@example.net"))
        output = " ".join(run("collect", "--mailbox").output.split())
        assert "1 email left out: not from an address in 'senders'" in output
        assert "eve@example.net" not in output

    @pytest.mark.parametrize("key", ["inbox", "senders", "checked_by"])
    def test_a_setting_that_is_missing(
        self, weekly: Path, mailbox: MaildirBox, run: Run, key: str
    ) -> None:
        file = weekly / "briefing.toml"
        text = file.read_text("utf-8").replace(f"\n{key} = ", f"\n# {key} = ")
        file.write_text(text, "utf-8")
        result = run("collect", "--mailbox")
        assert result.exit_code == 1
        assert f"'{key}' isn't set; add it under [mailbox]" in " ".join(
            result.stderr.split()
        )

    def test_a_mailbox_that_isnt_there(
        self, weekly: Path, mailbox: MaildirBox, run: Run
    ) -> None:
        mailbox.path.rename(weekly / "elsewhere")
        result = run("collect", "--mailbox")
        assert result.exit_code == 1
        assert "there is no such mailbox" in result.stderr

    def test_a_missing_password(
        self, weekly: Path, mailbox: MaildirBox, run: Run
    ) -> None:
        file = weekly / "briefing.toml"
        url = "imaps://inbox%40example.org@mail.invalid"
        text = file.read_text("utf-8").replace('"colleagues"', f'"{url}"')
        file.write_text(text, "utf-8")
        result = run("collect", "--mailbox")
        assert result.exit_code == 1
        assert "BRIEFING_MAILBOX_PASSWORD" in result.stderr

    @pytest.mark.parametrize(
        "arguments",
        [["--feed"], ["https://example.org"], ["--all"], ["--page", "x.html"]],
    )
    def test_options_that_dont_fit(
        self, weekly: Path, run: Run, arguments: list[str]
    ) -> None:
        assert run("collect", "--mailbox", *arguments).exit_code == 2


def test_a_dry_run_writes_nothing(
    weekly: Path, mailbox: MaildirBox, run: Run, web: Web
) -> None:
    mailbox.deliver(letter(web.has("files", page())))
    before = tree(weekly)
    result = run("collect", "--mailbox", "--dry-run")
    assert "1 item would go into the inbox" in result.output
    assert tree(weekly) == before
    assert "1 item added" in run("collect", "--mailbox").output


@pytest.mark.parametrize(
    "step",
    [
        "briefing.collecting.mailed_intake.InboxNotes.add",
        "briefing.mailbox.positions.Positions.keep",
    ],
)
def test_a_run_that_was_interrupted_is_made_good_by_the_next(
    weekly: Path,
    inbox: Path,
    mailbox: MaildirBox,
    run: Run,
    web: Web,
    step: str,
) -> None:
    mailbox.deliver(letter(f"One.\n{web.has('files', page())}"))
    mailbox.deliver(letter(f"Two.\n\nBegin forwarded message:\n\n{ARTICLE}"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(step, _interrupt)
        assert run("collect", "--mailbox").exit_code != 0
    assert run("collect", "--mailbox").exit_code == 0
    headlines = [item.heading for item in items(inbox)]
    assert sorted(headlines) == [HEADLINE, "Harbour gets its ferry back"]
    notes = [note_on(weekly, place) for place in (0, 1)]
    assert sorted(notes) == [
        "from Mira Solane: “One.”",
        "from Mira Solane: “Two.”",
    ]


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def test_scripts_get_the_items(mailbox: MaildirBox, run: Run, web: Web) -> None:
    address = web.has("files", page())
    mailbox.deliver(letter(f"Look: {address}"))
    found = json.loads(run("collect", "--mailbox", "--json").output)
    assert found["mails"] == 1
    (item,) = found["items"]
    assert item["title"] == HEADLINE
    assert item["url"] == address
    assert item["note"] == "from Mira Solane: “Look:”"
    assert item["added"] is True


def test_an_email_that_cant_be_read_stops_no_other(
    inbox: Path, mailbox: MaildirBox, run: Run, web: Web
) -> None:
    bomb = letter("--x\n" * 30_000).replace(
        b"text/plain; charset=utf-8", b"multipart/mixed; boundary=x", 1
    )
    mailbox.deliver(bomb)
    mailbox.deliver(letter(web.has("files", page())))
    result = run("collect", "--mailbox")
    assert result.exit_code == 1
    assert "the email “Fwd: For this week”: " in result.stderr
    assert "has too many parts" in result.stderr
    assert len(items(inbox)) == 1
