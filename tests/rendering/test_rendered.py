"""What differs by reader is in slots, which no text can forge and which are filled with escaped
values.
"""

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.photos.pictures import Picture
from briefing.rendering.rendered import (
    RenderedIssue,
    Slot,
    SlotMarkers,
    Slotted,
    with_references,
)

texts = st.text(st.characters(codec="utf-8"), max_size=20)
slots = st.builds(Slot, texts, texts)
slotted = st.lists(st.one_of(texts, slots), max_size=6).map(
    lambda parts: Slotted(tuple(parts))
)
pictures = st.builds(
    Picture,
    st.binary(max_size=30),
    st.sampled_from(["image/jpeg", "image/png"]),
    st.integers(1, 600),
    st.integers(1, 600),
)
issues = st.builds(
    RenderedIssue,
    id=texts,
    lang=texts,
    subject=texts,
    html=slotted,
    text=slotted,
    pictures=st.lists(pictures, max_size=3).map(tuple),
)


class TestSlotMarkers:
    def test_each_marker_becomes_the_slot_of_its_column(self) -> None:
        reader = SlotMarkers()
        text = f"Dear {reader('Name', 'reader')}, of {reader('city')}: {reader('name', 'reader')}!"
        assert reader.split(text) == Slotted(
            (
                "Dear ",
                Slot("name", "reader"),
                ", of ",
                Slot("city"),
                ": ",
                Slot("name", "reader"),
                "!",
            )
        )

    def test_a_column_may_have_several_defaults(self) -> None:
        reader = SlotMarkers()
        cut = reader.split(reader("name", "friend") + reader("name", "reader"))
        assert cut.filled({}) == "friendreader"
        assert cut.filled({"name": "Amina"}) == "AminaAmina"

    def test_more_than_ten_slots_stay_distinct(self) -> None:
        reader = SlotMarkers()
        text = "".join(reader(f"column{number}") for number in range(12))
        assert reader.split(text).filled(
            {f"column{number}": f"{number} " for number in range(12)}
        ) == ("0 1 2 3 4 5 6 7 8 9 10 11 ")

    @given(
        st.lists(
            st.one_of(
                texts,
                st.sampled_from(
                    [
                        "slot",
                        "x",
                        "0",
                        "1x",
                        "=slot-0",
                        "{{",
                        "slot0123456789abcdefx0x",
                    ]
                ),
            )
        )
    )
    def test_no_text_is_mistaken_for_a_marker(self, pieces: list[str]) -> None:
        reader = SlotMarkers()
        reader("name")
        text = "".join(pieces)
        assert reader.split(text) == Slotted((text,) if text else ())

    def test_markers_from_another_rendering_are_text(self) -> None:
        reader, another = SlotMarkers(), SlotMarkers()
        marker = another("name")
        reader("name")
        assert reader.split(marker) == Slotted((marker,))

    def test_escaping_leaves_a_marker_unchanged(self) -> None:
        marker = SlotMarkers()("name")
        assert re.fullmatch(r"[a-z0-9]+", marker)


class TestFilling:
    TEXT = Slotted(
        ('<p title="', Slot("name", "a & b"), '">', Slot("city"), "</p>")
    )

    def test_a_value_is_escaped_for_its_place(self) -> None:
        columns = {"name": "\"><script>'", "city": "<b>&amp;"}
        filled = self.TEXT.filled(columns, html.escape)
        assert (
            filled
            == '<p title="&quot;&gt;&lt;script&gt;&#x27;">&lt;b&gt;&amp;amp;</p>'
        )

    def test_the_default_is_escaped(self) -> None:
        for columns in ({}, {"name": "", "city": ""}):
            assert (
                self.TEXT.filled(columns, html.escape)
                == '<p title="a &amp; b"></p>'
            )

    def test_plain_text_is_not_escaped(self) -> None:
        assert (
            self.TEXT.filled({"name": "<", "city": "&"}) == '<p title="<">&</p>'
        )

    @given(slotted, st.dictionaries(texts, texts, max_size=3))
    def test_a_value_is_never_searched_for_slots(
        self, text: Slotted, columns: dict[str, str]
    ) -> None:
        expected = [
            part if isinstance(part, str) else part.value(columns)
            for part in text.parts
        ]
        assert text.filled(columns) == "".join(expected)


class TestStorage:
    @given(issues)
    def test_reading_gives_back_what_was_written(
        self, issue: RenderedIssue
    ) -> None:
        again = RenderedIssue.from_bytes(issue.to_bytes())
        assert again == issue
        assert again.digest == issue.digest

    @given(issues, issues)
    def test_digests_are_equal_if_everything_is(
        self, first: RenderedIssue, second: RenderedIssue
    ) -> None:
        assert (first.digest == second.digest) == (first == second)

    def test_what_was_frozen_before_there_was_an_archive_can_be_read(
        self,
    ) -> None:
        old = b"""{"id": "2020-10-09", "lang": "en", "subject": "News", "html": [],
            "text": ["News\\n"], "pictures": []}"""
        issue = RenderedIssue.from_bytes(old)
        assert issue.text == Slotted(("News\n",))
        assert issue.archive == ""

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"null",
            b"[]",
            b"{}",
            b"\xff",
            b'"text"',
            b'{"id": "a"}',
            json.dumps(
                {
                    "id": "",
                    "lang": "",
                    "subject": "",
                    "html": [5],
                    "text": [],
                    "pictures": [],
                }
            ).encode(),
            json.dumps(
                {
                    "id": "",
                    "lang": "",
                    "subject": "",
                    "html": [["a"] * 5],
                    "text": [],
                    "pictures": [],
                }
            ).encode(),
            json.dumps(
                {
                    "id": "",
                    "lang": "",
                    "subject": "",
                    "html": [],
                    "text": [],
                    "pictures": [[1]],
                }
            ).encode(),
            json.dumps(
                {
                    "id": "",
                    "lang": "",
                    "subject": "",
                    "html": [],
                    "text": [],
                    "pictures": [[1, 2, 3, "é"]],
                }
            ).encode(),
        ],
    )
    def test_other_bytes_are_refused(self, data: bytes) -> None:
        with pytest.raises(ValueError, match=r".*"):
            RenderedIssue.from_bytes(data)


class TestPage:
    def test_it_is_one_file_that_includes_its_pictures(self) -> None:
        picture = Picture(b"\x89PNG", "image/png", 10, 10)
        page = Slotted(
            (
                f'<img src="cid:{picture.name}"><img src="cid:other.png">',
                Slot("name"),
            )
        )
        issue = RenderedIssue(
            "2020-10-09", "en", "Subject", page, Slotted(()), (picture,)
        )
        assert issue.page({"name": "<b>"}) == (
            '<img src="data:image/png;base64,iVBORw=="><img src="cid:other.png">&lt;b&gt;'
        )

    def test_a_text_that_looks_like_a_reference_hides_no_picture(self) -> None:
        page = with_references(
            'write "cid:<br><img src="cid:a.png">', {"a.png": "cid:b"}
        )
        assert page == 'write "cid:<br><img src="cid:b">'
