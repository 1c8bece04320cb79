"""Another edition: prepared for a translator, compared with the first, and never overwritten."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from briefing.errors import NotFoundError, RefusedError
from briefing.issue import store, translation
from briefing.issue.model import Issue, Item, Section
from briefing.newsletter import Newsletter
from tests.issue.strategies import issues

FIRST = """\
# Weekly Brief
date: 2020-10-09

Welcome.

## In the news

### A ruling
source: Harbour Post
date: 2020-10-08
link: https://www.example.com/a

One line.

> A quote in it.

### A release
kind: press-release
date: 2020-10-07

Text.
"""
EXPECTED = """\
# Weekly Brief
date: 2020-10-09

> Welcome.

## In the news

### A ruling
source: Harbour Post
date: 2020-10-08
link: https://www.example.com/a
lang: en
original: {ruling}

> One line.
>
> > A quote in it.

### A release
kind: press-release
date: 2020-10-07
original: {release}

> Text.
"""


@pytest.fixture
def bilingual(newsletter: Newsletter) -> Newsletter:
    settings = newsletter.root / "briefing.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('["en"]', '["en", "ug"]'), "utf-8"
    )
    folder = newsletter.issues / "2020-10-09"
    folder.mkdir()
    (folder / "issue.md").write_text(FIRST, "utf-8")
    return Newsletter(newsletter.root)


def file(newsletter: Newsletter) -> Path:
    return newsletter.issues / "2020-10-09" / "issue.ug.md"


def test_fields_are_copied_and_texts_become_quotes(
    bilingual: Newsletter,
) -> None:
    prepared = translation.prepare(bilingual, "2020-10-09", "ug")
    first = store.load(bilingual.issues / "2020-10-09" / "issue.md", "en").issue
    ruling, release = (item.fingerprint for item in first.items)
    assert file(bilingual).read_text("utf-8") == EXPECTED.format(
        ruling=ruling, release=release
    )
    assert (prepared.new, len(prepared.added)) == (True, 2)


def test_an_edition_that_exists_gets_what_it_lacks_and_nothing_else_changes(
    bilingual: Newsletter,
) -> None:
    translation.prepare(bilingual, "2020-10-09", "ug")
    translated = (
        file(bilingual).read_text("utf-8").replace("> Text.", "تېكىست.")
    )
    file(bilingual).write_text(translated, "utf-8")
    first = bilingual.issues / "2020-10-09" / "issue.md"
    first.write_text(
        FIRST + "\n### A third\ndate: 2020-10-06\n\nNew.\n", "utf-8"
    )
    prepared = translation.prepare(bilingual, "2020-10-09", "ug")
    assert (prepared.new, [item.heading for item in prepared.added]) == (
        False,
        ["A third"],
    )
    assert file(bilingual).read_text("utf-8").startswith(translated)
    assert "> New." in file(bilingual).read_text("utf-8")


def test_a_second_time_nothing_changes(bilingual: Newsletter) -> None:
    translation.prepare(bilingual, "2020-10-09", "ug")
    before = file(bilingual).read_bytes()
    assert translation.prepare(bilingual, "2020-10-09", "ug").added == ()
    assert file(bilingual).read_bytes() == before


@pytest.mark.parametrize("lang", ["tr", "no such"])
def test_only_a_further_language_of_the_newsletter_is_accepted(
    bilingual: Newsletter, lang: str
) -> None:
    with pytest.raises(RefusedError, match="; add it to 'languages' under"):
        translation.prepare(bilingual, "2020-10-09", lang)


def test_the_first_language_is_not_one_to_translate_into(
    bilingual: Newsletter,
) -> None:
    with pytest.raises(RefusedError, match="'en' is the newsletter's first"):
        translation.prepare(bilingual, "2020-10-09", "en")


def test_without_a_first_edition_there_is_nothing_to_translate(
    bilingual: Newsletter,
) -> None:
    with pytest.raises(NotFoundError, match="write the original edition first"):
        translation.prepare(bilingual, "2020-10-16", "ug")


def test_a_first_edition_named_after_its_language_can_be_translated(
    bilingual: Newsletter,
) -> None:
    first = bilingual.issues / "2020-10-09" / "issue.md"
    first.rename(first.with_name("issue.en.md"))
    prepared = translation.prepare(bilingual, "2020-10-09", "ug")
    assert [item.heading for item in prepared.added] == [
        "A ruling",
        "A release",
    ]
    assert prepared.edition.path == file(bilingual)


def test_an_issue_that_was_sent_gets_no_further_edition(
    bilingual: Newsletter,
) -> None:
    (bilingual.issues / "2020-10-09" / "sent.json").touch()
    with pytest.raises(RefusedError, match="was already sent"):
        translation.prepare(bilingual, "2020-10-09", "ug")
    assert not file(bilingual).exists()


class TestLanguages:
    """`lang` is the language of the linked page where it isn't the edition's."""

    def prepared(
        self, newsletter: Newsletter, first: str
    ) -> translation.Prepared:
        path = newsletter.issues / "2020-10-09" / "issue.md"
        path.write_text(first, "utf-8")
        return translation.prepare(newsletter, "2020-10-09", "ug")

    def test_the_page_of_the_first_edition_is_in_another_language_here(
        self, bilingual: Newsletter
    ) -> None:
        german = FIRST.replace("/a\n", "/a\nlang: de\n")
        for first, lang in ((FIRST, "en"), (german, "de")):
            file(bilingual).unlink(missing_ok=True)
            items = list(self.prepared(bilingual, first).edition.issue.items)
            assert [item.lang for item in items] == [lang, ""]

    def test_an_item_in_this_language_already_is_copied_and_not_to_be_translated(
        self, bilingual: Newsletter
    ) -> None:
        first = FIRST.replace("/a\n", "/a\nlang: ug\n")
        prepared = self.prepared(bilingual, first)
        ruling, _ = prepared.edition.issue.items
        assert ruling.lang == ""
        assert ruling.text == "One line.\n\n> A quote in it."
        assert ruling.original
        assert [item.heading for item in prepared.to_translate] == ["A release"]

    def test_so_is_one_that_is_added_later(self, bilingual: Newsletter) -> None:
        self.prepared(bilingual, FIRST)
        more = "\n### خەۋەر\nlink: https://example.org/b\nlang: ug\n\nتېكىست.\n"
        prepared = self.prepared(bilingual, FIRST + more)
        assert (len(prepared.added), prepared.to_translate) == (1, [])
        *_, last = prepared.edition.issue.items
        assert (last.text, last.lang) == ("تېكىست.", "")

    @pytest.mark.parametrize(
        ("lang", "edition", "same"),
        [
            ("ug", "ug", True),
            ("zh", "zh-Hans", True),
            ("zh-Hans", "zh", True),
            ("zh-Hant", "zh-Hans", False),
            ("de", "ug", False),
            ("d", "de", False),
            ("", "ug", False),
        ],
    )
    def test_a_language_without_a_country_or_script_includes_those_with_one(
        self, lang: str, edition: str, same: bool
    ) -> None:
        assert translation.is_in_language(Item(lang=lang), edition) is same


class TestPairs:
    @given(issues())
    def test_an_edition_as_it_was_made_pairs_item_by_item(
        self, issue: Issue
    ) -> None:
        other = translation.to_translate(issue, "ug")
        assert [
            (a and a.fingerprint, b and b.original)
            for a, b in translation.pairs(issue, other)
        ] == [(item.fingerprint, item.fingerprint) for item in issue.items]

    def test_an_item_without_a_counterpart_is_paired_with_none(self) -> None:
        a, b, c = (
            Item(heading=name, link=f"https://example.org/{name}")
            for name in "abc"
        )
        first, other = (
            Issue(sections=(Section(items=items),))
            for items in ((a, b), (b, c))
        )
        assert list(translation.pairs(first, other)) == [
            (a, None),
            (b, b),
            (None, c),
        ]


class TestUntranslated:
    @given(issues())
    def test_a_quote_that_was_left_is_found_and_a_translation_is_not(
        self, issue: Issue
    ) -> None:
        for item in issue.items:
            quoted = translation.prepare_item(replace(item, lang="en"), "ug")
            if item.text:
                assert translation.untranslated_lines(item.text, quoted.text)
            assert not translation.untranslated_lines(
                item.text, replace(item, text="تەرجىمە").text
            )


class TestTranslationState:
    ORIGINAL = Item(heading="A ruling", text="One line.")

    def test_an_item_is_untranslated_until_its_quotes_are_gone(self) -> None:
        prepared = translation.prepare_item(self.ORIGINAL, "ug")
        assert translation.state_of(self.ORIGINAL, prepared) == "untranslated"
        translated = replace(prepared, text="Eine Zeile.")
        assert translation.state_of(self.ORIGINAL, translated) == "translated"

    def test_it_is_out_of_date_once_the_original_was_changed(self) -> None:
        prepared = translation.prepare_item(self.ORIGINAL, "ug")
        translated = replace(prepared, text="Eine Zeile.")
        changed = replace(self.ORIGINAL, text="Two lines.")
        assert translation.state_of(changed, translated) == "changed"
        checked = replace(translated, original=changed.fingerprint)
        assert translation.state_of(changed, checked) == "translated"

    def test_it_may_be_in_one_edition_only(self) -> None:
        assert translation.state_of(self.ORIGINAL, None) == "missing"
        assert translation.state_of(None, self.ORIGINAL) == "surplus"
