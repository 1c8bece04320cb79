"""The sample issues that are judged: what they must contain, in five languages, and nothing real."""

import re
from collections import Counter
from pathlib import Path

import pytest

from briefing.issue.markdown import write
from briefing.issue.model import Issue, Kind
from briefing.issue.store import load
from briefing.rendering.preheader import PREHEADER
from tests.judges.mails import ISSUES, NEWSLETTERS, SAMPLES
from tests.test_samples import EXAMPLE_HOST, FICTIONAL_PHONE, SEED, sentences

LANGUAGES = ("de", "en", "tr", "ug", "zh")
each_sample = pytest.mark.parametrize("name", ISSUES)
each_language = pytest.mark.parametrize("lang", LANGUAGES)


def path_of(name: str) -> Path:
    return SAMPLES / f"{name}.md"


def issue(name: str) -> Issue:
    return load(path_of(name), name.rpartition(".")[2]).issue


def test_there_are_three_samples_in_each_of_five_languages() -> None:
    assert set(ISSUES) == {
        f"{kind}.{lang}"
        for kind in ("short", "long", "release")
        for lang in LANGUAGES
    }
    assert set(NEWSLETTERS) == set(LANGUAGES)


@each_sample
def test_a_sample_has_the_items_of_the_english_one(name: str) -> None:
    kind, _, _ = name.partition(".")
    same = [
        [
            (item.kind, item.date, bool(item.heading), item.image)
            for item in issue(f"{kind}.{lang}").items
        ]
        for lang in ("en", name.rpartition(".")[2])
    ]
    assert same[0] == same[1]


@each_sample
def test_a_sample_is_written_as_the_program_writes_it(name: str) -> None:
    assert write(issue(name)).encode() == path_of(name).read_bytes()


@each_sample
def test_the_preheader_has_the_right_length(name: str) -> None:
    shortest, longest = PREHEADER
    assert shortest <= len(issue(name).preheader) <= longest


@each_language
def test_the_long_one_has_everything_that_makes_an_email_long(
    lang: str,
) -> None:
    long = issue(f"long.{lang}")
    assert len(list(long.items)) == 15
    assert len([section for section in long.sections if section.title]) == 3
    assert len([item for item in long.items if item.image]) == 5
    assert long.corrects
    assert (
        max(Counter((item.kind, item.source) for item in long.items).values())
        > 1
    ), "links that repeat a headline"
    assert {item.lang for item in long.items} - {"", lang}
    texts = "\n".join(item.text for item in long.items)
    for form in (
        r"^1\. ",
        "^- ",
        "^  - ",
        "^> ",
        r"\*\*",
        r"(?<!\*)\*(?!\*)",
        r"\]\(https://",
    ):
        assert re.search(form, texts, re.MULTILINE), form


@each_language
def test_the_release_has_each_kind_and_an_item_without_a_headline(
    lang: str,
) -> None:
    release = issue(f"release.{lang}")
    assert {item.kind for item in release.items} == {
        Kind.APPEAL,
        Kind.PRESS_RELEASE,
        Kind.STATEMENT,
    }
    assert [
        item.contact
        for item in release.items
        if item.kind is Kind.PRESS_RELEASE and not item.heading
    ]


@each_sample
def test_nothing_in_it_is_real(name: str) -> None:
    text = path_of(name).read_text("utf-8")
    for web, mail in re.findall(
        r"https?://([^/\s\"'<>()]*)|[\w.+-]@([\w.-]+\w)", text
    ):
        assert EXAMPLE_HOST.fullmatch(web or mail), web or mail
    for number in re.findall(r"\+\d[\d ]{5,}\d", text):
        assert FICTIONAL_PHONE.fullmatch(number), number


@pytest.mark.skipif(
    not SEED.is_file(),
    reason=f"{SEED} is not here: the samples can't be compared with it",
)
@each_sample
def test_no_sentence_of_the_seed_is_reused(name: str) -> None:
    assert not sentences(path_of(name).read_text("utf-8")) & sentences(
        SEED.read_text("utf-8")
    )
