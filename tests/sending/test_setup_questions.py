"""The questions of 'briefing setup'."""

from collections.abc import Mapping

import pytest

from briefing.configuration.settings import TABLES
from briefing.configuration.toml_tables import kind_of
from briefing.sending import setup_questions
from briefing.sending.setup_questions import (
    SENDER,
    TEST_ADDRESSES,
    UNSUBSCRIBE_ADDRESS,
    UNSUBSCRIBE_PAGE,
    SetupQuestion,
    of_newsletter,
    of_provider,
)
from briefing.sending.transports import registry
from briefing.sending.transports.registry import Provider

PORT = SetupQuestion("smtp", "port")
SECURITY = SetupQuestion("smtp", "security")
USERNAME = SetupQuestion("smtp", "username")


@pytest.mark.parametrize("provider", registry.PROVIDERS.values())
def test_every_question_has_an_explanation_and_a_setting(
    provider: Provider,
) -> None:
    explanations = setup_questions.explanations()
    for question in [*of_provider(provider), *of_newsletter(dict)]:
        assert explanations[question.name]
        assert kind_of(TABLES[question.table], question.key) in {str, int, list}


@pytest.mark.parametrize("provider", registry.PROVIDERS.values())
def test_what_a_provider_requires_is_asked_for(provider: Provider) -> None:
    assert set(provider.required) <= set(provider.keys)


def test_a_setting_is_answered_if_the_file_sets_it() -> None:
    assert not PORT.is_answered({})
    assert PORT.is_answered({"smtp": {"port": 465}})


@pytest.mark.parametrize(
    ("smtp", "suggestion"),
    [
        ({"port": 465}, "tls"),
        ({"port": 587, "security": "tls"}, "starttls"),
        ({"port": 2525, "security": "none"}, "none"),
        ({"port": 2525, "security": "none", "host": "a.org"}, "starttls"),
        ({"port": 2525}, None),
        ({}, None),
    ],
)
def test_the_port_says_how_the_connection_is_encrypted(
    smtp: Mapping[str, object], suggestion: str | None
) -> None:
    assert SECURITY.suggestion({"smtp": smtp}) == suggestion


def test_no_encryption_is_an_answer_only_for_a_server_on_this_computer() -> (
    None
):
    smtp = {"host": "localhost", "security": "none"}
    assert SECURITY.is_answered({"smtp": smtp})
    smtp["host"] = "smtp.example.org"
    assert not SECURITY.is_answered({"smtp": smtp})
    assert SECURITY.problem("none", {"smtp": smtp})
    assert not SECURITY.problem("tls", {"smtp": smtp})


def test_an_empty_value_is_an_answer_only_where_none_is_possible() -> None:
    assert USERNAME.is_answered({"smtp": {"username": ""}})
    assert not TEST_ADDRESSES.is_answered({"send": {"test": []}})


def test_the_sender_of_the_example_is_not_an_answer() -> None:
    given = {"newsletter": {"from": "Valley Brief <brief@example.org>"}}
    assert not SENDER.is_answered(given)
    assert SENDER.is_answered({"newsletter": {"from": "a@example.org"}})


def test_readers_need_one_way_to_unsubscribe() -> None:
    page = {"unsubscribe": {"url": "https://example.org/{token}"}}
    assert UNSUBSCRIBE_ADDRESS not in list(of_newsletter(lambda: page))
    both = [UNSUBSCRIBE_PAGE, UNSUBSCRIBE_ADDRESS]
    assert [asked for asked in of_newsletter(dict) if asked in both] == both


def test_what_is_typed_becomes_what_the_file_needs() -> None:
    assert PORT.parse(" 465 ") == 465
    assert PORT.parse("abc") == "abc"  # settings.py says what is wrong with it
    assert TEST_ADDRESSES.parse(
        "a@example.org, b@example.org;c@example.org"
    ) == [
        "a@example.org",
        "b@example.org",
        "c@example.org",
    ]
