"""Quotation marks within others, by each language's rule."""

import pytest

from briefing.text.quotation_marks import quotation_marks


@pytest.mark.parametrize(
    ("code", "headline", "nested"),
    [
        ("en", "MPs claim “evidence”", "MPs claim ‘evidence’"),
        ("en", "MPs claim ‘evidence’", "MPs claim ‘evidence’"),
        ("en", "“A ‘b’ c” and “d”", "‘A “b” c’ and ‘d’"),
        ("en", 'MPs claim "evidence"', "MPs claim ‘evidence’"),
        ("en", "The miners’ O’Neill", "The miners’ O’Neill"),
        ("en", "MPs claim “clear evid…", "MPs claim ‘clear evid…’"),
        ("de", "„Ja“, sagt er", "‚Ja‘, sagt er"),
        ("de", "„Ja, ‚gut‘“", "‚Ja, „gut“‘"),
        ("de", "«Ja» und “yes”", "‚Ja‘ und ‚yes‘"),
        ("tr", "“Evet” dedi", "‘Evet’ dedi"),
        ("ug", "«ھەئە» دېدى", "‹ھەئە› دېدى"),
        ("ug", "“ھەئە” دېدى", "‹ھەئە› دېدى"),
        ("zh", "读《史记》的“人”", "读〈史记〉的“人”"),
        ("zh-Hant", "《甲〈乙〉》", "〈甲《乙》〉"),
        ("eo", "“a”", "‘a’"),
    ],
)
def test_marks_change_with_their_depth(
    code: str, headline: str, nested: str
) -> None:
    assert quotation_marks(code).nested(headline) == nested
