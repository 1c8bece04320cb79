"""A page is read as it looks: its paragraphs, links and lists, and nothing that is hidden."""

import pytest

from briefing.collecting.brief.parse import read_brief
from briefing.collecting.documents.read import read_document
from tests.collecting.documents.pages import lines_of, read_page

GOOGLE = "https://www.google.com/url?q=https://www.example.org/a%3Fb&sa=D&source=editors"


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        (
            "<p>a<p>b<h2>c</h2>d<div>e</div>",
            [("a",), ("b",), ("c",), ("d",), ("e",)],
        ),
        ("<p>one\n  and\tthe   same</p>", [("one and the same",)]),
        ("<p>a<br>b<br/><br>c</p>", [("a", "b"), ("c",)]),
        ("<table><tr><td>a<td>b<tr><td>c</table>", [("a",), ("b",), ("c",)]),
        (
            "<ul><li>a<li><p>b</p></ul><ol start=4><li>c<li>d</ol>",
            [("- a", "- b", "4. c", "5. d")],
        ),
        ("<ul><li><h3>a</h3><p>b</p></li></ul>", [("a",), ("b",)]),
        ("<p>a</p><hr><p>b</p>", [("a",), ("* * *",), ("b",)]),
        ("<pre>a\nb\n\nc</pre>", [("a", "b"), ("c",)]),
        ("<div style='white-space: pre-wrap'>a\nb</div>", [("a", "b")]),
        (
            "<p>8<sup>th</sup> &ldquo;x&rdquo; &amp;&nbsp;<q>y</q> &#x1F600;</p>",
            [("8th “x” & “y” 😀",)],
        ),
        (
            "<blockquote>a</blockquote><figure><figcaption>Photo: b</figcaption></figure>",
            [("a",), ("Photo: b",)],
        ),
        (
            "<p>a <b>b</b><o:p></o:p></p><![if !supportLists]>c<![endif]>",
            [("a b",), ("c",)],
        ),
        ("<p dir=rtl>ئۇيغۇر \u200fتىلى</p>", [("ئۇيغۇر \u200fتىلى",)]),
        ("<p>evil\u202egnp\u202c \u2066x\u2069</p>", [("evilgnp x",)]),
        ("<p>a&#0;b\x00c</p>", [("a\ufffdbc",)]),
    ],
)
def test_a_page_is_read_as_it_looks(
    page: str, lines: list[tuple[str, ...]]
) -> None:
    assert lines_of(page) == lines


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display:none;font-size:1px'>x</div>",
        "<div style='MAX-HEIGHT: 0px; overflow: hidden'>x</div>",
        "<span style='visibility: hidden'>x</span>",
        "<span style='color:red; opacity:0'>x</span>",
        "<p hidden>x</p>",
        "<style>@media print{.y{}} .pre, .z {color:red; display : none }</style><p class='pre z'>x</p>",
        "<div class='screen-reader-text'>x</div>",
        "<style>x</style><script>x</script><title>x</title><svg><text>x</text></svg><noscript>x</noscript>",
        "<nav>x</nav><header>x</header><footer>x</footer><form><button>x</button></form><div role=navigation>x</div>",
        "<!-- x --><!--[if mso]><p>x</p><![endif]-->",
        "<div>\u034f\u200c\u00a0\u034f\u200c</div>",
        "<div style='display:none'><p>x<img src='data:image/png;base64,AAAA'></p><div>x</div></div>",
    ],
)
def test_what_a_reader_does_not_see_is_not_read(hidden: str) -> None:
    assert lines_of(f"<p>a</p>{hidden}<p>b</p>") == [("a",), ("b",)]


@pytest.mark.parametrize(
    "shown",
    [
        "<td style='font-size:0px;padding:20px'><p style='font-size:14px'>x</p></td>",  # MJML wraps whole emails so
        "<a style='mso-hide:all'>x</a>",
        "<style>@media (max-width:600px){.wide{display:none}}</style><p class=wide>x</p>",
        "<p style='opacity:0.9'>x</p>",
        "<article><header>x</header></article>",
    ],
)
def test_what_only_seems_to_be_hidden_is_read(shown: str) -> None:
    assert lines_of(f"<p>a</p>{shown}")[-1] == ("x",)


def test_the_main_part_of_a_page_is_read_or_else_its_articles() -> None:
    side = "<div>Most read: other news</div>"
    assert lines_of(f"{side}<main><p>a</p></main>{side}") == [("a",)]
    assert lines_of(
        f"{side}<article>A long text of an item</article><article>Another</article>"
    ) == [
        ("A long text of an item",),
        ("Another",),
    ]


@pytest.mark.parametrize(
    ("markup", "links"),
    [
        (
            f'<a href="{GOOGLE.replace("&", "&amp;")}">Read More →</a>',
            [("Read More →", GOOGLE)],
        ),
        (
            '<a href="https://a.example/"> Read </a><a href="https://a.example/"><b>More</b></a>',
            [("Read More", "https://a.example/")],
        ),
        (
            'see https://a.example/x, <a href="https://b.example/">b</a>',
            [("https://a.example/x",) * 2, ("b", "https://b.example/")],
        ),
        (
            '<a href="mailto:a@b.example">write</a>',
            [("write", "mailto:a@b.example")],
        ),
        ('<a href="//a.example/x">a</a>', [("a", "https://a.example/x")]),
        (
            '<a href=" https://a.example/x y\n">a</a>',
            [("a", "https://a.example/x%20y")],
        ),
        (
            '<base href="https://a.example/b/"><a href="c">c</a>',
            [("c", "https://a.example/b/c")],
        ),
        (
            '<a href="javascript:alert(1)">a</a> <a href="java\tscript:x">b</a> <a href="data:text/html,x">c</a>',
            [],
        ),
        (
            '<a href="#top">a</a> <a href="/x">b</a> <a href="file:///etc/passwd">c</a> <a href="https://u:p@a.example">d</a>',
            [],
        ),
    ],
)
def test_links_are_kept_if_they_lead_to_a_web_or_email_address(
    markup: str, links: list[tuple[str, str]]
) -> None:
    assert [
        link
        for paragraph in read_page(f"<p>{markup}</p>").paragraphs
        for link in paragraph.links
    ] == links


def test_the_link_of_read_more_is_the_link_of_the_item() -> None:
    page = f'<h2>Court opens the archive</h2><p>It is open to all.</p><p><a href="{GOOGLE}">Read more →</a></p>'
    (parsed,) = read_brief(read_page(page).paragraphs).items
    assert parsed.item.link == GOOGLE


def test_a_linked_line_that_announces_an_address_is_the_link_of_the_item() -> (
    None
):
    page = '<h2>Court opens the archive</h2><p>It is open.</p><p><a href="https://a.example/r.pdf">Full report</a></p>'
    (parsed,) = read_brief(read_page(page).paragraphs).items
    assert (parsed.item.link, parsed.item.text) == (
        "https://a.example/r.pdf",
        "It is open.",
    )


def test_an_email_address_that_cloudflare_hid_is_read() -> None:
    code = bytes([0x54, *(0x54 ^ letter for letter in b"me@example.org")]).hex()
    assert lines_of(
        f'<p>Contact: <a href="/cdn-cgi/l/email-protection" data-cfemail="{code}">[email&#160;protected]</a></p>'
    ) == [("Contact: me@example.org",)]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("windows-1254", "cp1254"),
        ("iso-8859-9", "cp1254"),
        ("utf-8", "cp1254"),
        ("windows-1254", "utf-8"),
        ("utf-16", "utf-8"),
        ("no-such-charset", "utf-8"),
        ("utf-7", "utf-8"),
        ("", "utf-16"),
        ("", "utf-16-be"),
    ],
)
def test_a_wrongly_declared_encoding_does_no_harm(
    declared: str, encoding: str
) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><p>Şırnak’ta “değişim” – İğdır</p></body></html>'
    assert read_document(page.encode(encoding), "").paragraphs[0].lines == (
        "Şırnak’ta “değişim” – İğdır",
    )


def test_lines_that_are_bold_as_a_whole_are_strong() -> None:
    page = (
        "<p><b>Head</b><br>Words with <b>bold</b> in them<br>"
        "<span style='font-weight:700'>700</span></p>"
        "<b style='font-weight:normal'>a wrapper of Google Docs</b>"
    )
    strong = [paragraph.strong for paragraph in read_page(page).paragraphs]
    assert strong == [frozenset({0, 2}), frozenset()]


def test_struck_out_text_is_left_out_and_noted() -> None:
    page = "<p>It is <s>a</s><del>b</del><span style='text-decoration:line-through'>c</span>so.</p>"
    document = read_page(page)
    assert [paragraph.lines for paragraph in document.paragraphs] == [
        ("It is so.",)
    ]
    assert document.left_out == ["left out: deleted text"]


def test_of_a_card_that_is_a_link_only_the_headline_is_linked() -> None:
    card = '<a href="https://a.example/"><p>Report</p><{0}>The ferry runs</{0}><p>Harbour Post</p>Nobody waits.</a>'
    headline = [("The ferry runs", "https://a.example/")]
    for tag in ("h3", "b"):
        page = (
            card.format(tag)
            .replace("<b>", "<p><b>")
            .replace("</b>", "</b></p>")
        )
        paragraphs = read_page(page).paragraphs
        assert [list(each.links) for each in paragraphs] == [
            [],
            headline,
            [],
            [],
        ]
