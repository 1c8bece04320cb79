"""What a server's answers mean, in tables, and that showing them is harmless."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.errors import TransportError
from briefing.sending.schema import State
from briefing.sending.transports.replies import (
    LONGEST,
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
        assert judge(stage, Reply(code, "2.0.0 ok"), ADDRESS) is (
            State.ACCEPTED if stage is Stage.DOT else None
        )

    @pytest.mark.parametrize("stage", Stage)
    def test_a_3xx_reply_never_accepts_a_mail(self, stage: Stage) -> None:
        assert judge(stage, Reply(354, "go on"), ADDRESS) is None

    @pytest.mark.parametrize("stage", Stage)
    @pytest.mark.parametrize("code", [400, 421, 450, 451, 452, 471, 499])
    @pytest.mark.parametrize("text", ["", "4.2.0 later", "5.7.1 later", "4.7.1 later"])
    def test_a_temporary_refusal_defers(
        self, stage: Stage, code: int, text: str
    ) -> None:
        assert judge(stage, Reply(code, text), ADDRESS) is State.DEFERRED

    @pytest.mark.parametrize("code", [500, 501, 503, 550, 551, 552, 553, 554, 599])
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
            *("5.70.1 no", "5.4.4 no route", "said 5.7.1", "no 5.4.5", "15.7.1"),
        ],
    )
    def test_a_refusal_of_the_address_rejects_the_reader(
        self, code: int, text: str
    ) -> None:
        assert judge(Stage.RCPT, Reply(code, text), ADDRESS) is State.REJECTED

    @pytest.mark.parametrize(
        "text",
        ["5.4.5 quota", "5.7.1 relaying denied", "5.7.0", "5.7.26 DMARC", "5.7.509 x"],
    )
    def test_a_refusal_of_the_sender_is_an_error(self, text: str) -> None:
        with pytest.raises(
            TransportError,
            match=rf"^the server refuses the reader's address: 550 {text}$",
        ):
            judge(Stage.RCPT, Reply(550, text), ADDRESS)

    @pytest.mark.parametrize("stage", [Stage.MAIL, Stage.DATA, Stage.DOT])
    @pytest.mark.parametrize("text", ["", "5.1.1 unknown", "5.7.1 denied", "no"])
    def test_at_other_stages_a_refusal_is_always_an_error(
        self, stage: Stage, text: str
    ) -> None:
        with pytest.raises(
            TransportError, match=f"^the server refuses {stage.value}: 554"
        ):
            judge(stage, Reply(554, text), ADDRESS)

    def test_the_words_of_a_refusal_have_no_address(self) -> None:
        with pytest.raises(
            TransportError,
            match=r"^the server refuses the whole mail: 550 5\.7\.1 … isn't wanted$",
        ):
            judge(Stage.DOT, Reply(550, f"5.7.1 {ADDRESS} isn't wanted"), ADDRESS)


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
            ("5.1.1 <reader@example.org>: unknown", "550 5.1.1 <…>: unknown"),
            ("5.1.1 reader@example.org, no", "550 5.1.1 …, no"),
            ("RCPT TO:<READER@EXAMPLE.ORG> no", "550 RCPT TO:<…> no"),
            ("mailbox reader is full", "550 mailbox … is full"),
            ("mailbox Reader is full", "550 mailbox … is full"),
            ("readers are many", "550 readers are many"),
            ("ask postmaster@example.net", "550 ask …"),
            (
                "see https://example.net/help?x=1",
                "550 see https://example.net/help?x=1",
            ),
            ("\x1b[31mred\x1b[0m\a \x9b2J", "550 [31mred [0m 2J"),
            ("tabs\tand   spaces\r\n lines", "550 tabs and spaces lines"),
            ("\u202egnorts\u200b", "550 gnorts"),
            ("a\u2028b\x85c", "550 a b c"),
            ("x" * 300, f"550 {'x' * 195}…"),
            ("später", "550 später"),
        ],
    )
    def test_they_can_be_shown(self, text: str, words: str) -> None:
        assert Reply(550, text).words(ADDRESS) == words

    def test_a_short_name_is_kept_as_a_word(self) -> None:
        assert Reply(550, "no is no").words("no@example.org") == "550 no is no"

    @given(st.integers(200, 599), texts, st.sampled_from(["", ADDRESS]))
    def test_they_are_one_short_line_without_control_characters(
        self, code: int, text: str, address: str
    ) -> None:
        words = Reply(code, text).words(address)
        assert words.startswith(str(code))
        assert len(words) <= LONGEST == 200
        assert not {unicodedata.category(character) for character in words} & {
            "Cc",
            "Cf",
            "Cs",
            "Zl",
            "Zp",
        }
        assert words == " ".join(words.split())

    @given(
        texts,
        st.from_regex(
            r"[A-Za-z0-9!#$%&*+/=?^_`{|}~.-]{1,20}@[a-z0-9-]{1,10}\.[a-z]{2,5}",
            fullmatch=True,
        ),
        texts,
        st.sampled_from(
            [
                "{}",
                "<{}>",
                '"{}"',
                "({}).",
                " {},",
                "[{}];",
                "to={}:",
                "{}\x1b",
                "\u200b{}",
            ]
        ),
    )
    def test_they_contain_no_address(
        self, before: str, address: str, after: str, frame: str
    ) -> None:
        text = before + frame.format(address) + after
        for known in (address, ADDRESS, ""):
            assert address.casefold() not in Reply(550, text).words(known).casefold()

    @given(
        st.lists(
            st.sampled_from(
                [
                    "reader",
                    "READER",
                    "@",
                    "example.org",
                    ".",
                    " ",
                    "<",
                    ">",
                    "=",
                    "-",
                    "\x1b",
                ]
            )
        )
    )
    def test_they_never_contain_the_readers_address_in_any_spelling(
        self, pieces: list[str]
    ) -> None:
        assert ADDRESS not in Reply(550, "".join(pieces)).words(ADDRESS).casefold()


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
    def test_code_and_words_make_a_difference(self, first: str, other: str) -> None:
        assert without_numbers(first) != without_numbers(other)

    @given(texts, st.integers(0, 10**6), st.integers(0, 10**6))
    def test_any_number_is_left_out(self, text: str, first: int, other: int) -> None:
        words = " ".join(text.split())
        assert without_numbers(f"550 id {first} {words}") == without_numbers(
            f"550 id {other} {words}"
        )
