"""Nobody is subscribed who didn't confirm it from their own mailbox, and nothing is kept before."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from briefing.joining import protocol
from briefing.joining.protocol import RequestKind
from briefing.joining.service import today
from briefing.joining.wishes import Join
from tests.joining.conftest import (
    HOST,
    TOKEN,
    MailServer,
    Server,
    make_folder,
    running,
    text_of,
)


class TestTheForm:
    def test_asks_for_address_name_language_and_consent(
        self, server: Server
    ) -> None:
        page = server.get("/join")
        assert page.heading == "Subscribe to Weekly Brief"
        for name in ("address", "name", "lang", "consent", "token"):
            assert f'name="{name}"' in page.text
        assert "I want to get Weekly Brief by email." in page.text

    def test_an_email_with_a_link_comes_and_nothing_is_kept(
        self, server: Server, mail_server: MailServer
    ) -> None:
        answer = server.join("amina@example.org", name="Amina", lang="de")
        assert (answer.status, answer.heading) == (
            200,
            "Check your inbox",
        )
        address, mail = mail_server.wait()[0]
        assert address == "amina@example.org"
        assert f"https://{HOST}/confirm/" in text_of(mail)
        assert server.requests() == []

    def test_nothing_that_was_typed_is_in_the_email(
        self, server: Server, mail_server: MailServer
    ) -> None:
        name = "Buy cheap at http://example.net"
        server.join("amina@example.org", name=name, lang="en")
        mail = mail_server.wait()[0][1]
        assert b"cheap" not in mail
        assert "cheap" not in text_of(mail)
        assert "example.net" not in text_of(mail)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"address": "amina@"}, "This isn’t an email address"),
            (
                {"address": "a@b.org, c@d.org"},
                "This isn’t an email address",
            ),
            ({"address": ""}, "This isn’t an email address"),
            ({"consent": ""}, "Please tick the box"),
            ({"token": ""}, "Please check everything"),
            ({"token": "1.2.3"}, "Please check everything"),
        ],
    )
    def test_a_mistake_is_named_and_nothing_typed_is_lost(
        self, server: Server, change: dict[str, str], words: str
    ) -> None:
        filled = {"address": "amina@example.org", "name": "“Amina”"}
        answer = server.join(**(filled | change))
        assert words in answer.text
        assert 'value="“Amina”"' in answer.text
        assert answer.heading == "Subscribe to Weekly Brief"
        assert server.requests() == []

    def test_what_was_typed_is_escaped(self, server: Server) -> None:
        answer = server.join('"><script>alert(1)</script>', name="<b>'\"")
        assert "<script" not in answer.text
        assert "<b>" not in answer.text
        assert "&#34;&gt;&lt;script&gt;" in answer.text

    def test_a_form_that_comes_back_at_once_is_shown_again(
        self, server: Server, mail_server: MailServer
    ) -> None:
        page = server.get("/join").text
        found = re.search('name="token" value="(.*?)"', page)
        assert found
        early = server.join("amina@example.org", token=found[1])
        assert "Please check everything" in early.text
        # The same token is good in a moment.
        assert found[1] in early.text

    def test_a_form_of_another_site_gets_our_page_filled_in(
        self, server: Server, mail_server: MailServer
    ) -> None:
        page = server.post(
            "/join", address="amina@example.org", form="front-page", lang="de"
        )
        assert 'value="amina@example.org"' in page.text
        assert 'name="form" value="front-page"' in page.text
        assert '<option value="de" lang="de" selected>' in page.text
        server.join("amina@example.org", form="front-page", lang="de")
        server.post(mail_server.link())
        (join,) = server.wishes()
        assert isinstance(join, Join)
        assert join.form == "front-page"

    def test_programs_that_fill_in_every_field_are_ignored(
        self, server: Server, mail_server: MailServer
    ) -> None:
        answer = server.join("amina@example.org", website="http://x.example")
        assert answer.heading == "Check your inbox"
        server.join("last@example.org")
        assert mail_server.wait()[0][0] == "last@example.org"


class TestConfirming:
    def test_only_the_button_behind_the_link_subscribes(
        self, server: Server, mail_server: MailServer
    ) -> None:
        server.join("amina@example.org", name="Amina", lang="de")
        link = mail_server.link()
        for _ in range(3):
            page = server.get(link)
        assert page.heading == "Weekly Brief abonnieren"
        assert server.requests() == []
        assert server.post(f"{link}?lang=en").heading == "You are subscribed"
        assert server.wishes() == [
            Join(
                address="amina@example.org",
                lang="de",
                name="Amina",
                form="page",
                wording="Ich möchte Weekly Brief per Mail bekommen. Ich kann jederzeit abbestellen.",
                asked=today().isoformat(),
                confirmed=today().isoformat(),
            )
        ]

    def test_a_second_click_says_the_same_and_adds_nothing(
        self, server: Server, mail_server: MailServer
    ) -> None:
        server.join("amina@example.org")
        link = mail_server.link()
        first, second = server.post(link), server.post(link)
        assert first.body == second.body
        assert len(server.requests()) == 1

    def test_nor_does_one_after_home_has_taken_the_request(
        self, server: Server, mail_server: MailServer
    ) -> None:
        server.join("amina@example.org")
        link = mail_server.link()
        server.post(link)
        batch = server.batch()
        up_to = {"store": batch.store, "up_to": batch.requests[-1].id}
        server.api("POST", protocol.ACKNOWLEDGED, up_to)
        server.post(link)
        assert len(server.requests()) == 1

    @pytest.mark.parametrize(
        "change",
        [
            lambda link: link[:-5],
            lambda link: link + "AAAA",
            lambda link: (
                link[:20] + ("B" if link[20] == "A" else "A") + link[21:]
            ),
            lambda _link: "/confirm/" + "A" * 100,
            lambda _link: "/confirm/" + "A" * 10_000,
        ],
    )
    def test_a_link_that_was_changed_is_no_longer_valid(
        self,
        server: Server,
        mail_server: MailServer,
        change: Callable[[str], str],
    ) -> None:
        server.join("amina@example.org")
        link = change(mail_server.link())
        for method in ("GET", "POST"):
            answer = server.ask(method, link)
            assert answer.status == 404
            assert answer.heading == "This link is no longer valid"
        assert server.requests() == []

    def test_without_the_servers_key_links_end_and_nothing_else(
        self, folder: Path, mail_server: MailServer
    ) -> None:
        with running(folder) as server:
            server.send_tokens(TOKEN)
            server.join("amina@example.org")
            link = mail_server.link()
        (folder / ".briefing" / "joining.key").unlink()
        with running(folder) as server:
            assert server.post(link).status == 404
            assert server.post(f"/leave/{TOKEN}").status == 200
            assert len(server.requests()) == 1


class TestLimits:
    def test_an_address_gets_one_email_a_day_and_the_page_says_the_same(
        self, server: Server, mail_server: MailServer
    ) -> None:
        first = server.join("amina@example.org")
        second = server.join("Amina@example.org")
        server.join("else@example.org")
        assert first.body == second.body
        addresses = [address for address, _ in mail_server.wait(2)]
        assert addresses == ["amina@example.org", "else@example.org"]

    def test_when_the_hour_is_full_nothing_is_kept_and_leaving_still_works(
        self, tmp_path: Path, mail_server: MailServer
    ) -> None:
        folder = make_folder(tmp_path / "small", mail_server.port, per_hour=2)
        with running(folder) as server:
            answers = [
                server.join(f"reader@host{number}.example.org")
                for number in range(4)
            ]
            # Whoever had an email learns no more than others.
            answers.append(server.join("reader@host0.example.org"))
            assert [each.status for each in answers] == [200] * 2 + [503] * 3
            assert "try again in an hour" in answers[-1].text
            assert server.post(f"/leave/{TOKEN}").status == 200
            kinds = [request.kind for request in server.requests()]
            assert kinds == [RequestKind.LEAVE]
            mail_server.wait(2)
        assert len(mail_server.mails) == 2

    def test_without_a_form_links_that_were_mailed_still_work(
        self, folder: Path, mail_server: MailServer
    ) -> None:
        with running(folder) as server:
            server.join("amina@example.org")
            link = mail_server.link()
        path = folder / "briefing.toml"
        text = path.read_text("utf-8")
        path.write_text(f"{text}form = false\n", "utf-8")
        with running(folder) as server:
            for answer in (server.get("/join"), server.join("b@example.org")):
                assert "Nobody can subscribe here" in answer.text
            assert server.post(link).heading == "You are subscribed"
            assert server.post(f"/leave/{TOKEN}").status == 200
            assert len(server.requests()) == 2
        assert len(mail_server.mails) == 1
