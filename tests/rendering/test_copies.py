"""Copies of an issue for messengers: each has the same words, in the marks that the messenger
understands.
"""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.issue import store
from briefing.languages import load_language
from briefing.newsletter import Newsletter
from briefing.rendering import prose
from briefing.rendering.copies import CopyFormat, copy_issue, copy_item
from tests.rendering.newsletters import edition

REPOSITORY = Newsletter(Path(__file__).parents[2])
DATA = Path(__file__).parent / "data" / "copies"
ENGLISH = load_language("en", ())
WHATSAPP = prose.TextStyle("*", "_", 10_000, has_footnotes=False)


@pytest.mark.parametrize("lang", ["en", "ug"])
@pytest.mark.parametrize("target", CopyFormat)
def test_the_sample_issue_as_a_whole(target: CopyFormat, lang: str) -> None:
    folder = store.find(REPOSITORY, "2020-10-09")
    path = store.edition_path(REPOSITORY, folder.name, lang)
    copied = copy_issue(REPOSITORY, store.load(path, lang), target)
    expected = (DATA / f"{target}.{lang}.txt").read_text("utf-8")
    assert copied + "\n" == expected


class TestAnItem:
    ITEM = (
        "# Brief\n\n### Write to the judge\nkind: appeal\nsource: Harbour Post\ndate: 2020-10-08\n"
        "link: https://example.org/a_b_c\naction: Write the letter\ncontact: desk@example.org\n\n"
        "A **letter** helps.\n"
    )

    def test_it_has_everything_but_the_photo(
        self, newsletter: Newsletter
    ) -> None:
        loaded = edition(newsletter, self.ITEM)
        (item,) = loaded.issue.items
        assert copy_item(newsletter, loaded, item, CopyFormat.WHATSAPP) == (
            "Appeal\n*Write to the\u00a0judge*\n_Harbour Post, 8\u00a0October\u00a02020_\n\n"
            "A *letter* helps.\n\nContact: desk@example.org\n\n"
            "Write the letter\nhttps://example.org/a_b_c"
        )

    def test_a_release_without_headline_has_its_label_only_once(
        self, newsletter: Newsletter
    ) -> None:
        loaded = edition(
            newsletter, "# Brief\n\n###\nkind: press-release\n\nIts text.\n"
        )
        (item,) = loaded.issue.items
        assert copy_item(newsletter, loaded, item, CopyFormat.TELEGRAM) == (
            "**Press release**\n\nIts text."
        )


def test_a_correction_says_what_it_corrects(newsletter: Newsletter) -> None:
    loaded = edition(
        newsletter,
        "# Correction\ncorrects: 2020-10-02\n\nWe were wrong.\n",
    )
    copied = copy_issue(newsletter, loaded, CopyFormat.TEXT)
    assert (
        "\n\nThis issue corrects the issue of 2\u00a0October\u00a02020.\n\n"
        in copied
    )


class TestProse:
    @pytest.mark.parametrize(
        ("source", "shown"),
        [
            ("a *very* **old** story", "a _very_ *old* story"),
            (
                "[the ruling](https://example.org/a)",
                "the ruling (https://example.org/a)",
            ),
            ("<https://example.org/a>", "https://example.org/a"),
            ("**first  \nsecond**", "*first*\n*second*"),
            ("- one\n- two", "- one\n- two"),
            ("> a quote", "> a quote"),
        ],
    )
    def test_markdown_becomes_the_marks_of_the_messenger(
        self, source: str, shown: str
    ) -> None:
        assert prose.to_text(source, ENGLISH, WHATSAPP) == shown

    def test_a_long_paragraph_stays_on_one_line(self) -> None:
        source = "word " * 200 + "end"
        assert prose.to_text(source, ENGLISH, WHATSAPP) == source

    @given(st.text(alphabet="ab *_[]()\n", max_size=60))
    def test_it_has_the_same_words_as_the_email(self, source: str) -> None:
        copied = prose.to_text(source, ENGLISH, WHATSAPP)
        mailed = prose.to_text(source, ENGLISH)
        assert re.findall("[ab]", copied) == re.findall("[ab]", mailed)
