"""The repository's root is the newsletter of an invented organisation: it works, and names no real
person.
"""

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from briefing.issue import store
from briefing.issue.links import unsafe_reason
from briefing.issue.markdown import write
from briefing.issue.model import Kind
from briefing.issue.store import Edition
from briefing.newsletter import SETTINGS_FILE, Newsletter
from briefing.rendering.edition import render
from briefing.rendering.preheader import PREHEADER
from briefing.rendering.rendered import UNSUBSCRIBE, RenderedIssue
from briefing.rendering.size import mail_size
from briefing.subscribers.subscriber_list import open_list, read_all

ROOT = Path(__file__).parents[1]
NEWSLETTER = Newsletter(ROOT)
SEED = ROOT.parent / "shared" / "seed" / "weekly-brief.txt"
LIST = ROOT / "subscribers.example.csv"
PASTED = ROOT / "docs" / "sample-brief.txt"

# RFC 2606 keeps these for examples, and North American numbers from 555-0100 to 555-0199 are kept
# for fiction.
EXAMPLE_HOST = re.compile(r"(?:[a-z0-9-]+\.)*example\.(?:org|com|net)")
FICTIONAL_PHONE = re.compile(r"\+1 555 01\d\d")

FULL = "2020-10-09"
EDITIONS = [
    edition
    for issue in sorted(store.ids(NEWSLETTER))
    for edition in store.editions(NEWSLETTER, NEWSLETTER.issues / issue)
]
TEXTS = [
    *(edition.path for edition in EDITIONS),
    PASTED,
    LIST,
    ROOT / SETTINGS_FILE,
]

each_edition = pytest.mark.parametrize(
    "edition",
    EDITIONS,
    ids=[f"{edition.id}.{edition.lang}" for edition in EDITIONS],
)
each_text = pytest.mark.parametrize(
    "path", TEXTS, ids=[str(path.relative_to(ROOT)) for path in TEXTS]
)


def edition_of(issue: str, lang: str) -> Edition:
    return next(
        edition
        for edition in EDITIONS
        if (edition.id, edition.lang) == (issue, lang)
    )


@cache
def rendered_once(edition: Edition) -> RenderedIssue:
    return render(NEWSLETTER, edition)


def prose(edition: Edition) -> str:
    """Return an edition's headlines and texts, without the addresses of their links."""
    issue = edition.issue
    texts = [issue.title, issue.preheader, issue.introduction]
    for item in issue.items:
        texts += [
            item.heading,
            item.alt,
            re.sub(r"\]\([^)]*\)", "]", item.text),
        ]
    return "\n".join(texts)


def sentences(text: str) -> set[str]:
    """Return the sentences of at least five words, in lower case and with single spaces."""
    found = re.split(r"(?<=[.!?”])\s+|\n\s*\n", text)
    folded = (
        " ".join(re.findall(r"[\w’'-]+", sentence)).casefold()
        for sentence in found
    )
    return {sentence for sentence in folded if sentence.count(" ") >= 4}


class TestFolder:
    def test_the_root_is_found_as_a_newsletter_with_two_languages(self) -> None:
        assert Newsletter.find(ROOT / "issues").root == ROOT
        assert NEWSLETTER.settings.newsletter.languages == ("en", "ug")

    def test_there_are_two_issues_and_the_newer_one_has_an_edition_in_each_language(
        self,
    ) -> None:
        assert [(edition.id, edition.lang) for edition in EDITIONS] == [
            ("2020-10-02", "en"),
            (FULL, "en"),
            (FULL, "ug"),
        ]

    def test_a_reader_can_unsubscribe_by_web_and_by_email(self) -> None:
        unsubscribe = NEWSLETTER.settings.unsubscribe
        assert unsubscribe.url
        assert unsubscribe.mailto

    def test_a_send_from_the_sample_never_leaves_this_computer(self) -> None:
        assert NEWSLETTER.settings.send.via == "outbox"


class TestEditions:
    @each_edition
    def test_writing_an_edition_gives_back_its_file(
        self, edition: Edition
    ) -> None:
        assert write(edition.issue).encode() == edition.path.read_bytes()

    @each_edition
    def test_an_edition_has_the_date_of_its_folder(
        self, edition: Edition
    ) -> None:
        assert edition.issue.date == store.date_of(edition.id)

    @each_edition
    def test_an_edition_is_rendered_within_the_budget(
        self, edition: Edition
    ) -> None:
        rendered = rendered_once(edition)
        assert mail_size(rendered) <= NEWSLETTER.settings.issue.budget
        page = rendered.page({UNSUBSCRIBE: "https://example.org/u/x"})
        text = rendered.text.filled({UNSUBSCRIBE: "https://example.org/u/x"})
        assert f'lang="{edition.lang}"' in page
        for item in edition.issue.items:
            if item.link:
                assert f'href="{item.link}"' in page
                assert f"\n{item.link}\n" in text

    @each_edition
    def test_each_photo_is_in_the_email(self, edition: Edition) -> None:
        images = [item.image for item in edition.issue.items if item.image]
        assert images
        assert len(rendered_once(edition).pictures) == len(images)

    @each_edition
    def test_the_preheader_is_neither_too_short_nor_too_long(
        self, edition: Edition
    ) -> None:
        shortest, longest = PREHEADER
        assert shortest <= len(edition.issue.preheader) <= longest

    @each_edition
    def test_each_link_is_safe(self, edition: Edition) -> None:
        written = re.findall(r"\]\(([^)]*)\)", edition.path.read_text("utf-8"))
        for link in [
            *written,
            *(item.link for item in edition.issue.items if item.link),
        ]:
            assert urlsplit(link).scheme == "https"
            assert unsafe_reason(link) == ""

    @each_edition
    def test_each_photo_is_next_to_the_issue_and_has_an_alternative_text(
        self, edition: Edition
    ) -> None:
        for item in edition.issue.items:
            assert bool(item.image) == bool(item.alt) == bool(item.photo), (
                item.heading
            )
            if item.image:
                assert (edition.path.parent / item.image).is_file()
                assert 40 <= len(item.alt) <= 150, item.heading

    @each_edition
    def test_only_statements_are_without_a_link_and_only_articles_and_briefs_without_a_contact_for_questions(
        self, edition: Edition
    ) -> None:
        for item in edition.issue.items:
            assert item.link or item.kind is Kind.STATEMENT, item.heading
            assert bool(item.contact) == (
                item.kind in {Kind.PRESS_RELEASE, Kind.APPEAL}
            ), item.heading

    @each_edition
    def test_each_item_has_a_headline_a_source_and_a_date(
        self, edition: Edition
    ) -> None:
        for item in edition.issue.items:
            assert item.heading
            assert item.source
            assert item.text
            assert item.date
            assert edition.issue.date
            assert item.date <= edition.issue.date


class TestTheFullIssue:
    def test_it_shows_items_of_all_kinds_in_two_sections(self) -> None:
        issue = edition_of(FULL, "en").issue
        assert {item.kind for item in issue.items} == set(Kind)
        assert len(issue.sections) == 2

    def test_it_shows_everything_a_text_can_contain(self) -> None:
        texts = "\n".join(
            item.text for item in edition_of(FULL, "en").issue.items
        )
        for form in (
            r"^- ",
            r"^1\. ",
            r"^> ",
            r"\*\w[^*]*\*",
            r"\*\*\w[^*]*\*\*",
            r"\[[^\]]+\]\(https://",
        ):
            assert re.search(form, texts, re.MULTILINE), form

    def test_one_of_its_links_leads_to_a_page_in_another_language(self) -> None:
        assert [
            item.lang
            for item in edition_of(FULL, "en").issue.items
            if item.lang
        ] == ["de"]

    def test_the_uyghur_edition_has_the_same_items(self) -> None:
        def facts(lang: str) -> list[tuple[object, ...]]:
            items = edition_of(FULL, lang).issue.items
            return [
                (item.kind, item.date, item.link, item.image, item.photo)
                for item in items
            ]

        assert facts("ug") == facts("en")

    def test_the_uyghur_edition_is_in_uyghur(self) -> None:
        """It has only the letters and punctuation of Uyghur."""
        words = prose(edition_of(FULL, "ug"))
        assert not re.search(r"[A-Za-z,;?]", words)
        assert not set(words) - set(
            "ئاەبپتجچخدرزژسشغفقكگڭلمنوۇۆۈۋھېىي ،؛؟«».:!-0123456789\n*>[]"
        )

    def test_no_other_languages_letters_are_in_the_english_editions(
        self,
    ) -> None:
        for edition in EDITIONS:
            if edition.lang == "en":
                assert not re.search(r"[^\x00-\x7f’“”–—]", prose(edition))


class TestPhotos:
    PATHS = sorted(NEWSLETTER.issues.glob("*/*.jpg"))

    def test_each_photo_is_used(self) -> None:
        used = {
            edition.path.parent / item.image
            for edition in EDITIONS
            for item in edition.issue.items
            if item.image
        }
        assert set(self.PATHS) == used

    @pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
    def test_a_photo_is_small_and_has_no_metadata(self, path: Path) -> None:
        assert path.stat().st_size < 80_000
        with Image.open(path) as image:
            assert image.size == (1200, 800)
            assert not image.getexif()
            assert not set(image.info) & {
                "exif",
                "xmp",
                "photoshop",
                "comment",
                "icc_profile",
            }


class TestList:
    def test_every_row_is_a_reader_and_there_are_no_duplicates(self) -> None:
        reading = read_all(open_list(LIST))
        assert not reading.bad_rows
        assert not reading.duplicates
        assert len(reading.subscribers) == 12

    def test_it_has_the_kinds_of_readers_that_are_easily_forgotten(
        self,
    ) -> None:
        readers = read_all(open_list(LIST)).subscribers
        assert {reader.lang for reader in readers} == {"en", "ug", ""}
        assert [reader.line for reader in readers if not reader.name]
        assert [
            reader.line
            for reader in readers
            if re.search(r"[\u00c0-\u024f]", reader.name)
        ]
        assert [
            reader.line
            for reader in readers
            if re.search(r"[\u0600-\u06ff]", reader.name)
        ]
        assert [
            reader.line for reader in readers if "," in reader.columns["tags"]
        ]


class TestNothingReal:
    @each_text
    def test_all_addresses_are_at_example_hosts(self, path: Path) -> None:
        text = path.read_text("utf-8")
        hosts = re.findall(
            r"https?://([^/\s\"'<>()]*)|[\w.+-]@([\w.-]+\w)", text
        )
        for web, mail in hosts:
            assert EXAMPLE_HOST.fullmatch(web or mail), web or mail
        assert not re.search(r"www\.(?!example\.)|\bhttp:", text)

    @each_text
    def test_phone_numbers_are_fictional(self, path: Path) -> None:
        for number in re.findall(r"\+\d[\d ]{5,}\d", path.read_text("utf-8")):
            assert FICTIONAL_PHONE.fullmatch(number), number

    @each_text
    def test_no_placeholder_text_is_left(self, path: Path) -> None:
        assert not re.search(
            r"todo|fixme|xxx|lorem|placeholder|tbd|\.\.\.",
            path.read_text("utf-8"),
            re.IGNORECASE,
        )

    @pytest.mark.skipif(
        not SEED.is_file(),
        reason=f"{SEED} is not here: the samples can't be compared with it",
    )
    @each_text
    def test_no_sentence_of_the_seed_is_reused(self, path: Path) -> None:
        seed = sentences(SEED.read_text("utf-8"))
        assert len(seed) > 10
        assert not sentences(path.read_text("utf-8")) & seed


class TestThePastedBrief:
    """It shows the forms in which briefs are pasted. The parser's tests check what is found in
    them.
    """

    @pytest.mark.parametrize(
        "form",
        [
            r"^Harbour Post, 15 October 2020$",
            r"^Meridian Review, 13 October 2020\.$",
            r"^Below is an article published by Harbour Post\. Photo Far Valley Rights Network$",
            r"^Below is an article published by Meridian Review\.\xa0Photo Lena Quist\.$",
            r"^Weekly Brief, 9 October 2020$",
            r"^Press Release – For immediate release$",
            r"^\+1 555 0142 or\xa0\[email\xa0protected\]$",
            r"^Mother Tongue Monitor, 9 October 2020\n\n\nEvening schools",
            r"[a-z]\n[a-z]",
            r"^Read More →$",
            r"^Read More → https://",
            "\xa0$",
        ],
    )
    def test_it_has_every_form(self, form: str) -> None:
        assert re.search(form, PASTED.read_text("utf-8"), re.MULTILINE)
