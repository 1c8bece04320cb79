"""Nobody is subscribed who didn't confirm it from their own mailbox, and nothing is kept before."""

from briefing.joining.protocol import Join
from briefing.joining.service import today
from tests.joining.conftest import HOST, MailServer, Server, text_of

DAY = today().isoformat()


class TestTheForm:
    def test_asks_for_address_name_language_and_consent(
        self, server: Server
    ) -> None:
        page = server.get("/join")
        assert page.heading == "Subscribe to Weekly Brief"
        for name in ("address", "name", "lang", "consent", "token"):
            assert f'name="{name}"' in page.text
        assert "I want to get Weekly Brief by mail." in page.text

    def test_a_mail_with_a_link_comes_and_nothing_is_kept(
        self, server: Server, mail_server: MailServer
    ) -> None:
        answer = server.join("amina@example.org", name="Amina", lang="de")
        assert (answer.status, answer.heading) == (
            200,
            "Look into your mailbox",
        )
        address, mail = mail_server.wait()[0]
        assert address == "amina@example.org"
        assert f"https://{HOST}/confirm/" in text_of(mail)
        assert server.requests() == []

    def test_only_the_button_behind_the_link_subscribes(
        self, server: Server, mail_server: MailServer
    ) -> None:
        server.join("amina@example.org", name="Amina", lang="de")
        link = mail_server.link()
        page = server.get(link)
        assert page.heading == "Weekly Brief abonnieren"
        assert server.requests() == []
        assert server.post(f"{link}?lang=en").heading == "You are subscribed"
        (join,) = server.wishes()
        assert join == Join(
            address="amina@example.org",
            lang="de",
            name="Amina",
            form="page",
            wording=join.wording if isinstance(join, Join) else "",
            asked=DAY,
            confirmed=DAY,
        )
