"""What is pasted into a text field: Markdown, by the reading of documents, and never HTML."""

import pytest

from briefing.collecting.pasted import (
    LONGEST,
    pasted_markdown,
    understand_pasted,
)

GOOGLE_DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal" id="docs-internal-guid-1">'
    '<p dir="ltr"><span>The court &amp; the ministry.</span></p>'
    '<ul><li dir="ltr"><p dir="ltr"><span>a lawyer</span></p></li>'
    '<li dir="ltr"><p dir="ltr"><span>a letter</span></p></li></ul></b>'
)
WORD = (
    '<html xmlns:w="urn:schemas-microsoft-com:office:word"><head>'
    '<meta name=Generator content="Microsoft Word 15"><style>p.MsoNormal {margin:0}</style></head>'
    "<body><!--StartFragment--><p class=MsoNormal>First paragraph.<o:p></o:p></p>"
    '<p class=MsoNormal><a href="https://example.org/a">The ruling</a><o:p></o:p></p>'
    "<!--EndFragment--></body></html>"
)
GOOGLE_DOCS_EMPHASIS = (
    '<b style="font-weight:normal;" id="docs-internal-guid-2"><p dir="ltr">'
    '<span style="font-weight:400;font-style:normal">The court </span>'
    '<span style="font-weight:700;font-style:normal">has ruled</span>'
    '<span style="font-weight:400;font-style:italic">, as the Harbour Post wrote</span>'
    '<span style="font-weight:400;font-style:normal">.</span></p></b>'
)
WORD_EMPHASIS = (
    "<html xmlns:w='urn:schemas-microsoft-com:office:word'><body><!--StartFragment-->"
    "<p class=MsoNormal><b style='mso-bidi-font-weight:normal'>Who decided?<o:p></o:p></b></p>"
    "<p class=MsoNormal>It was <i style='mso-bidi-font-style:normal'><span style='font-family:Arial'>not</span></i> "
    "the <b><i>ministry</i></b>, see <b><a href='https://example.org/a'>the ruling</a></b>.<o:p></o:p></p>"
    "<!--EndFragment--></body></html>"
)
WEB_PAGE = (
    "<h2>What follows</h2><ul><li><strong>Appeal:</strong> until <em>Friday</em></li>"
    "<li>a note in the <cite>Harbour Post</cite></li></ul>"
    "<p>2 * 3 = <b>6 * 1</b></p>"
)
CHAT = """\
[12:03, 9.10.2020] Amina: The court *has ruled*.
[12:04, 9.10.2020] Jonas: See https://example.org/a
"""


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (
            GOOGLE_DOCS,
            "The court & the ministry.\n\n- a lawyer\n- a letter",
        ),
        (WORD, "First paragraph.\n\n[The ruling](https://example.org/a)"),
        (
            GOOGLE_DOCS_EMPHASIS,
            "The court **has ruled**, *as the Harbour Post wrote*.",
        ),
        (
            WORD_EMPHASIS,
            "**Who decided?**\n\nIt was *not* the ***ministry***, "
            "see **[the ruling](https://example.org/a)**.",
        ),
        (
            WEB_PAGE,
            "**What follows**\n\n- **Appeal:** until *Friday*\n"
            "- a note in the *Harbour Post*\n\n2 \\* 3 = **6 \\* 1**",
        ),
        ("<p>5 * 3 and # no heading</p>", "5 * 3 and # no heading"),
        ("<p># so</p>", "\\# so"),
        ("<p>a</p><script>alert(1)</script><img src=x>", "a"),
        ("<p>a <del>deleted</del> word</p>", "a word"),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert understand_pasted(html, "") == markdown


def test_names_and_times_of_a_chat_are_left_out() -> None:
    pasted = pasted_markdown("", CHAT)
    assert "The court **has ruled**." in pasted
    assert "https://example.org/a" in pasted
    for left_out in ("Amina", "Jonas", "12:03"):
        assert left_out not in pasted


def test_plain_text_stays_as_it_is() -> None:
    text = "One line.\n\n*Another*  one\n"
    assert pasted_markdown("", text) == text


def test_html_that_cannot_be_read_gives_its_plain_form() -> None:
    assert pasted_markdown("<p>x" * LONGEST, "its plain form") == (
        "its plain form"
    )
    assert pasted_markdown("<table></table>", "its plain form") == (
        "its plain form"
    )
