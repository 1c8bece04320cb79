"""Plain text as a document."""

import pytest

from briefing.collecting.documents.document import decode_brief
from briefing.errors import BriefingError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encodings_that_editors_save(encoding: str) -> None:
    text = "“Größe” – naïve\r\nline\rend"
    assert decode_brief(text.encode(encoding)) == "“Größe” – naïve\nline\nend"


def test_nul_characters_are_dropped() -> None:
    assert decode_brief(b"a\0b") == "ab"


@pytest.mark.parametrize(
    "data",
    [b"\x81\x8d", b"\xff\xfea", b"\xef\xbb\xbf\xff", b"\xff\xfe\x00\xd8"],
)
def test_a_file_that_isnt_text_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(
        BriefingError, match=r"^isn't text .*; save it as plain text .*$"
    ):
        decode_brief(data)
