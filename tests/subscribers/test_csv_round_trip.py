"""Whatever a CSV writer writes is read as it was meant, and any other bytes are read or refused."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.errors import SubscribersError
from briefing.subscribers.subscriber import clean, clean_name
from briefing.subscribers.subscriber_list import Readers
from tests.subscribers.lists import (
    DELIMITERS,
    ENCODINGS,
    LINE_ENDS,
    encoded,
    read,
    read_or_error,
    written,
)

LATIN = "abcXYZ012 ,;\t\"'.-+=@?!ÄÖÜßàéîõúÿ"
"""Letters of Windows-1252, without the pairs that are one letter in UTF-8: no one could tell which
was meant.
"""
ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


@st.composite
def people(
    draw: st.DrawFn, alphabet: st.SearchStrategy[str]
) -> list[list[str]]:
    """Rows of distinct readers: an address, a name, a note, whatever they hold."""
    locals_ = draw(
        st.lists(
            st.text("abcd0123_+ü", min_size=1, max_size=8),
            unique=True,
            max_size=6,
        )
    )
    names = st.text(alphabet, max_size=12)
    return [
        [f"{local}@example.org", draw(names), draw(names)] for local in locals_
    ]


def expected(rows: list[list[str]]) -> list[tuple[str, str, str]]:
    return [
        (address, clean_name(name), clean(note)) for address, name, note in rows
    ]


def covered(rows: list[list[str]]) -> list[list[str]]:
    """The rows as our exports write them: with an apostrophe before what a spreadsheet would
    calculate.
    """
    return [
        [
            f"'{cell}" if cell.strip().lstrip("'")[:1] in {*"=+-@"} else cell
            for cell in map(str.strip, row)
        ]
        for row in rows
    ]


def read_back(content: bytes) -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "subscribers.csv")
        path.write_bytes(content)
        reading = read(path)
    assert not reading.bad_rows
    assert not reading.duplicates
    return [
        (row.address, row.name, row.columns["note"])
        for row in reading.subscribers
    ]


class TestRoundTrip:
    """Whatever a CSV writer writes is read as it was meant."""

    @settings(deadline=None)
    @given(
        people(ANY.filter(lambda char: char not in "@\n\r")),
        st.sampled_from(ENCODINGS[:-1]),
        st.sampled_from(DELIMITERS),
        st.sampled_from(LINE_ENDS),
    )
    def test_any_text_in_unicode(
        self,
        rows: list[list[str]],
        encoding: str,
        delimiter: str,
        line_end: str,
    ) -> None:
        text = written(
            [["email", "name", "note"], *covered(rows)], delimiter, line_end
        )
        assert read_back(encoded(text, encoding)) == expected(rows)

    @settings(deadline=None)
    @given(
        people(st.sampled_from(LATIN)),
        st.sampled_from(DELIMITERS),
        st.sampled_from(LINE_ENDS),
    )
    def test_western_text_in_windows_1252(
        self, rows: list[list[str]], delimiter: str, line_end: str
    ) -> None:
        text = written(
            [["email", "name", "note"], *covered(rows)], delimiter, line_end
        )
        assert read_back(text.encode("cp1252")) == expected(rows)

    @settings(deadline=None)
    @given(
        people(st.sampled_from("a \n\r,;\t\"'é")), st.sampled_from(DELIMITERS)
    )
    def test_lines_in_cells(
        self, rows: list[list[str]], delimiter: str
    ) -> None:
        text = written(
            [["email", "name", "note"], *covered(rows)], delimiter, "\r\n"
        )
        assert read_back(text.encode()) == expected(rows)

    @settings(deadline=None)
    @given(st.binary(max_size=80))
    def test_any_bytes_are_read_or_refused(self, content: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "subscribers.csv")
            path.write_bytes(b"email,name\n" + content)
            assert isinstance(read_or_error(path), Readers | SubscribersError)
