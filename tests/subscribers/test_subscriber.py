"""What is an address, a name, a language; and when two rows are one reader."""

import logging
import subprocess
import sys
import traceback
import unicodedata

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.subscribers.subscriber import (
    Subscriber,
    clean,
    clean_name,
    parse_address,
    parse_lang,
)

CANARY = "canary.7f3a"


class TestIdentity:
    """One email a reader, however often and in whichever spelling they stand in the list."""

    @pytest.mark.parametrize(
        "other",
        [
            "Ann@Example.ORG",
            "  ann@example.org\u00a0",
            "mailto:ann@example.org",
            "MAILTO:ann@example.org?subject=Hello",
            "\ufeffann@example.org\u200b",
            "\u202aann@example.org\u202c",
            "ann@ｅｘａｍｐｌｅ.org",
        ],
    )
    def test_case_spaces_and_mailto_do_not_make_another_reader(
        self, other: str
    ) -> None:
        assert (
            Subscriber(parse_address(other)).identity
            == Subscriber("ann@example.org").identity
        )

    @pytest.mark.parametrize(
        ("spelling", "other"),
        [
            ("ann@bücher.example.org", "ann@xn--bcher-kva.example.org"),
            ("ann@bücher.example.org", "ann@bu\u0308cher.example.org"),
            ("ann@BÜCHER.example.org", "ann@bücher.example.org"),
            ("zoë@example.org", "zoe\u0308@example.org"),
            ("ZOË@example.org", "zoë@example.org"),
        ],
    )
    def test_spellings_of_one_international_address_are_one_reader(
        self, spelling: str, other: str
    ) -> None:
        assert (
            Subscriber(parse_address(spelling)).identity
            == Subscriber(parse_address(other)).identity
        )

    def test_plus_tags_and_dots_stay_distinct(self) -> None:
        """Whether they reach one person is known to their provider alone."""
        addresses = [
            "ann@example.org",
            "ann+news@example.org",
            "a.nn@example.org",
        ]
        assert (
            len(
                {
                    Subscriber(parse_address(address)).identity
                    for address in addresses
                }
            )
            == 3
        )

    def test_the_local_part_of_the_address_is_kept_unchanged(self) -> None:
        assert (
            parse_address("Ann.O'Neil+News@Bücher.Example.ORG")
            == "Ann.O'Neil+News@xn--bcher-kva.example.org"
        )
        assert parse_address("Zoe\u0308@example.org") == "Zoë@example.org"
        assert (
            parse_address("mailto:ann%2Bnews@example.org")
            == "ann+news@example.org"
        )


def parsed(text: str) -> tuple[str, ValueError | None]:
    """The address, or why there is none."""
    try:
        return parse_address(text), None
    except ValueError as error:
        return "", error


class TestAddressesRefused:
    """Each for a reason in words, which never repeats it."""

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "there is no address"),
            ("  \u200b ", "there is no address"),
            ("ann", "has no @"),
            ("ann@@example.org", "more than one @"),
            ("ann@example.org, bob@example.org", "more than one address"),
            ("ann@example.org;bob@example.org", "more than one address"),
            ("Ann <ann@example.org>", "angle brackets"),
            ("ann lee@example.org", "a space"),
            ("ann@example.org\nBcc: eve@example.org", "control character"),
            ("an\x00n@example.org", "control character"),
            ("an\u202en@example.org", "invisible"),
            ("ann\udcff@example.org", "invisible"),
            (
                "=?utf-8?q?x=0ABcc=3Aeve=40example.org=0AX?=@example.org",
                "decode",
            ),
            ("mailto:%3D?utf-8?q?x?=@example.org", "no @"),
            ("-oQ/tmp/x@example.org", "begins with a hyphen"),
            ('"ann lee"@example.org', "quote or a comment"),
            ("ann(work)@example.org", "quote or a comment"),
            ("ann..lee@example.org", "before the @"),
            (".ann@example.org", "before the @"),
            ("ann@", "after the @"),
            ("@example.org", "before the @"),
            ("ann@example", "after the @"),
            ("ann@localhost", "after the @"),
            ("ann@list.invalid", "after the @"),
            ("ann@router.LOCAL", "after the @"),
            ("ann@-example.org", "after the @"),
            ("ann@example..org", "after the @"),
            ("ann@exa_mple.org", "after the @"),
            ("ann@[192.0.2.1]", "after the @"),
            ("ann@192.0.2.1", "after the @"),
            ("ann@ab--cd.org", "after the @"),
            ("a" * 65 + "@example.org", "longer than 64 bytes"),
            ("ü" * 33 + "@example.org", "longer than 64 bytes"),
            (
                "ann\u037ebob@example.org",
                "more than one address",
            ),  # a Greek question mark is a semicolon
            ("ann@" + "example." * 40 + "org", "longer than 254"),
            ("@" * 200_000, "longer than 254"),
        ],
    )
    def test_with_a_reason(self, text: str, reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            parse_address(text)

    @pytest.mark.parametrize(
        "domain",
        [
            "ex\u0430mple.org",  # a Cyrillic а
            "xn--exmple-4nf.org",  # the same, already encoded
            "g\u03bfods.example.org",  # a Greek omicron
            "example.\u043erg",
        ],
    )
    def test_look_alike_domains_of_mixed_scripts(self, domain: str) -> None:
        with pytest.raises(ValueError, match="different scripts"):
            parse_address(f"ann@{domain}")

    @pytest.mark.parametrize(
        "domain",
        [
            "пример.org",
            "例えばニュース.org",
            "ニュースnews.org",
            "خەۋەر.org",
            "straße.org",
        ],
    )
    def test_domains_of_one_script_or_of_scripts_that_are_written_together_are_accepted(
        self, domain: str
    ) -> None:
        assert parse_address(f"ann@{domain}").isascii()

    @settings(deadline=None)
    @given(
        st.text(
            alphabet=st.sampled_from("aZ9_+-.@'=?!é \u0430\u202e\"(<,%\n"),
            max_size=12,
        )
    )
    def test_only_for_a_reason_and_never_by_another_error(
        self, text: str
    ) -> None:
        address, error = parsed(f"{text}@example.org")
        if error:
            assert (type(error), error.__context__) == (ValueError, None)
        else:
            assert parse_address(address) == address, (
                "what was accepted once is accepted as it came out"
            )
            assert not set(address) & set(' \n\u202e"(<,')
            assert "=?" not in address

    @settings(deadline=None)
    @given(
        st.text("aZ0_+.-", min_size=1, max_size=8).filter(
            lambda local: not local.startswith("-")
        ),
        st.lists(st.text("aZ0-", min_size=1, max_size=5), max_size=3),
        st.sampled_from(
            [
                "org",
                "ORG",
                "o",
                "test",
                "Local",
                "arpa",
                "co-op",
                "o1",
                "-org",
                "xn--p1ai",
                "latest",
            ]
        ),
    )
    def test_the_quick_way_says_what_email_validator_says(
        self, local: str, labels: list[str], last: str
    ) -> None:
        text = f"{local}@{'.'.join([*labels, last])}"
        try:
            found = validate_email(text, check_deliverability=False)
        except EmailNotValidError:
            with pytest.raises(ValueError, match="isn't valid"):
                parse_address(text)
        else:
            assert (
                parse_address(text)
                == f"{found.local_part}@{found.ascii_domain}"
            )


class TestSilence:
    """No address in a message, a repr, a log."""

    @pytest.mark.parametrize(
        "wrong",
        [
            "@ex_ample.org",
            "..x@example.org",
            "@x@example.org",
            "@exаmple.org",
            "(c)@example.org",
        ],
    )
    def test_a_refusal_does_not_show_it_even_in_its_traceback(
        self, wrong: str
    ) -> None:
        with pytest.raises(ValueError, match=r"\w") as caught:
            parse_address(CANARY + wrong)
        assert CANARY not in "".join(traceback.format_exception(caught.value))

    def test_a_subscriber_shows_their_row(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        ann = Subscriber(
            f"{CANARY}@example.org", CANARY, columns={"note": CANARY}, line=7
        )
        logging.getLogger("test").error("%s %r %s", ann, ann, [ann])
        assert CANARY not in caplog.text
        assert repr(ann) == str(ann) == "Subscriber(line=7)"

    def test_a_subscriber_can_be_kept_in_a_set(self) -> None:
        assert (
            len(
                {
                    Subscriber("a@example.org", columns={"x": "1"}),
                    Subscriber("a@example.org", columns={"x": "1"}),
                }
            )
            == 1
        )


class TestNames:
    """One line that changes nothing around it, in every script."""

    @pytest.mark.parametrize(
        ("text", "cleaned"),
        [
            ("  Ann  ", "Ann"),
            ("Ann\r\nBcc: eve@example.org", "Ann Bcc: eve@example.org"),
            ("Ann\u2028Lee\x85Roe\x00", "Ann Lee Roe"),
            ("Ann\u202e\u2066Lee\u2069", "AnnLee"),
            ("=?utf-8?q?Ann=0ABcc:_x?=", "= ?utf-8?q?Ann=0ABcc:_x?="),
            ("=\u202e?", "= ?"),
            ("=\x00?", "= ?"),
            ("Ann\udcff", "Ann"),
            ("'Abd", "'Abd"),
        ],
    )
    def test_are_cleaned(self, text: str, cleaned: str) -> None:
        assert clean_name(text) == cleaned

    @pytest.mark.parametrize(
        "name",
        [
            "ئابدۇللا",
            "می‌خواهم",
            "ཀརྨ",
            "王小明",
            "Ayşe Çağlar",
            "👩‍👩‍👧",
            "Ann\u200f \u200eLee",
            "O’Neil & Søn",
        ],
    )
    def test_of_every_script_stay_as_they_are(self, name: str) -> None:
        assert clean_name(name) == name

    def test_end_at_200_characters(self) -> None:
        assert clean_name("a" * 300) == "a" * 200
        assert clean("a" * 300) == "a" * 300

    @settings(deadline=None)
    @given(st.text())
    def test_cleaning_leaves_nothing_dangerous_and_nothing_to_clean(
        self, text: str
    ) -> None:
        cleaned = clean(text)
        assert clean(cleaned) == cleaned
        assert "=?" not in cleaned
        assert not any(
            unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}
            for char in cleaned
        )


class TestLanguages:
    """Codes, lower-cased; whether there is an edition of one is for the send to say."""

    @pytest.mark.parametrize(
        ("text", "lang"),
        [
            ("", ""),
            (" EN ", "en"),
            ("pt-BR", "pt-br"),
            ("en_GB", "en-gb"),
            ("zh-Hant-TW", "zh-hant-tw"),
            ("ckb", "ckb"),
        ],
    )
    def test_accepted(self, text: str, lang: str) -> None:
        assert parse_lang(text) == lang

    @pytest.mark.parametrize(
        "text",
        [
            "English",
            "e",
            "en-",
            "en GB",
            "12",
            "中文",
            "en\x00",
            "ｅｎ",
            "de,en",
            "en" + "-x" * 9,
        ],
    )
    def test_refused(self, text: str) -> None:
        with pytest.raises(
            ValueError, match=r"^the language isn't a code such as de or zh$"
        ):
            parse_lang(text)


def test_plain_addresses_are_read_without_loading_email_validator() -> None:
    code = (
        "import sys; from briefing.subscribers.subscriber import parse_address as p; "
        "p('Ann.Lee+news@mail.example.org'); sys.exit('email_validator' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], check=False).returncode
        == 0
    )
