"""What a server's answers mean, in tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.errors import TransportError
from briefing.sending.ledger.schema import State
from briefing.sending.transports.replies import (
    Reply,
    Stage,
    judge,
    without_numbers,
)
from tests.mail.test_headers import texts

ADDRESS = "reader@example.org"


class TestJudge:
    @pytest.mark.parametrize("stage", Stage)
    @pytest.mark.parametrize("code", [200, 250, 251, 252])
    def test_success(self, stage: Stage, code: int) -> None:
        assert judge(stage, Reply(code, "2.0.0 ok")) is (
            State.ACCEPTED if stage is Stage.DOT else None
        )

    @pytest.mark.parametrize("stage", Stage)
    def test_a_3xx_reply_never_accepts_an_email(self, stage: Stage) -> None:
        assert judge(stage, Reply(354, "go on")) is None

    @pytest.mark.parametrize("stage", Stage)
    @pytest.mark.parametrize(
        "text", ["", "4.2.0 later", "5.7.1 later", "4.7.1 later"]
    )
    def test_a_temporary_refusal_defers(self, stage: Stage, text: str) -> None:
        for code in (400, 421, 450, 451, 452, 471, 499):
            assert judge(stage, Reply(code, text)) is State.DEFERRED, code

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "",
                "no",
                "5.1.1 unknown",
                "5.1.2 nowhere",
                "5.2.1 disabled",
                "5.2.2 full",
                "5.5.0 no",
                "5.4.50 no",
            ),
            *(
                "5.70.1 no",
                "5.4.4 no route",
                "said 5.7.1",
                "no 5.4.5",
                "15.7.1",
            ),
        ],
    )
    def test_a_refusal_of_the_address_rejects_the_reader(
        self, text: str
    ) -> None:
        for code in (500, 501, 503, 550, 551, 552, 553, 554, 599):
            assert judge(Stage.RCPT, Reply(code, text)) is State.REJECTED, code

    @pytest.mark.parametrize(
        "text", ["", "no", "5.3.4 too big", "5.6.0 no", "5.1.1"]
    )
    @pytest.mark.parametrize("code", [550, 552, 554])
    def test_a_refusal_of_the_whole_email_rejects_the_reader(
        self, code: int, text: str
    ) -> None:
        assert judge(Stage.DOT, Reply(code, text)) is State.REJECTED

    @pytest.mark.parametrize("stage", [Stage.RCPT, Stage.DOT])
    @pytest.mark.parametrize(
        "text",
        ["5.4.5 quota", "5.7.1 denied", "5.7.0", "5.7.26 DMARC", "5.7.509 no"],
    )
    def test_a_refusal_of_the_sender_is_an_error(
        self, stage: Stage, text: str
    ) -> None:
        with pytest.raises(TransportError, match=rf" \(550 {text}\); "):
            judge(stage, Reply(550, text))

    @pytest.mark.parametrize("stage", [Stage.MAIL, Stage.DATA])
    @pytest.mark.parametrize(
        "text", ["", "5.1.1 unknown", "5.7.1 denied", "no"]
    )
    def test_before_the_email_a_refusal_is_always_an_error(
        self, stage: Stage, text: str
    ) -> None:
        with pytest.raises(TransportError, match=r"^the server .* \(554"):
            judge(stage, Reply(554, text))

    @pytest.mark.parametrize(
        ("stage", "reply", "says"),
        [
            (
                Stage.MAIL,
                Reply(552, "message size"),
                "too large (552 message size); ",
            ),
            (
                Stage.MAIL,
                Reply(552, "5.3.4 big"),
                "use fewer or smaller photos",
            ),
            (
                Stage.MAIL,
                Reply(530, "5.7.0 no"),
                "set 'username' and 'security' under",
            ),
            (Stage.MAIL, Reply(550, "5.4.5 quota"), "wait until it resets"),
            (
                Stage.MAIL,
                Reply(553, "5.7.1 sender"),
                "check 'from' and 'bounces' under",
            ),
            (
                Stage.MAIL,
                Reply(501, ""),
                "from this address (501); check 'from'",
            ),
            (
                Stage.RCPT,
                Reply(554, "5.7.1 relay"),
                "check 'host' and 'username' under",
            ),
            (
                Stage.DATA,
                Reply(554, "5.5.0 no"),
                "ask your provider, and show them",
            ),
            (
                Stage.DOT,
                Reply(554, "5.7.1 spam"),
                "change the issue and try it with",
            ),
        ],
    )
    def test_each_refusal_says_what_it_means_and_what_to_do(
        self, stage: Stage, reply: Reply, says: str
    ) -> None:
        with pytest.raises(TransportError) as caught:
            judge(stage, reply)
        assert says in str(caught.value)
        assert str(caught.value).startswith("the server ")

    def test_the_whole_answer_is_apart_from_the_message(self) -> None:
        with pytest.raises(TransportError) as caught:
            judge(Stage.DOT, Reply(550, f"5.7.1 {ADDRESS} isn't wanted"))
        assert " (550 5.7.1 … isn't wanted); " in str(caught.value)
        assert "example" not in repr(caught.value)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("5.1.1 unknown", "5.1.1"),
        ("4.7.26 x", "4.7.26"),
        ("2.0.0", "2.0.0"),
        ("5.1.1", "5.1.1"),
        ("", ""),
        ("unknown 5.1.1", ""),
        ("3.1.1 x", ""),
        ("5.1 x", ""),
        ("5..1", ""),
    ],
)
def test_the_enhanced_status_comes_first(text: str, status: str) -> None:
    assert Reply(550, text).status == status


def test_only_421_closes_the_connection() -> None:
    assert [code for code in range(200, 600) if Reply(code, "").closes] == [421]


class TestWords:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("5.1.1 no such user", "550 5.1.1 no such user"),
            ("", "550"),
            ("5.1.1 <reader@example.org>: unknown", "550 5.1.1 … unknown"),
            (
                "5.1.1 The email account\n5.1.1 no",
                "550 5.1.1 The email account no",
            ),
            ("no 5.1.1", "550 no …"),
            ("5.2.2 Reader One is over quota", "550 5.2.2 … One is over quota"),
        ],
    )
    def test_they_are_code_enhanced_code_and_usual_words(
        self, text: str, words: str
    ) -> None:
        assert Reply(550, text).words == words

    def test_a_reply_is_shown_without_its_text(self) -> None:
        assert "reader" not in repr(Reply(550, "reader@example.org"))


class TestWithoutNumbers:
    @pytest.mark.parametrize(
        ("first", "other"),
        [
            ("550 relay denied", "550 relay denied"),
            ("550 5.1.1 denied (4Xc1Q2)", "550 5.1.1 denied (4Yd7)"),
            ("550 at 12:01:33 no", "550 at 12:02:01 no"),
            ("450 try in 299 seconds", "450 try in 3 seconds"),
        ],
    )
    def test_queue_ids_and_times_make_no_difference(
        self, first: str, other: str
    ) -> None:
        assert without_numbers(first) == without_numbers(other)

    @pytest.mark.parametrize(
        ("first", "other"),
        [
            ("550 no", "551 no"),
            ("550 full", "550 unknown"),
            ("450 no", "550 no"),
            ("550 no", "550"),
        ],
    )
    def test_code_and_words_make_a_difference(
        self, first: str, other: str
    ) -> None:
        assert without_numbers(first) != without_numbers(other)

    @given(texts, st.integers(0, 10**6), st.integers(0, 10**6))
    def test_any_number_is_left_out(
        self, text: str, first: int, other: int
    ) -> None:
        words = " ".join(text.split())
        assert without_numbers(f"550 id {first} {words}") == without_numbers(
            f"550 id {other} {words}"
        )
