"""Readers without an email at hand type their address. Only home knows whether it is on the list."""

from briefing.joining.service import today
from briefing.joining.wishes import Find
from tests.joining.conftest import Server


def test_an_address_is_kept_for_the_editors_only(server: Server) -> None:
    assert server.get("/find").status == 200
    answer = server.post("/find?lang=de", address=" amina@EXAMPLE.org ")
    assert answer.heading == "Danke"
    assert server.wishes() == [
        Find(address="amina@example.org", lang="de", asked=today().isoformat())
    ]


def test_everybody_sees_the_same_and_it_is_kept_once_a_day(
    server: Server,
) -> None:
    pages = {
        server.post("/find", address=address).body
        for address in ("a@example.org", "b@example.org", "A@example.org")
    }
    assert len(pages) == 1
    assert len(server.requests()) == 2


def test_a_slip_is_named(server: Server) -> None:
    answer = server.post("/find", address="amina@example")
    assert answer.status == 400
    assert "This isn’t an email address" in answer.text
    assert server.requests() == []


def test_programs_that_fill_in_every_field_are_ignored(server: Server) -> None:
    answer = server.post("/find", address="a@example.org", website="x")
    assert answer.heading == "Thank you"
    assert server.requests() == []
