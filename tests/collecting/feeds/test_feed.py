"""Feeds of every format, broken ones and hostile ones. All of them are invented."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.feeds.feed import (
    MOST_BYTES,
    MOST_ENTRIES,
    Entry,
    Feed,
    most_attributes,
    read_feed,
)
from briefing.errors import FetchError

URL = "https://www.example.org/news/feed.xml"
TODAY = dt.date(2020, 10, 20)

RSS = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Harbour Post</title><link>https://www.example.org/</link>
<atom:link href="https://www.example.org/news/feed.xml" rel="self" type="application/rss+xml"/>
ITEMS
</channel></rss>"""

ATOM = """\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour Post</title><id>urn:x</id>
<updated>2020-10-09T08:00:00Z</updated>
ITEMS
</feed>"""


def read(
    text: str | bytes, content_type: str = "application/rss+xml", url: str = URL
) -> Feed:
    data = text.encode() if isinstance(text, str) else text
    return read_feed(data, url, content_type, today=TODAY)


def rss(*items: str) -> Feed:
    return read(
        RSS.replace("ITEMS", "".join(f"<item>{item}</item>" for item in items))
    )


def atom(*entries: str) -> Feed:
    return read(
        ATOM.replace(
            "ITEMS", "".join(f"<entry>{entry}</entry>" for entry in entries)
        ),
        "application/atom+xml",
    )


def only_entry(feed: Feed) -> Entry:
    (entry,) = feed.entries
    return entry


class TestFormats:
    EXPECTED = Entry(
        id="https://www.example.org/a",
        title="A court opens its files",
        link="https://www.example.org/a",
        date=dt.date(2020, 10, 8),
    )

    @pytest.mark.parametrize(
        "text",
        [
            RSS.replace(
                "ITEMS",
                """<item><title>A court opens its files</title><link>https://www.example.org/a</link>
                <guid>https://www.example.org/a</guid><pubDate>Thu, 08 Oct 2020 08:00:00 GMT</pubDate>
                <description>The court has opened the files of three years.</description></item>""",
            ),
            """<rss version="0.92"><channel><title>Harbour Post</title><item><title>A court opens its files</title>
            <link>https://www.example.org/a</link><pubDate>8 Oct 2020</pubDate>
            <description>The court has opened the files of three years.</description></item></channel></rss>""",
            """<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
            "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel>
            <title>Harbour Post</title><item><title>A court opens its files</title><link>https://www.example.org/a</link>
            <pubDate>2020-10-08</pubDate>
            <description>The court has opened the files of three years.</description></item></channel></rss>""",
            """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
            xmlns="http://my.netscape.com/rdf/simple/0.9/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
            <title>Harbour Post</title><link>https://www.example.org/</link></channel><item>
            <title>A court opens its files</title><link>https://www.example.org/a</link><dc:date>2020-10-08</dc:date>
            </item></rdf:RDF>""",
            """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
            xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://www.example.org/">
            <title>Harbour Post</title></channel><item rdf:about="https://www.example.org/a">
            <title>A court opens its files</title><link>https://www.example.org/a</link>
            <dc:date>2020-10-08T08:00:00+02:00</dc:date>
            <description>The court has opened the files of three years.</description></item></rdf:RDF>""",
            ATOM.replace(
                "ITEMS",
                """<entry><title>A court opens its files</title><id>https://www.example.org/a</id>
                <link rel="self" href="https://www.example.org/a.atom"/><link rel="replies" href="https://x.example.org/"/>
                <link rel="alternate" type="application/pdf" href="https://www.example.org/a.pdf"/>
                <link rel="alternate" type="text/html" href="https://www.example.org/a"/>
                <link rel="enclosure" href="https://www.example.org/a.mp3"/>
                <published>2020-10-08T23:30:00-04:00</published><updated>2020-10-19T08:00:00Z</updated>
                <summary>The court has opened the files of three years.</summary></entry>""",
            ),
            """{"version": "https://jsonfeed.org/version/1.1", "title": "Harbour Post", "items": [
            {"id": "https://www.example.org/a", "url": "https://www.example.org/a", "title": "A court opens its files",
             "date_published": "2020-10-08T23:30:00-04:00", "date_modified": "2020-10-19T08:00:00Z",
             "content_html": "<p>The court has opened <b>the files</b> of three&nbsp;years.</p>"}]}""",
        ],
        ids=[
            "RSS 2.0",
            "RSS 0.92",
            "RSS 0.91",
            "RSS 0.90",
            "RSS 1.0 (RDF)",
            "Atom",
            "JSON Feed",
        ],
    )
    def test_an_entry_is_the_same_in_every_format(self, text: str) -> None:
        assert read(text) == Feed(URL, "Harbour Post", (self.EXPECTED,))

    def test_a_feed_can_be_empty(self) -> None:
        assert rss() == Feed(URL, "Harbour Post", ())
        assert read('{"version": "https://jsonfeed.org/version/1"}') == Feed(
            URL, "", ()
        )

    @pytest.mark.parametrize(
        "text",
        [
            "<description>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two.&lt;/p&gt;</description>",
            "<title/><content:encoded><![CDATA[<p>One<p>two.]]></content:encoded>",
        ],
    )
    def test_the_text_replaces_a_missing_title(self, text: str) -> None:
        entry = rss(f"{text}<link>https://e.org/</link>")
        assert only_entry(entry).title == "One two."

    def test_the_text_replaces_a_missing_title_in_json(self) -> None:
        entry = '{"url": "https://e.org/", "content_html": "<p>One<p>two."}'
        feed = read(
            f'{{"version": "https://jsonfeed.org/version/1", "items": [{entry}]}}'
        )
        assert only_entry(feed).title == "One two."


class TestTexts:
    @pytest.mark.parametrize(
        ("written", "title"),
        [
            ("Fish &amp; Chips", "Fish & Chips"),
            ("Fish &amp;amp; Chips", "Fish & Chips"),
            ("&lt;b&gt;Bold&lt;/b&gt; word", "Bold word"),
            ("<![CDATA[<em>Bold</em>er<br/>word]]>", "Bolder word"),
            ("<![CDATA[A <b>bold word]]>", "A bold word"),
            ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),
            ("  over\n  two lines ", "over two lines"),
            ("&#8216;Quoted&#8217; &#x2014; so", "‘Quoted’ — so"),
            ("&amp;#8216;Quoted&amp;#8217; &amp;mdash; so", "‘Quoted’ — so"),
            ("A&amp;amp;#8217;s &amp;amp;quot;B&amp;amp;quot;", 'A’s "B"'),
            (
                "<![CDATA[Fish &amp;amp; Chips &amp;#38; so]]>",
                "Fish & Chips & so",
            ),
            ("R&amp;D; x&amp;y=1", "R&D; x&y=1"),
            ("<![CDATA[‘Quoted’ &#8212; so]]>", "‘Quoted’ — so"),
            ("&lt;script&gt;alert(1)&lt;/script&gt;Title", "Title"),
            ("a\u202eb\u2066c\xadd\ufeffe", "abcde"),
            ("خبر\u200cنامه بۈگۈن", "خبر\u200cنامه بۈگۈن"),
            ("", ""),
        ],
    )
    def test_a_title_is_plain_text(self, written: str, title: str) -> None:
        assert (
            only_entry(
                rss(f"<title>{written}</title><link>https://e.org/</link>")
            ).title
            == title
        )

    def test_atom_declares_whether_a_title_is_markup(self) -> None:
        entries = atom(
            '<id>a</id><title type="text">if a &lt; b: &amp;amp;</title>',
            '<id>b</id><title type="html">if a &amp;lt; b: &lt;i&gt;so&lt;/i&gt;</title>',
            '<id>c</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">if <i>so</i></div></title>',
        ).entries
        assert [entry.title for entry in entries] == [
            "if a < b: &amp;",
            "if a < b: so",
            "if so",
        ]

    def test_the_title_of_media_is_not_the_title_of_the_entry(self) -> None:
        entry = only_entry(
            rss(
                "<title>Own</title><media:content url='https://e.org/x.jpg'><media:title>x.jpg</media:title></media:content>"
            )
        )
        assert entry.title == "Own"

    def test_a_long_title_is_shortened(self) -> None:
        title = only_entry(rss(f"<title>{'word ' * 400_000}</title>")).title
        assert len(title) <= 500
        assert title.endswith("word…")

    def test_blocks_are_separated_by_a_space_and_inline_elements_are_not(
        self,
    ) -> None:
        lists = "<ul><li>three</li><li>fo<b>ur</b></li></ul><!-- x --><style>p{}</style><img alt='y'>"
        title = f"<![CDATA[<p>One<br>two</p>{lists}]]>"
        entry = only_entry(rss(f"<title>{title}</title>"))
        assert entry.title == "One two three four"


class TestDates:
    @pytest.mark.parametrize(
        ("written", "day"),
        [
            (
                "Thu, 08 Oct 2020 23:30:00 -0500",
                (2020, 10, 8),
            ),  # 9 October for UTC
            (
                "Thu, 08 Oct 2020 00:30:00 +0300",
                (2020, 10, 8),
            ),  # 7 October for UTC
            ("Thu, 08 Oct 2020 23:30:00 EST", (2020, 10, 8)),
            ("Thu, 8 October 2020 10:00", (2020, 10, 8)),
            ("2020-10-08T23:30:00-05:00", (2020, 10, 8)),
            ("2020-10-08T23:30:00.1234567Z", (2020, 10, 8)),
            ("2020-10-08 23:30:00 -0500", (2020, 10, 8)),
            ("2020-10-08T24:00:00Z", (2020, 10, 8)),
            ("8. Oktober 2020", (2020, 10, 8)),
            ("Do, 08 Okt 2020 10:00:00 +0200", (2020, 10, 8)),
            ("8 Ekim 2020", (2020, 10, 8)),
            ("Qui, 08 Out 2020 10:00:00 -0300", (2020, 10, 8)),
            ("Sáb, 10 Out 2020 23:30:00 GMT", (2020, 10, 10)),
            ("quinta-feira, 8 de outubro de 2020", (2020, 10, 8)),
            ("jeu., 08 oct. 2020 10:00:00 +0200", (2020, 10, 8)),
            ("8 октября 2020 г.", (2020, 10, 8)),
            ("10/08/2020 10:00", None),  # August or October
            (
                "2020-10-21",
                (2020, 10, 21),
            ),  # tomorrow: where it is written, today
            ("2020-10-22", None),
            ("Fri, 01 Jan 2038 00:00:00 GMT", None),
            ("Thu, 01 Jan 1970 00:00:00 GMT", None),
            ("0001-01-01T00:00:00Z", None),
            ("yesterday", None),
            ("99999999999999999999", None),
            ("Thu, 08 Oct 2020 10:00:00 +9999999", (2020, 10, 8)),
            ("", None),
        ],
    )
    def test_the_date_is_the_day_as_written(
        self, written: str, day: tuple[int, int, int] | None
    ) -> None:
        expected = dt.date(*day) if day else None
        assert (
            only_entry(
                rss(f"<title>a</title><pubDate>{written}</pubDate>")
            ).date
            == expected
        )

    def test_the_publication_date_counts_before_the_date_of_a_change(
        self,
    ) -> None:
        published, updated = (
            "<published>2020-10-08T08:00:00Z</published>",
            "<updated>2020-10-12T08:00:00Z</updated>",
        )
        assert only_entry(
            atom(f"<id>a</id><title>a</title>{updated}{published}")
        ).date == dt.date(2020, 10, 8)
        assert only_entry(
            atom(f"<id>a</id><title>a</title>{updated}")
        ).date == dt.date(2020, 10, 12)
        dublin = "<title>a</title><dc:date>2020-10-12</dc:date><pubDate>Thu, 08 Oct 2020 08:00:00 GMT</pubDate>"
        assert only_entry(rss(dublin)).date == dt.date(2020, 10, 8)

    def test_the_newest_comes_first_and_undated_entries_last(self) -> None:
        entries = rss(
            "<title>undated</title>",
            "<title>old</title><pubDate>Thu, 08 Oct 2020 08:00:00 GMT</pubDate>",
            "<title>late in Japan</title><pubDate>Fri, 09 Oct 2020 01:00:00 +0900</pubDate>",
            "<title>new</title><pubDate>Thu, 08 Oct 2020 17:00:00 GMT</pubDate>",
            "<title>to come</title><pubDate>Thu, 08 Oct 2099 17:00:00 GMT</pubDate>",
        ).entries
        assert [entry.title for entry in entries] == [
            "new",
            "late in Japan",
            "old",
            "undated",
            "to come",
        ]

    def test_a_feed_without_dates_keeps_its_order(self) -> None:
        entries = rss(
            *(f"<title>{number}</title>" for number in range(5))
        ).entries
        assert [entry.title for entry in entries] == list("01234")


class TestLinks:
    @pytest.mark.parametrize(
        ("written", "link"),
        [
            (
                "<link>https://feedproxy.example.com/~r/post/~3/x/</link>",
                "https://feedproxy.example.com/~r/post/~3/x/",
            ),
            (
                "<link>/a?b=1&amp;c=2</link>",
                "https://www.example.org/a?b=1&c=2",
            ),
            ("<link>a.html</link>", "https://www.example.org/news/a.html"),
            ("<link>//cdn.example.org/a</link>", "https://cdn.example.org/a"),
            ("<link>\n https://e.org/a \n</link>", "https://e.org/a"),
            ("<guid>https://e.org/a</guid>", "https://e.org/a"),
            (
                "<guid isPermaLink='false'>tag:1</guid><link>https://e.org/a</link>",
                "https://e.org/a",
            ),
            ("<guid isPermaLink='false'>tag:1</guid>", ""),
            ("<link>javascript:alert(1)</link>", ""),
            ("<link>file:///etc/passwd</link>", ""),
            ("<link>https://e.org@evil.example/</link>", ""),
            ("<link>https://[e.org/</link>", ""),
            ("<link>https://e.org/a b</link>", ""),
            (
                "<link>ftp://e.org/a</link><guid>https://e.org/a</guid>",
                "https://e.org/a",
            ),
        ],
    )
    def test_the_link_is_the_entrys_own_web_address_in_full(
        self, written: str, link: str
    ) -> None:
        assert only_entry(rss(f"<title>a</title>{written}")).link == link

    def test_xml_base_is_respected(self) -> None:
        entry = '<id>a</id><title>a</title><link href="x"/>'
        assert (
            only_entry(
                read(
                    ATOM.replace(
                        "<feed ", '<feed xml:base="https://e.org/b/" '
                    ).replace("ITEMS", f"<entry>{entry}</entry>")
                )
            ).link
            == "https://e.org/b/x"
        )

    def test_an_entry_that_appears_twice_is_returned_once(self) -> None:
        entries = rss(
            "<title>a</title><guid isPermaLink='false'>1</guid><link>https://e.org/a</link>",
            "<title>a, corrected</title><guid isPermaLink='false'>1</guid><link>https://e.org/a2</link>",
            "<title>a</title><guid isPermaLink='false'>2</guid><link>https://e.org/a</link>",
            "<title>b</title><guid isPermaLink='false'>3</guid><link>https://e.org/a</link>",
            "<category>neither title nor link</category>",
        ).entries
        assert [(entry.title, entry.id) for entry in entries] == [
            ("a", "1"),
            ("b", "3"),
        ]

    @pytest.mark.parametrize(
        ("guid", "link", "name"),
        [
            (
                "https://e.org/a#1",
                "https://e.org/a?from=rss",
                "https://e.org/a",
            ),  # counts the edits
            (
                "https://e.org/log#1",
                "https://e.org/log#1",
                "https://e.org/log#1",
            ),  # a place on a page
            ("", "https://e.org/a", "https://e.org/a"),
            ("", "", "a"),
        ],
    )
    def test_the_id_stays_when_an_entry_is_edited(
        self, guid: str, link: str, name: str
    ) -> None:
        parts = (f"<guid isPermaLink='false'>{guid}</guid>" if guid else "") + (
            f"<link>{link}</link>" if link else ""
        )
        assert only_entry(rss(f"<title>a</title>{parts}")).id == name


class TestEncodings:
    WORDS = "Größe – “Ürümchi”"
    PART = f"<rss version='2.0'><channel><title>{WORDS}</title></channel></rss>"

    @pytest.mark.parametrize(
        ("declared", "encoding", "content_type"),
        [
            ("utf-8", "utf-8", "text/xml"),
            (
                "iso-8859-1",
                "utf-8",
                "application/xml; charset=iso-8859-1",
            ),  # both are wrong
            (
                "utf-8",
                "cp1252",
                "application/xml; charset=utf-8",
            ),  # both are wrong
            ("iso-8859-1", "cp1252", "application/xml"),
            ("windows-1252", "cp1252", ""),
            ("nonsense", "cp1252", "text/xml; charset=rot13"),
            ("utf-8", "utf-16", "text/xml"),
            ("utf-8", "utf-16-le", "text/xml"),
            ("utf-8", "utf-16-be", "text/xml"),
            ("utf-8", "utf-32", "text/xml"),
            ("utf-16", "utf-8-sig", "text/xml; charset=utf-16"),
            ("utf-8", "gb18030", "text/xml; charset=GB18030"),
            ("gb18030", "gb18030", "text/xml"),
        ],
    )
    def test_a_wrong_declaration_does_no_harm(
        self, declared: str, encoding: str, content_type: str
    ) -> None:
        data = (
            f'<?xml version="1.0" encoding="{declared}"?>\n{self.PART}'.encode(
                encoding
            )
        )
        assert read(data, content_type).title == self.WORDS

    def test_a_broken_byte_spoils_only_one_character(self) -> None:
        data = self.PART.encode().replace(b"Gr", b"G\xffr")
        assert read(data).title == self.WORDS.replace("Gr", "G\ufffdr")

    def test_utf_7_is_not_decoded(self) -> None:
        assert (
            "<"
            not in only_entry(
                read(
                    RSS.replace(
                        "ITEMS", "<item><title>+ADw-b+AD4-</title></item>"
                    ),
                    "text/xml; charset=utf-7",
                )
            ).title
        )

    @pytest.mark.parametrize("junk", ["\n\n  ", "\ufeff\n", "\0", "\x08"])
    def test_junk_before_the_feed_is_skipped(self, junk: str) -> None:
        assert read(junk + RSS.replace("ITEMS", "")).title == "Harbour Post"


class TestWhatIsNotAFeed:
    @pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf", b"\0\0"])
    def test_an_empty_file(self, data: bytes) -> None:
        with pytest.raises(
            FetchError,
            match=r"https://www\.example\.org/news/feed\.xml: is empty, not a feed",
        ):
            read(data)

    @pytest.mark.parametrize(
        "data",
        [
            b"hello",
            b"{}",
            b"{",
            b'{"version": 1}',
            b"[1]",
            b"<a/>",
            b"%PDF-1.7",
            b"\x89PNG\r\n\x1a\n\0",
            b"{" * 100_000,
        ],
    )
    def test_another_format(self, data: bytes) -> None:
        with pytest.raises(
            FetchError, match="isn't a feed: neither RSS nor Atom nor JSON Feed"
        ):
            read(data)

    def test_the_message_names_the_feeds_that_a_web_page_offers(self) -> None:
        page = """<!DOCTYPE html><html><head><title>Harbour Post</title><link rel=stylesheet href=/x.css>
        <link rel="alternate" hreflang="de" href="/de/"><link rel="alternate" type="application/rss+xml" href="/rss">
        <LINK REL="home ALTERNATE" TYPE="application/atom+xml" HREF="atom.xml">
        <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)"></head>
        <body><item><title>x</title>"""
        with pytest.raises(FetchError) as raised:
            read(page, "text/html")
        assert raised.value.message == (
            "is a web page, not a feed; use a feed that it offers: "
            "https://www.example.org/rss or https://www.example.org/news/atom.xml"
        )

    def test_a_web_page_may_offer_none(self) -> None:
        with pytest.raises(
            FetchError, match="is a web page, not a feed, and it offers no feed"
        ):
            read("<html><body>Hello", "text/html")


NESTED = [
    "<item>",
    "<b>",
    "&lt;b&gt;",
    "<!--",
    "<![CDATA[",
    "&",
    "<a href='",
    "&lt;svg&gt;",
]


def nested(part: str) -> str:
    return f"<rss version='2.0'><channel><item><title>x</title><description>{part * 10_000}"


class TestHostile:
    def test_nested_entities_are_not_expanded(self) -> None:
        lines = "".join(
            f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">\n' for n in range(1, 12)
        )
        doctype = f'<?xml version="1.0"?>\n<!DOCTYPE rss [\n<!ENTITY e0 "ha">\n{lines}]>\n'
        feed = read(
            doctype
            + "<rss version='2.0'><channel><title>&e11;</title></channel></rss>"
        )
        assert len(feed.title) < 100

    def test_an_element_with_too_many_attributes_is_refused(self) -> None:
        attributes = " ".join(
            f"a{number}='{number}'" for number in range(100_000)
        )
        with pytest.raises(FetchError, match="too complex to be a feed"):
            read(RSS.replace("<title>", f"<title {attributes}>"))

    @pytest.mark.parametrize("number", [0, 1, 200])
    def test_attributes_are_counted_up_to_a_mistake_in_the_markup(
        self, number: int
    ) -> None:
        attributes = " ".join(f"a{n}='>'" for n in range(number))
        xml = f"<a><b {attributes}/><c d='1'></e><b a='1' b='2' {attributes}/>"
        assert most_attributes(xml.encode()) == max(number, 1)

    def test_a_large_entity_is_not_expanded(self) -> None:
        doctype = f'<!DOCTYPE rss [\n<!ENTITY e "{"x" * 50_000}">\n]>\n'
        feed = read(
            f"{doctype}<rss version='2.0'><channel><title>{'&e;' * 10_000}</title></channel></rss>"
        )
        assert len(feed.title) <= 500

    @pytest.mark.parametrize("kind", ["SYSTEM", "PUBLIC 'x'"])
    def test_a_file_or_an_address_in_an_entity_is_not_read(
        self, tmp_path: Path, kind: str
    ) -> None:
        secret = tmp_path / "secret"
        secret.write_text("canary")
        for place in (secret.as_uri(), str(secret), "http://127.0.0.1:9/"):
            doctype = f'<!DOCTYPE rss [\n<!ENTITY x {kind} "{place}">\n<!ENTITY % y SYSTEM "{place}">\n%y;\n]>\n'
            entries = RSS.replace(
                "ITEMS",
                "<item><title>a&x;</title><link>https://e.org/</link></item>",
            ).partition("\n")[2]
            assert "canary" not in repr(read(doctype + entries))

    @pytest.mark.parametrize(
        "data",
        [
            b"/etc/passwd",
            b"file:///etc/passwd",
            b"http://127.0.0.1:9/",
            b"https://e.org/feed",
        ],
    )
    def test_a_path_or_address_instead_of_a_feed_is_not_opened(
        self, data: bytes, opened: list[str]
    ) -> None:
        """feedparser would open a path, even one in bytes."""
        with pytest.raises(FetchError, match="isn't a feed"):
            read(data)
        assert opened == []

    @pytest.mark.parametrize(
        "data",
        [
            b"<" * 10_000_000,
            b"x" * (MOST_BYTES + 1),
            b"<rss version='2.0'>" + b"<b>" * 1_000_000,
        ],
    )
    def test_a_feed_that_is_too_large_is_refused(self, data: bytes) -> None:
        with pytest.raises(
            FetchError, match=r"larger than 5 MB|too complex to be"
        ):
            read(data)

    @pytest.mark.parametrize("part", NESTED)
    def test_deeply_nested_elements_are_read(self, part: str) -> None:
        assert read(nested(part)).title == ""

    def test_deeply_nested_json_is_refused(self) -> None:
        start = '{"version": "https://jsonfeed.org/version/1", "items": '
        with pytest.raises(FetchError, match="isn't a feed"):
            read(start + "[" * 100_000)
        with pytest.raises(FetchError, match="isn't a feed"):
            read(f'{start}[], "x": {"9" * 5000}}}')

    @pytest.mark.parametrize(
        "items",
        [
            "1",
            "null",
            "{}",
            '[1, null, [], "x", {}, {"id": []}, {"url": 5, "title": {}}]',
        ],
    )
    def test_json_of_an_unexpected_shape_is_ignored(self, items: str) -> None:
        assert read(
            f'{{"version": "https://jsonfeed.org/version/1", "items": {items}}}'
        ).entries in {
            (),
            (entry_with_numbers(),),
        }

    def test_only_the_newest_entries_of_an_archive_are_kept(self) -> None:
        items = [
            f"<title>{n}</title><link>https://e.org/{n}</link>"
            for n in range(MOST_ENTRIES + 10)
        ]
        assert len(rss(*items).entries) == MOST_ENTRIES


def entry_with_numbers() -> Entry:
    return Entry(
        id="https://www.example.org/news/5",
        title="",
        link="https://www.example.org/news/5",
    )


PIECES = st.sampled_from(
    [
        "<?xml version='1.0'?>",
        "<rss version='2.0'>",
        "<channel>",
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "<link>",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "<entry>",
        "<link href='http://[' rel='alternate'/>",
        "<id>",
        "&",
        "<pubDate>",
        "2020-10-08",
        "+99:99",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE x [",
        "<!ENTITY a 'b'>",
        "<!",
        "<?",
        "--",
        ">",
        "<content type='xhtml'>",
        "<div>",
        "<summary type='html'>",
        "<svg>",
        "<dc:date>",
        "\0",
        "\ud7ff",
        "é",
        "&#0;",
        "&lt;",
        "<content:encoded>",
        "<media:content>",
        "<author>",
        "<category>",
        "<guid>",
        "<image>",
        "<source>",
        "xml:base='//['",
    ]
)


@given(
    st.one_of(
        st.binary(),
        st.lists(PIECES).map(lambda pieces: "".join(pieces).encode()),
    ),
    st.text(max_size=30),
)
def test_any_bytes_are_read_as_a_feed_or_refused_in_one_line(
    data: bytes, content_type: str
) -> None:
    for whole in (
        data,
        b"<rss version='2.0'><channel><item>" + data,
        b'{"version":"https://jsonfeed.org/version/1",' + data,
    ):
        message = ""
        entries: tuple[Entry, ...] = ()
        try:
            entries = read(whole, content_type).entries
        except FetchError as error:
            message = str(error)
        assert "\n" not in message
        for entry in entries:
            assert entry.id
            assert "\n" not in entry.title
            assert not entry.link or entry.link.startswith(
                ("http://", "https://")
            )
