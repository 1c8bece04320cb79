"""Links and files that are added to an issue on the page: what is found in them."""

from pathlib import Path

import pytest

from briefing.errors import NotFoundError, PictureError, RefusedError
from briefing.issue.model import Item
from briefing.issue.parts import START
from briefing.newsletter import Newsletter
from briefing.preview.adding import (
    FoundContent,
    FoundItem,
    add,
    find_in_file,
    find_links,
    replace_photo,
)
from briefing.preview.desk.desk import Desk
from tests.collecting.making import jpeg
from tests.collecting.web.pages import FIRST, SECOND, THIRD, TITLE, meta
from tests.network.test_fetch import Site, page, says, site

BRIEF = f"""\
Welcome to the brief.

{TITLE}
Example Post, 8 October 2020
https://www.example.org/news/library-closed

{FIRST}
"""


def web_page(here: str, *, picture: str = "") -> bytes:
    head = f"<title>{TITLE} | Example Post</title>"
    if picture:
        head += meta("og:image", picture)
    text = "".join(f"<p>{words}</p>" for words in (FIRST, SECOND, THIRD))
    return (
        f'<html lang="en"><head>{head}<link rel="canonical" href="{here}"></head>'
        f"<body><article><h1>{TITLE}</h1>{text}</article></body></html>"
    ).encode()


def answer(request: bytes, body: bytes) -> bytes:
    """Answer with a photo where one is asked for, else with a page."""
    data = jpeg() if b"photo.jpg" in request else body
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (
        len(data),
        data,
    )


def collected(
    newsletter: Newsletter, here: Site, path: str = "a"
) -> FoundContent:
    return find_links(newsletter, [here.url + path], guard=here.guard())


class TestLinks:
    def test_a_link_becomes_an_item_with_its_photo(
        self, newsletter: Newsletter
    ) -> None:
        def reply(request: bytes) -> list[bytes]:
            host = request.partition(b"Host: ")[2].partition(b"\r\n")[0]
            here = f"http://{host.decode()}/"
            body = web_page(f"{here}a", picture=f"{here}photo.jpg")
            return [answer(request, body)]

        with site(reply) as here:
            found = collected(newsletter, here)
        (added,) = found.items
        assert added.item.heading == TITLE
        assert added.item.text.startswith(FIRST)
        assert list(found.photos) == [added.item.image]
        assert found.problems == ()

    def test_uncertain_fields_have_the_names_of_the_items_fields(
        self, newsletter: Newsletter
    ) -> None:
        with site(page(web_page("https://example.org/a"))) as here:
            (added,) = collected(newsletter, here).items
        assert "source" in added.uncertain
        assert set(added.uncertain) <= set(Item.__slots__)

    def test_a_page_that_already_ran_is_found_with_a_note(
        self, newsletter: Newsletter
    ) -> None:
        ran = newsletter.issues / "2020-10-02" / "issue.md"
        ran.parent.mkdir()
        with site(page(web_page("https://example.org/ran"))) as here:
            ran.write_text(
                f"# Brief\n\n### {TITLE}\nlink: https://example.org/ran\n",
                "utf-8",
            )
            (added,) = collected(newsletter, here).items
        assert "was already in issue 2020-10-02" in added.notes

    def test_a_page_that_cannot_be_retrieved_is_one_line(
        self, newsletter: Newsletter
    ) -> None:
        with site(says(b"HTTP/1.1 404 No\r\n\r\n")) as here:
            found = collected(newsletter, here)
        assert found.items == ()
        (problem,) = found.problems
        assert problem.endswith("a: is gone")

    def test_nothing_is_written(self, newsletter: Newsletter) -> None:
        before = sorted(newsletter.root.rglob("*"))
        with site(page(web_page("https://example.org/a"))) as here:
            collected(newsletter, here)
        assert sorted(newsletter.root.rglob("*")) == before


class TestFiles:
    def test_a_brief_becomes_its_items_and_introduction(
        self, newsletter: Newsletter
    ) -> None:
        found = find_in_file(newsletter, "brief.txt", BRIEF.encode())
        assert found.introduction == "Welcome to the brief."
        (added,) = found.items
        assert (added.item.heading, added.item.source) == (
            TITLE,
            "Example Post",
        )

    def test_the_title_that_an_item_stood_under_is_noted_in_another_section(
        self, newsletter: Newsletter
    ) -> None:
        brief = "".join(
            f"## {title}\n\n"
            f"### A {title} item\n\n{FIRST}\n\nhttps://www.example.org/{title[:2]}/a\n\n"
            f"### More {title}\n\n{SECOND}\n\nhttps://www.example.org/{title[:2]}/b\n\n"
            for title in ("IN THE NEWS", "Statements")
        )
        found = find_in_file(newsletter, "brief.md", brief.encode())
        added = found.items[0]
        note = "it stood under “IN THE NEWS” in the brief"
        assert note in added.notes_in("Statements")
        assert note in added.notes_in("")
        assert note not in added.notes_in("In the news")

    def test_a_saved_page_becomes_one_item(
        self, newsletter: Newsletter
    ) -> None:
        address = "https://www.example.org/news/library-closed"
        found = find_in_file(newsletter, "Page.html", web_page(address))
        (added,) = found.items
        assert added.item.link == address
        assert added.item.heading == TITLE

    def test_a_brief_exported_as_a_page_is_a_brief(
        self, newsletter: Newsletter
    ) -> None:
        paragraphs = (f"<p>{line}</p>" for line in BRIEF.splitlines() if line)
        data = f"<html><body>{''.join(paragraphs)}</body></html>".encode()
        found = find_in_file(newsletter, "brief.html", data)
        assert [added.item.heading for added in found.items] == [TITLE]

    @pytest.mark.parametrize(
        "name", ["../../briefing.toml", "/etc/passwd", "a\0b.txt", ""]
    )
    def test_its_name_leads_nowhere(
        self, newsletter: Newsletter, name: str
    ) -> None:
        before = (newsletter.root / "briefing.toml").read_bytes()
        expected = find_in_file(newsletter, "brief.txt", BRIEF.encode())
        assert find_in_file(newsletter, name, BRIEF.encode()) == expected
        assert (newsletter.root / "briefing.toml").read_bytes() == before

    def test_one_without_text_is_refused(self, newsletter: Newsletter) -> None:
        with pytest.raises(RefusedError, match="contains no text"):
            find_in_file(newsletter, "empty.txt", b" ")


class TestAdd:
    def test_found_items_come_last_in_the_section_with_their_photos(
        self, desk: Desk, folder: Path
    ) -> None:
        found = FoundContent(
            (
                FoundItem(Item(heading="First", image="map.jpg")),
                FoundItem(Item(heading="Second")),
            ),
            {"map.jpg": jpeg()},
        )
        added = add(desk, "en", START, found)
        items = list(desk.view("en").parts.items)
        assert [part.item.heading for part in items][-2:] == [
            "First",
            "Second",
        ]
        assert tuple(part.id for part in items)[-2:] == added.items
        assert (folder / "map.jpg").read_bytes() == jpeg()

    def test_the_introduction_of_a_brief_becomes_that_of_the_issue(
        self, desk: Desk, issue: Path
    ) -> None:
        issue.write_text(
            issue.read_text("utf-8").replace("Welcome.\n\n", ""), "utf-8"
        )
        added = add(
            desk, "en", START, FoundContent(introduction="A good week.")
        )
        assert added.has_introduction
        assert desk.view("en").parts.head.introduction == "A good week."

    def test_an_introduction_that_somebody_wrote_stays(
        self, desk: Desk
    ) -> None:
        found = FoundContent(
            (FoundItem(Item(heading="A")),), introduction="Another."
        )
        added = add(desk, "en", START, found)
        assert not added.has_introduction
        assert len(added.items) == 1
        assert desk.view("en").parts.head.introduction == "Welcome."

    def test_a_photo_never_replaces_another(
        self, desk: Desk, folder: Path
    ) -> None:
        (folder / "map.jpg").write_bytes(b"another")
        found = FoundContent(
            (FoundItem(Item(heading="A", image="map.jpg")),),
            {"map.jpg": jpeg()},
        )
        (part,) = add(desk, "en", START, found).items
        item = desk.view("en").parts.item(part)
        assert item
        assert item.image == "map-2.jpg"
        assert (folder / "map.jpg").read_bytes() == b"another"

    def test_all_of_it_is_undone_in_one_step(
        self, desk: Desk, folder: Path
    ) -> None:
        before = desk.view("en").edition.issue
        found = FoundContent(
            (FoundItem(Item(heading="A")), FoundItem(Item(heading="B")))
        )
        add(desk, "en", START, found)
        desk.undo("en")
        assert desk.view("en").edition.issue == before

    def test_an_issue_that_was_sent_stays_as_it_is(
        self, newsletter: Newsletter, folder: Path
    ) -> None:
        desk = Desk(newsletter, folder, is_read_only=True)
        before = sorted(folder.iterdir())
        found = FoundContent(
            (FoundItem(Item(heading="A", image="map.jpg")),),
            {"map.jpg": jpeg()},
        )
        with pytest.raises(RefusedError, match="read-only"):
            add(desk, "en", START, found)
        assert sorted(folder.iterdir()) == before
        desk.close()


class TestReplacePhoto:
    def test_it_is_cleaned_and_named_after_the_headline(
        self, desk: Desk, folder: Path
    ) -> None:
        part = next(desk.view("en").parts.items).id
        replace_photo(desk, "en", part, jpeg(comment=b"canary"))
        item = desk.view("en").parts.item(part)
        assert item
        assert item.image.startswith("a-ruling-on-maps.")
        assert b"canary" not in (folder / item.image).read_bytes()

    def test_its_own_credit_fills_in(self, desk: Desk, folder: Path) -> None:
        part = next(desk.view("en").parts.items).id
        xmp = b'<x photoshop:Credit="Harbour Agency"/>'
        replace_photo(desk, "en", part, jpeg(xmp=xmp))
        item = desk.view("en").parts.item(part)
        assert item
        assert item.photo == "Harbour Agency"

    @pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n"])
    def test_something_that_is_not_a_picture_is_refused(
        self, desk: Desk, folder: Path, data: bytes
    ) -> None:
        part = next(desk.view("en").parts.items).id
        before = sorted(folder.iterdir())
        with pytest.raises(PictureError):
            replace_photo(desk, "en", part, data)
        assert sorted(folder.iterdir()) == before

    def test_an_item_that_is_gone_is_named(
        self, desk: Desk, folder: Path
    ) -> None:
        with pytest.raises(NotFoundError, match="was removed in the meantime"):
            replace_photo(desk, "en", "i99", jpeg())
