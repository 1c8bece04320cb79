"""Readers change language, name and address by the link in each email; a new address confirms."""

import pytest

from briefing.joining.service import today
from briefing.joining.wishes import Change
from tests.joining.conftest import OTHER, TOKEN, MailServer, Server


def change(**fields: str) -> Change:
    return Change(token=TOKEN, confirmed=today().isoformat(), **fields)


def test_language_and_name_change_at_once(server: Server) -> None:
    assert server.get(f"/change/{TOKEN}").status == 200
    assert server.requests() == []
    answer = server.post(f"/change/{TOKEN}", lang="ug", name="ئامىنە")
    assert answer.heading == "Thank you"
    assert server.wishes() == [change(lang="ug", name="ئامىنە")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("J.R. Łukasz-O'Neill, Dr.", "J. R. Łukasz-O'Neill, Dr."),
        ("Win at https://evil.example/x", "Win at https evil. example x"),
        (
            "me@evil.example www.evil.example",
            "me evil. example www. evil. example",
        ),
        ("evil．example evil。example", "evil． example evil。 example"),
        ("غۇلام م. ئىمىن", "غۇلام م. ئىمىن"),
    ],
)
def test_no_name_becomes_a_link_in_the_emails_that_greet_with_it(
    server: Server, typed: str, kept: str
) -> None:
    server.post(f"/change/{TOKEN}", name=typed)
    assert server.wishes() == [change(name=kept)]


def test_what_stays_empty_stays_as_it_is(server: Server) -> None:
    server.post(f"/change/{TOKEN}", lang="", name="", address="")
    server.post(f"/change/{TOKEN}", lang="xx")
    assert server.requests() == []
    server.post(f"/change/{TOKEN}", lang="de", name="")
    assert server.wishes() == [change(lang="de")]


def test_a_new_address_counts_once_it_is_confirmed(
    server: Server, mail_server: MailServer
) -> None:
    answer = server.post(
        f"/change/{TOKEN}", address="amina@example.net", name="Amina"
    )
    assert "You will get an email with a link at the new address" in answer.text
    link = mail_server.link()
    assert mail_server.mails[0][0] == "amina@example.net"
    assert server.requests() == []
    assert server.get(link).heading == "Your new address"
    assert server.requests() == []
    assert server.post(link).heading == "Thank you"
    server.post(link)
    changed = change(address="amina@example.net", name="Amina")
    assert server.wishes() == [changed]


def test_an_unknown_token_gets_the_same_answers_and_no_email(
    server: Server, mail_server: MailServer
) -> None:
    for fields in ({"lang": "de"}, {"address": "amina@example.net"}):
        known = server.post(f"/change/{TOKEN}", **fields)
        unknown = server.post(f"/change/{OTHER}", **fields)
        assert known.body == unknown.body
    server.post(f"/change/{TOKEN}", address="last@example.net")
    addresses = [address for address, _ in mail_server.wait(2)]
    assert addresses == ["amina@example.net", "last@example.net"]
    assert server.wishes() == [change(lang="de")]


def test_an_address_that_is_none_is_named(server: Server) -> None:
    answer = server.post(f"/change/{TOKEN}", address="amina")
    assert answer.status == 400
    assert "This isn’t an email address" in answer.text


def test_one_token_changes_things_a_few_times_a_day(server: Server) -> None:
    answers = [
        server.post(f"/change/{TOKEN}", lang="de").status for _ in range(12)
    ]
    assert answers == [200] * 10 + [503] * 2
