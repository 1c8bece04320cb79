"""Emails that say only that their sender wants to leave."""

import pytest

from briefing.syncing.leaving_words import asks_to_leave


@pytest.mark.parametrize(
    "text",
    [
        "unsubscribe",
        "UNSUBSCRIBE!",
        "Re: Unsubscribe",
        "Please unsubscribe me, thank you.",
        "Remove me from your list",
        "STOP",
        "AW: Abbestellen",
        "Bitte tragen Sie mich aus.",
        "Re: Abonelikten çık",
        "Aboneliğimi iptal edin lütfen",
        "退订",
        "请取消订阅，谢谢",
        "مۇشتەرىلىكنى ئەمەلدىن قالدۇرۇش",
        "  unsubscribe\n",
    ],
)
def test_a_wish_to_leave(text: str) -> None:
    assert asks_to_leave(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "please",
        "Re:",
        "Why did my neighbour unsubscribe?",
        "How do I unsubscribe?",
        "Don't unsubscribe me",
        "Please do not remove me from the list",
        "unsubscribe bob@example.org",
        "I can't unsubscribe",
        "stop the deportations",
        "我没有退订",
        "subscribe",
        "The unsubscribe link doesn't work",
    ],
)
def test_other_words(text: str) -> None:
    assert not asks_to_leave(text)
