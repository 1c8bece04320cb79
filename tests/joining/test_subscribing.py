"""Nobody is subscribed who didn't confirm it from their own mailbox, and nothing is kept before."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from briefing.joining import protocol
from briefing.joining.service import today
from briefing.joining.wishes import Join, Queued
from tests.joining.conftest import (
    HOST,
    TOKEN,
    MailServer,
    Server,
    form_token,
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
        assert server.batch().counters == {"again": 1}

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
        self, server: Server
    ) -> None:
        answer = server.join("amina@example.org", website="http://x.example")
        assert answer.heading == "Check your inbox"
        assert server.batch().counters == {"robot": 1}

    def test_a_page_can_be_sent_off_a_few_times_only(
        self, server: Server
    ) -> None:
        token = form_token(server.folder)
        answers = [
            server.join(f"reader{number}@example.org", token=token).heading
            for number in range(4)
        ]
        assert answers == [
            *["Check your inbox"] * 3,
            "Subscribe to Weekly Brief",
        ]


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
            lambda _link: "/confirm/x",
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
        assert server.batch().counters["repeated"] == 1

    def test_a_domain_gets_half_of_the_emails_and_editors_decide_on_the_rest(
        self, tmp_path: Path, mail_server: MailServer
    ) -> None:
        folder = make_folder(tmp_path / "small", mail_server.port, per_hour=12)
        with running(folder) as server:
            pages = {
                server.join(f"reader{number}@example.org").body
                for number in range(8)
            }
            server.join("reader@example.net")
            mail_server.wait(7)
            queued = server.wishes()
            assert len(pages) == 1
            assert {type(wish) for wish in queued} == {Queued}
            assert len(queued) == 2
            assert server.batch().mode == "open"

    def test_at_a_spike_it_closes_by_itself_and_stays_closed(
        self, tmp_path: Path, mail_server: MailServer
    ) -> None:
        folder = make_folder(tmp_path / "small", mail_server.port, per_hour=5)
        with running(folder) as server:
            pages = {
                server.join(f"reader@host{number}.example.org").body
                for number in range(20)
            }
            batch = server.batch()
            assert len(pages) == 1
            assert (batch.mode, batch.is_closed_by_itself) == ("closed", True)
            assert len(batch.requests) == 15
            mail_server.wait(5)
        with running(folder) as server:
            server.join("later@example.org")
            assert len(server.batch().requests) == 16
            server.api("POST", protocol.MODE, {"mode": ""})
            batch = server.batch()
            assert (batch.mode, batch.is_closed_by_itself) == ("open", False)
            server.join("again@example.org")
            assert mail_server.wait(6)[-1][0] == "again@example.org"

    def test_after_a_spike_the_editors_can_ask_for_invitations(
        self, tmp_path: Path, mail_server: MailServer
    ) -> None:
        folder = make_folder(tmp_path / "small", mail_server.port, per_hour=1)
        with running(folder) as server:
            server.join("reader@host1.example.org")
            server.join("reader@host2.example.org")
            assert server.batch().is_closed_by_itself
        settings = folder / "briefing.toml"
        text = settings.read_text("utf-8")
        text = text.replace("per_hour = 1", 'per_hour = 1\nmode = "invited"')
        settings.write_text(text, "utf-8")
        with running(folder) as server:
            server.join("reader@host3.example.org")
            assert server.batch().mode == "invited"
            assert len(server.batch().requests) == 1

    def test_what_waits_can_be_confirmed_after_an_editor_agreed(
        self, server: Server
    ) -> None:
        server.api("POST", protocol.MODE, {"mode": "closed"})
        server.join("amina@example.org", lang="ug")
        (queued,) = server.wishes()
        assert isinstance(queued, Queued)
        assert (queued.address, queued.lang) == ("amina@example.org", "ug")
        answer = server.post(f"/confirm/{queued.sealed}?lang=en")
        assert answer.heading == "You are subscribed"
        assert {type(wish) for wish in server.wishes()} == {Queued, Join}


class TestInvitations:
    CODE = "an-invitation-of-ours"

    def test_without_one_nobody_joins(self, server: Server) -> None:
        server.api("POST", protocol.MODE, {"mode": "invited"})
        for answer in (
            server.get("/join"),
            server.join("amina@example.org"),
            server.join("amina@example.org", path=f"/join/{self.CODE}"),
            server.join("amina@example.org", path="/join/x"),
        ):
            assert answer.heading == "By invitation only"

    def test_with_one_somebody_joins(
        self, server: Server, mail_server: MailServer
    ) -> None:
        server.api("POST", protocol.MODE, {"mode": "invited"})
        digests = protocol.token_digest(self.CODE)
        assert server.api("PUT", protocol.INVITATIONS, digests).status == 200
        page = server.get(f"/join/{self.CODE}")
        assert f'action="/join/{self.CODE}?lang=en"' in page.text
        server.join("amina@example.org", path=f"/join/{self.CODE}")
        server.post(mail_server.link())
        (join,) = server.wishes()
        assert isinstance(join, Join)
        assert join.form == "invitation"

    def test_too_many_still_need_one(
        self, tmp_path: Path, mail_server: MailServer
    ) -> None:
        folder = make_folder(tmp_path / "small", mail_server.port, per_hour=5)
        with running(folder) as server:
            server.api("POST", protocol.MODE, {"mode": "invited"})
            digest = protocol.token_digest(self.CODE)
            server.api("PUT", protocol.INVITATIONS, digest)
            for number in range(8):
                address = f"reader@host{number}.example.org"
                server.join(address, path=f"/join/{self.CODE}")
            assert len(server.wishes()) == 3
            assert server.batch().mode == "invited"
            answer = server.join("amina@example.org")
            assert answer.heading == "By invitation only"

    def test_one_that_was_withdrawn_is_none(self, server: Server) -> None:
        server.api("POST", protocol.MODE, {"mode": "invited"})
        server.api(
            "PUT", protocol.INVITATIONS, protocol.token_digest(self.CODE)
        )
        server.api("PUT", protocol.INVITATIONS, b"")
        answer = server.join("amina@example.org", path=f"/join/{self.CODE}")
        assert answer.heading == "By invitation only"
