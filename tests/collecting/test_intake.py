"""From what a page told to an item: nothing uncertain is put into it, and its photo comes along clean."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.intake import Arrival, arrive, as_json, named
from briefing.collecting.web.article import Found
from briefing.issue import markdown
from briefing.issue.model import Issue, Item, Kind, Section
from briefing.pictures import Picture
from tests.collecting.making import jpeg
from tests.collecting.web.pages import FIRST, SECOND, TITLE, URL
from tests.test_fetch import page as answer
from tests.test_fetch import says, site


def found(**values: object) -> Found:
    fields: dict[str, object] = {
        "title": TITLE,
        "source": "Harbour Post",
        "date": dt.date(2020, 10, 8),
        "excerpt": f"{FIRST}\n\n{SECOND}",
        "image": "",
        "photo": "",
        "alt": "",
        "caption": "",
        "lang": "en",
        "url": URL,
        "kind": Kind.ARTICLE,
        "uncertain": (),
    }
    return Found(**{**fields, **values})  # type: ignore[arg-type]  # each test gives what fits


class TestArrive:
    def test_it_has_what_the_page_told(self) -> None:
        arrival = arrive(found(), "en", None)
        assert arrival.item == Item(
            heading=TITLE,
            source="Harbour Post",
            date=dt.date(2020, 10, 8),
            link=URL,
            text=f"{FIRST}\n\n{SECOND}",
        )
        assert (arrival.picture, arrival.notes) == (None, ())

    @pytest.mark.parametrize(
        ("lang", "edition", "kept"),
        [("de", "en", "de"), ("en", "en", ""), ("en", "en-GB", ""), ("ug", "de", "ug"), ("", "en", "")],
    )
    def test_a_language_is_told_only_where_it_is_another(self, lang: str, edition: str, kept: str) -> None:
        assert arrive(found(lang=lang), edition, None).item.lang == kept

    def test_its_photo_comes_along_with_alt_and_credit(self) -> None:
        with site(answer(jpeg(comment=b"canary"))) as here:
            page = found(image=f"{here.url}p.jpg", photo="Jo Doe", alt="A library", uncertain=())
            arrival = arrive(page, "en", here.guard())
        assert arrival.picture
        assert b"canary" not in arrival.picture.data
        assert (arrival.item.alt, arrival.item.photo, arrival.notes) == ("A library", "Jo Doe", ())

    def test_the_file_s_own_credit_fills_in_and_is_certain(self) -> None:
        xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description photoshop:Credit="Harbour Agency"/></x:xmpmeta>'
        with site(answer(jpeg(xmp=xmp))) as here:
            page = found(image=f"{here.url}p.jpg", uncertain=("photo", "alt"))
            arrival = arrive(page, "en", here.guard())
        assert (arrival.item.photo, arrival.found.photo) == ("Harbour Agency", "Harbour Agency")
        assert arrival.found.uncertain == ("alt",)

    def test_the_page_s_credit_is_worth_more_than_the_file_s(self) -> None:
        xmp = b'<x photoshop:Credit="Harbour Agency"/>'
        with site(answer(jpeg(xmp=xmp))) as here:
            page = found(image=f"{here.url}p.jpg", photo="Jo Doe")
            assert arrive(page, "en", here.guard()).item.photo == "Jo Doe"

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"HTTP/1.1 404 No\r\n\r\n", "its photo isn't there (404)"),
            (b"nonsense", "its photo can't be had: broke off, or answers what isn't HTTP"),
            (b"HTTP/1.1 200 OK\r\n\r\n<svg/>", "its photo was left out, since it is no picture that a mail can show"),
        ],
    )
    def test_without_it_the_item_says_nothing_of_a_photo(self, body: bytes, words: str) -> None:
        with site(says(body)) as here:
            page = found(image=f"{here.url}p.jpg", photo="Jo Doe", alt="A library")
            arrival = arrive(page, "en", here.guard())
        assert (arrival.picture, arrival.item.photo, arrival.item.alt) == (None, "", "")
        (note,) = arrival.notes
        assert note.startswith(words)

    def test_without_a_guard_nothing_is_asked_for(self) -> None:
        with site(answer(jpeg())) as here:
            assert arrive(found(image=here.url), "en", None).picture is None
        assert here.requests == []

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_whatever_a_page_says_is_read_back_as_it_was_written(self, title: str, text: str) -> None:
        if any(0xD800 <= ord(one) <= 0xDFFF for one in title + text):  # no text: page.py takes them out
            return
        item = arrive(found(title=title, source=title, excerpt=text), "en", None).item
        issue = Issue(title="Inbox", sections=(Section(items=(item, Item(heading="Below"))),))
        again = markdown.read(markdown.write(issue), Path("issue.md"))
        assert again == issue


class TestNamed:
    def test_photos_are_named_by_their_headlines_each_another(self) -> None:
        one, other = (Picture(data, "image/jpeg", 10, 10) for data in (b"one", b"other"))
        bare = arrive(found(title=""), "en", None)
        arrivals = [
            Arrival(Item(heading="A ruling"), bare.found, one),
            Arrival(Item(heading="A ruling!"), bare.found, other),
            Arrival(Item(heading="No photo"), bare.found),
            Arrival(Item(heading="裁决"), bare.found, one),
        ]
        items, photos = named(arrivals)
        assert [item.image for item in items] == ["a-ruling.jpg", "a-ruling-2.jpg", "", "photo.jpg"]
        assert photos == {"a-ruling.jpg": b"one", "a-ruling-2.jpg": b"other", "photo.jpg": b"one"}


class TestJson:
    def test_texts_or_null_but_for_what_is_uncertain(self) -> None:
        told = as_json(found(date=None, uncertain=("date",)), "2020-10-02")
        assert told == {
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
        assert as_json(found(), "")["already"] is None
