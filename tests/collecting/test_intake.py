"""From a web page to the inbox: what is new, what its item says, and its photo without metadata."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.collecting.intake import (
    Collector,
    InboxItem,
    add_photo,
    as_json,
    decide,
    distinct,
    make_item,
    name_photos,
    plan_sources,
)
from briefing.collecting.web.canonical import clean_address
from briefing.collecting.web.fields import Article
from briefing.collecting.web.source import (
    RetrievedArticle,
    RetrievedPage,
    SavedPage,
    WebAddress,
)
from briefing.issue import markdown
from briefing.issue.model import Issue, Item, Kind, Section
from briefing.issue.published import Published, PublishedItem
from briefing.network.fetch_guard import GUARD, Guard
from briefing.newsletter import Newsletter
from briefing.photos.pictures import Picture
from tests.collecting.making import jpeg
from tests.collecting.web.pages import FIRST, SECOND, TITLE, URL
from tests.network.test_fetch import page as answer
from tests.network.test_fetch import says, site


def article(**values: object) -> Article:
    fields: dict[str, object] = {
        "title": TITLE,
        "source": "Harbour Post",
        "date": dt.date(2020, 10, 8),
        "excerpt": f"{FIRST}\n\n{SECOND}",
        "image": "",
        "photo": "",
        "alt": "",
        "lang": "en",
        "url": URL,
        "kind": Kind.ARTICLE,
        "uncertain": (),
    }
    return Article(**{**fields, **values})  # type: ignore[arg-type]  # each test passes what fits


def retrieved(**values: object) -> RetrievedArticle:
    return RetrievedArticle(
        article(**values),
        RetrievedPage(URL, b"<html>"),
        "shows only its beginning",
    )


def with_photo(page: Article, guard: Guard) -> InboxItem:
    return add_photo(InboxItem(make_item(page, "en"), page), guard)


class TestPlanSources:
    def test_redirectors_and_surrounding_spaces_are_taken_off_and_repetitions_dropped(
        self,
    ) -> None:
        wrapped = f"https://www.google.com/url?q={URL}"
        assert plan_sources([f" {URL} ", wrapped, URL], None, GUARD) == [
            WebAddress(URL, GUARD)
        ]

    def test_a_saved_page_replaces_fetching_its_address(self) -> None:
        assert plan_sources([URL], Path("saved.html"), GUARD) == [
            SavedPage(URL, Path("saved.html"))
        ]
        assert plan_sources([], Path("saved.html"), GUARD) == [
            SavedPage("", Path("saved.html"))
        ]

    def test_an_address_that_begins_with_www_is_one_on_the_web(self) -> None:
        assert plan_sources(["www.example.org/a"], None, GUARD) == [
            WebAddress("https://www.example.org/a", GUARD)
        ]


class TestDecide:
    def test_the_same_page_under_two_addresses_is_one(self) -> None:
        first, second = retrieved(title="First"), retrieved(title="Second")
        assert distinct(
            [first, second, retrieved(url="https://example.org/other")]
        ) == [
            first,
            retrieved(url="https://example.org/other"),
        ]

    def test_news_is_kept(self) -> None:
        entry = decide(
            retrieved(), Published((), clean_address), "en", again=False
        )
        assert (entry.already, entry.is_kept) == ("", True)
        assert entry.warning == "shows only its beginning"

    @pytest.mark.parametrize("again", [False, True])
    def test_what_already_ran_is_kept_only_on_request(
        self, again: bool
    ) -> None:
        ran = PublishedItem("2020-10-02", Item(), URL, "")
        entry = decide(
            retrieved(), Published((ran,), clean_address), "en", again=again
        )
        assert (entry.already, entry.is_kept) == ("2020-10-02", again)

    def test_without_a_photo_its_fields_need_no_check(self) -> None:
        page = article(uncertain=("date", "photo", "alt"))
        assert InboxItem(Item(), page).uncertain == ["date"]
        picture = Picture(b"", "image/jpeg", 10, 10)
        assert InboxItem(Item(), page, picture=picture).uncertain == [
            "date",
            "photo",
            "alt",
        ]


class TestMakeItem:
    def test_it_has_what_the_page_says(self) -> None:
        assert make_item(article(), "en") == Item(
            heading=TITLE,
            source="Harbour Post",
            date=dt.date(2020, 10, 8),
            link=URL,
            text=f"{FIRST}\n\n{SECOND}",
        )

    @pytest.mark.parametrize(
        ("lang", "edition", "kept"),
        [
            ("de", "en", "de"),
            ("en", "en", ""),
            ("en", "en-GB", ""),
            ("ug", "de", "ug"),
            ("", "en", ""),
        ],
    )
    def test_it_names_its_language_only_where_the_edition_has_another(
        self, lang: str, edition: str, kept: str
    ) -> None:
        assert make_item(article(lang=lang), edition).lang == kept

    @given(st.text(max_size=60), st.text(max_size=60))
    @example("", "0\n=")
    def test_whatever_a_page_says_is_read_back_as_it_was_written(
        self, title: str, text: str
    ) -> None:
        if any(0xD800 <= ord(letter) <= 0xDFFF for letter in title + text):
            # Lone surrogates: page.py drops them.
            return
        item = make_item(article(title=title, source=title, excerpt=text), "en")
        issue = Issue(
            title="Inbox",
            sections=(Section(items=(item, Item(heading="Below"))),),
        )
        again = markdown.read(markdown.write(issue), Path("issue.md"))
        assert again == issue


class TestPublishers:
    def test_an_uncertain_name_is_asked_about_once_for_each_host(
        self, newsletter: Newsletter, tmp_path: Path
    ) -> None:
        """Not for each name that pages of one host have, and not for each email with links to it."""
        asked: list[tuple[str, str]] = []

        def name_publisher(host: str, found: str) -> str:
            asked.append((host, found))
            return "Harbour Post"

        def collected(number: int) -> list[str]:
            path = tmp_path / f"{number}.html"
            text = f"<p>{FIRST}</p><p>{SECOND}</p>"
            title = f"<title>{TITLE} {number} | Section {number}</title>"
            path.write_text(f"{title}<h1>{TITLE} {number}</h1>{text}")
            source = SavedPage(f"https://www.harbour.test/{number}", path)
            return [
                each.item.source for each in collector.gather([source]).items
            ]

        collector = Collector(newsletter, GUARD, name_publisher=name_publisher)
        assert collected(1) == collected(2) == ["Harbour Post"]
        assert asked == [("harbour.test", "Section 1")]


class TestAddPhoto:
    def test_the_item_gets_it_without_metadata_but_with_alt_and_credit(
        self,
    ) -> None:
        with site(answer(jpeg(comment=b"canary"))) as here:
            entry = with_photo(
                article(
                    image=f"{here.url}p.jpg", photo="Jo Doe", alt="A library"
                ),
                here.guard(),
            )
        assert entry.picture
        assert b"canary" not in entry.picture.data
        assert (entry.item.alt, entry.item.photo, entry.notes) == (
            "A library",
            "Jo Doe",
            (),
        )

    def test_a_credit_in_its_file_fills_in_and_is_certain(self) -> None:
        xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description photoshop:Credit="Harbour Agency"/></x:xmpmeta>'
        with site(answer(jpeg(xmp=xmp))) as here:
            entry = with_photo(
                article(image=f"{here.url}p.jpg", uncertain=("photo", "alt")),
                here.guard(),
            )
        assert (entry.item.photo, entry.article.photo) == (
            "Harbour Agency",
            "Harbour Agency",
        )
        assert entry.article.uncertain == ("alt",)

    def test_the_pages_credit_takes_precedence(self) -> None:
        xmp = b'<x photoshop:Credit="Harbour Agency"/>'
        with site(answer(jpeg(xmp=xmp))) as here:
            assert (
                with_photo(
                    article(image=f"{here.url}p.jpg", photo="Jo Doe"),
                    here.guard(),
                ).item.photo
                == "Jo Doe"
            )

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (
                b"HTTP/1.1 404 No\r\n\r\n",
                "its photo can't be fetched: the site returned an error (404)",
            ),
            (b"nonsense", "its photo can't be fetched: "),
            (b"HTTP/1.1 200 OK\r\n\r\n<svg/>", "its photo was left out: it "),
            (
                b"HTTP/1.1 200 OK\r\n\r\n" + jpeg(size=(1, 1)),
                "its photo was left out: it is only 1 × 1 pixels",
            ),
        ],
    )
    def test_an_unusable_photo_is_left_out_and_a_note_says_why(
        self, body: bytes, words: str
    ) -> None:
        with site(says(body)) as here:
            page = article(
                image=f"{here.url}p.jpg", photo="Jo Doe", alt="A library"
            )
            entry = with_photo(page, here.guard())
        assert (entry.picture, entry.item.photo, entry.item.alt) == (
            None,
            "",
            "",
        )
        note, *lost = entry.notes
        assert note.startswith(words)
        assert lost == [
            "the photo's credit was: Jo Doe",
            "the photo's description was: A library",
        ]


class TestNamePhotos:
    def test_each_photo_has_a_unique_name_made_from_its_headline(self) -> None:
        first, second = (
            Picture(data, "image/jpeg", 10, 10)
            for data in (b"first", b"second")
        )
        entries = [
            InboxItem(Item(heading="A ruling"), article(), picture=first),
            InboxItem(Item(heading="A ruling!"), article(), picture=second),
            InboxItem(Item(heading="No photo"), article()),
            InboxItem(Item(heading="裁决"), article(), picture=first),
        ]
        items, photos = name_photos(entries)
        assert [item.image for item in items] == [
            "a-ruling.jpg",
            "a-ruling-2.jpg",
            "",
            "photo.jpg",
        ]
        assert photos == {
            "a-ruling.jpg": b"first",
            "a-ruling-2.jpg": b"second",
            "photo.jpg": b"first",
        }


class TestJson:
    def test_values_are_texts_or_null_and_uncertain_is_a_list(self) -> None:
        values = as_json(
            InboxItem(
                Item(), article(date=None, uncertain=("date",)), "2020-10-02"
            )
        )
        assert values == {
            "title": TITLE,
            "source": "Harbour Post",
            "date": None,
            "excerpt": f"{FIRST}\n\n{SECOND}",
            "image": None,
            "lang": "en",
            "url": URL,
            "photo": None,
            "alt": None,
            "kind": "article",
            "uncertain": ["date"],
            "already": "2020-10-02",
        }
        assert as_json(InboxItem(Item(), article()))["already"] is None
