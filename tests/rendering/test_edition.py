"""An edition is rendered completely, once for all its readers, or refused in one line with its
place.
"""

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from briefing.errors import (
    BriefingError,
    IssueError,
    PictureError,
    RefusedError,
)
from briefing.issue import markdown
from briefing.issue.links import unsafe_reason
from briefing.issue.model import Issue
from briefing.issue.store import Edition
from briefing.keys import Key
from briefing.mail.message import SAMPLE_READER, Message
from briefing.newsletter import Newsletter
from briefing.photos.pictures import COLUMN
from briefing.rendering.edition import render
from briefing.rendering.preheader import PREHEADER, preheader
from briefing.rendering.rendered import UNSUBSCRIBE, Slot
from briefing.rendering.size import mail_size
from tests import examples
from tests.issue.strategies import issues
from tests.rendering.newsletters import edition, photo, size, with_settings

DATA = Path(__file__).parent / "data"
HEAD = "# Weekly Brief, 9 October 2020\ndate: 2020-10-09\n"


def headlines(newsletter: Newsletter, *headings: str) -> Edition:
    return edition(
        newsletter, HEAD + "".join(f"\n### {heading}\n" for heading in headings)
    )


def with_photo(
    newsletter: Newsletter, name: str = "p.jpg", more: str = ""
) -> Edition:
    return edition(
        newsletter,
        f"{HEAD}\n### A\nimage: {name}\nalt: A court & “its” steps\n{more}\nText.\n",
    )


class TestWhole:
    def test_its_text_equals_the_file_beside_this_test(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = with_settings(
            newsletter,
            newsletter='address = "14 Quay Street, 4021 Velmar"',
            unsubscribe='url = "https://example.org/u/{token}"',
        )
        issue = edition(newsletter, (DATA / "issue.md").read_text("utf-8"))
        text = render(newsletter, issue).text.filled(
            {"name": "Amina", UNSUBSCRIBE: "https://example.org/u/token"}
        )
        assert text == (DATA / "issue.txt").read_text("utf-8")

    @pytest.mark.parametrize(
        ("notice", "above", "credit"),
        [
            ("foot", "", "Photo: Getty Images"),
            (
                "item",
                "Below is an article published by BBC.\n",
                "Photo: Getty Images.",
            ),
        ],
    )
    def test_in_text_nothing_about_the_photo_is_between_headline_and_story(
        self, newsletter: Newsletter, notice: str, above: str, credit: str
    ) -> None:
        newsletter = with_settings(newsletter, look=f'notice = "{notice}"')
        photo(newsletter.issues / "2020-10-09" / "p.jpg")
        more = "source: BBC\nphoto: Getty Images\nlink: https://example.org/a\n"
        text = render(newsletter, with_photo(newsletter, more=more)).text
        assert f"""
A
-
BBC
{above}
Text.

Read at BBC
https://example.org/a

[A court & “its” steps]
{credit}

""" in text.filled({})

    def test_both_parts_say_the_same_in_html_and_text(
        self, newsletter: Newsletter
    ) -> None:
        issue = edition(newsletter, (DATA / "issue.md").read_text("utf-8"))
        rendered = render(newsletter, issue)
        page = lxml_html.document_fromstring(rendered.html.filled({}))
        text = " ".join(rendered.text.filled({}).split())
        links = [str(link) for link in page.xpath("//body//a/@href")]
        assert links
        for link in links:
            if link.startswith("tel:"):
                assert link.removeprefix("tel:") in text.replace(" ", "")
            else:
                assert link.removeprefix("mailto:") in text
        for element in page.xpath(
            "//h1 | //h2 | //h3 | //li | //p[@class='byline' or @class='credit']"
        ):
            words = " ".join(element.text_content().split())
            assert words.replace(" [1]", "") in re.sub(r" \[\d\]", "", text)

    def test_a_headline_without_a_byline_has_room_below_it(
        self, newsletter: Newsletter
    ) -> None:
        text = f"{HEAD}\n### A\n\nText.\n\n### B\nsource: BBC\n\nText.\n"
        html = render(newsletter, edition(newsletter, text)).html.filled({})
        alone, with_byline = lxml_html.document_fromstring(html).find_class(
            "headline"
        )
        assert "margin-bottom:10px" in alone.get("style", "")
        assert "margin-bottom" not in with_byline.get("style", "")

    @pytest.mark.parametrize(
        ("lang", "direction"), [("en", "ltr"), ("ug", "rtl")]
    )
    def test_it_declares_its_language_and_direction(
        self, newsletter: Newsletter, lang: str, direction: str
    ) -> None:
        rendered = render(
            newsletter, edition(newsletter, f"{HEAD}\n### A\n", lang)
        )
        page = lxml_html.document_fromstring(rendered.html.filled({}))
        assert (page.get("lang"), page.get("dir"), rendered.lang) == (
            lang,
            direction,
            lang,
        )

    def test_the_subject_is_its_own_or_the_title(
        self, newsletter: Newsletter
    ) -> None:
        own = edition(newsletter, "# Title\nsubject: Subject <&>\n\n### A\n")
        assert render(newsletter, own).subject == "Subject <&>"
        assert (
            render(
                newsletter, edition(newsletter, "# Title & more\n\n### A\n")
            ).subject
            == "Title & more"
        )

    def test_an_edition_calls_the_newsletter_as_its_language_does(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = with_settings(
            newsletter,
            newsletter="""languages = ["en", "de"]
address = "14 Quay Street"
de.name = "Wochenbrief"
de.organisation = "Beispielwacht"
de.address = "Kaistraße 14\"""",
        )
        rendered = render(
            newsletter, edition(newsletter, f"{HEAD}\n### A\n", "de")
        )
        for part in (rendered.html, rendered.text):
            shown = part.filled({})
            for name in ("Wochenbrief", "Beispielwacht", "Kaistraße 14"):
                assert name in shown
            for other in ("Example Watch", "14 Quay Street"):
                assert other not in shown

    def test_only_what_differs_by_reader_is_a_slot(
        self, newsletter: Newsletter
    ) -> None:
        text = f"{HEAD}\nwelcome.\n\n### A\n"
        without = render(newsletter, edition(newsletter, text))
        assert [
            part for part in without.html.parts if isinstance(part, Slot)
        ] == [Slot("name", "reader")]
        newsletter = with_settings(
            newsletter, unsubscribe='mailto = "leave@example.org"'
        )
        rendered = render(newsletter, edition(newsletter, text))
        for slotted in (rendered.html, rendered.text):
            slots = {part for part in slotted.parts if isinstance(part, Slot)}
            assert slots == {Slot("name", "reader"), Slot(UNSUBSCRIBE)}

    def test_the_same_edition_is_always_rendered_the_same(
        self, newsletter: Newsletter
    ) -> None:
        photo(newsletter.issues / "2020-10-09" / "p.jpg")
        issue = with_photo(newsletter)
        first, second = (
            render(newsletter, issue),
            render(Newsletter(newsletter.root), issue),
        )
        assert first == second
        assert first.digest == second.digest
        photo(newsletter.issues / "2020-10-09" / "p.jpg", noise=50)
        assert render(newsletter, issue).digest != first.digest

    def test_a_language_without_phrases_is_refused(
        self, newsletter: Newsletter
    ) -> None:
        with pytest.raises(
            RefusedError, match=r"'eo': there is no templates/languages/eo\.po"
        ):
            render(newsletter, edition(newsletter, f"{HEAD}\n### A\n", "eo"))


class TestPreheader:
    LONG = "A court orders the ministry to account for eleven teachers"

    def test_its_own_preheader_is_used_unchanged(
        self, newsletter: Newsletter
    ) -> None:
        own = edition(
            newsletter, "# T\npreheader: Short\n\n### A long headline\n"
        )
        assert preheader(own) == "Short"

    @pytest.mark.parametrize(
        ("headings", "line"),
        [
            ([], ""),
            (["A"], "A"),
            (["A", "B", "C"], "A · B · C"),
            ([LONG, LONG], f"{LONG} · {LONG}"),
            ([LONG, LONG, LONG, "Short"], f"{LONG} · {LONG} · Short"),
            ([LONG, "a" * 140, "Short"], f"{LONG} · Short"),
            (["word " * 40], "word " * 24 + "word…"),
            (["Short", "word " * 40], "Short · " + "word " * 23 + "word…"),
            (["人" * 200], "人" * 129 + "…"),
            (["人权", "人" * 200], "人权 · " + "人" * 124 + "…"),
            (["BBC " + "人" * 200], "BBC " + "人" * 125 + "…"),
        ],
    )
    def test_otherwise_it_is_as_many_headlines_as_fit(
        self, newsletter: Newsletter, headings: list[str], line: str
    ) -> None:
        assert preheader(headlines(newsletter, *headings)) == line

    @given(st.lists(st.text("ab cd人权، ", max_size=160), max_size=6))
    @settings(
        suppress_health_check=[HealthCheck.function_scoped_fixture],
        deadline=None,
    )
    def test_it_has_40_to_130_characters_if_the_headlines_are_long_enough(
        self, newsletter: Newsletter, headings: list[str]
    ) -> None:
        shortest, longest = PREHEADER
        issue = headlines(newsletter, *headings)
        line = preheader(issue)
        assert len(line) <= longest
        assert len(line) >= min(
            shortest,
            len(
                " · ".join(
                    filter(None, (item.heading for item in issue.issue.items))
                )
            ),
        )
        assert not re.search(r"[ ·,،]…$", line)

    def test_it_is_in_the_html_once(self, newsletter: Newsletter) -> None:
        html = render(
            newsletter,
            edition(newsletter, "# T\npreheader: What <happened>\n\n### A\n"),
        ).html.filled({})
        assert html.count("What &lt;happened&gt;") == 1


class TestPictures:
    def test_a_photo_is_part_of_the_email_with_its_size_and_alternative_text(
        self, newsletter: Newsletter
    ) -> None:
        photo(newsletter.issues / "2020-10-09" / "p.jpg")
        rendered = render(newsletter, with_photo(newsletter))
        (picture,) = rendered.pictures
        (image,) = lxml_html.document_fromstring(
            rendered.html.filled({})
        ).xpath("//img")
        assert dict(image.attrib) | {"style": "", "class": ""} == {
            "src": f"cid:{picture.name}",
            "alt": "A court & “its” steps",
            "width": str(COLUMN),
            "height": "138",
            "style": "",
            "class": "",
        }
        assert size(picture.data) == (2 * COLUMN, 276)
        assert "[A court & “its” steps]" in rendered.text.filled({})
        assert 'src="data:image/jpeg;base64,' in rendered.page({})

    def test_a_photo_that_is_used_twice_is_included_once(
        self, newsletter: Newsletter
    ) -> None:
        photo(newsletter.issues / "2020-10-09" / "p.jpg")
        text = f"{HEAD}\n### A\nimage: p.jpg\n\n### B\nimage: p.jpg\n"
        rendered = render(newsletter, edition(newsletter, text))
        assert len(rendered.pictures) == 1
        assert rendered.html.filled({}).count(rendered.pictures[0].name) == 2

    def test_without_images_no_picture_is_included_or_needed(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = with_settings(
            newsletter, issue='images = "none"', look='logo = "missing.png"'
        )
        issue = with_photo(newsletter, "missing.jpg", "photo: Jo Doe\n")
        rendered = render(newsletter, issue)
        assert rendered.pictures == ()
        assert "<img" not in rendered.html.filled({})
        for text in (rendered.html.filled({}), rendered.text.filled({})):
            assert "Jo Doe" not in text
            assert "steps" not in text  # its alternative text

    def test_the_logo_is_part_of_the_email(
        self, newsletter: Newsletter
    ) -> None:
        photo(newsletter.root / "logo.png", 600, 200, "PNG")
        newsletter = with_settings(
            newsletter, look='logo = "logo.png"\nlogo_width = 90'
        )
        rendered = render(newsletter, headlines(newsletter, "A"))
        (picture,) = rendered.pictures
        assert (picture.width, picture.height) == (90, 30)
        assert f'src="cid:{picture.name}"' in rendered.html.filled({})

    @pytest.mark.parametrize(
        "name",
        [
            "../p.jpg",
            "../../logo.png",
            "{root}/logo.png",
            "/etc/hostname",
            "link.jpg",
        ],
    )
    def test_a_picture_outside_the_folder_is_refused_with_its_line(
        self, newsletter: Newsletter, name: str
    ) -> None:
        photo(newsletter.root / "logo.png", 20, 20, "PNG")
        photo(newsletter.issues / "p.jpg", 20, 20)
        (newsletter.issues / "2020-10-09").mkdir()
        (newsletter.issues / "2020-10-09" / "link.jpg").symlink_to(
            newsletter.root / "logo.png"
        )
        name = name.format(root=newsletter.root)
        with pytest.raises(IssueError) as caught:
            render(newsletter, with_photo(newsletter, name))
        assert (caught.value.line, caught.value.path.name) == (5, "issue.md")
        assert caught.value.message == (
            f"'{name}' isn't in the issue's folder; move the photo next to the issue file"
        )

    def test_a_picture_in_a_subfolder_is_accepted(
        self, newsletter: Newsletter
    ) -> None:
        photo(newsletter.issues / "2020-10-09" / "photos" / "p.jpg", 20, 20)
        assert (
            len(
                render(
                    newsletter, with_photo(newsletter, "photos/p.jpg")
                ).pictures
            )
            == 1
        )

    def test_a_missing_or_unusable_picture_is_named_with_advice(
        self, newsletter: Newsletter
    ) -> None:
        edition = with_photo(newsletter)
        with pytest.raises(
            IssueError,
            match=r"there is no photo 'p\.jpg'; put it next to the issue file",
        ) as caught:
            render(newsletter, edition)
        assert caught.value.line == markdown.line_of(
            next(iter(edition.issue.items)), "image"
        )
        (newsletter.issues / "2020-10-09" / "P.JPG").touch()
        with pytest.raises(IssueError, match=r"did you mean 'P\.JPG'\?"):
            render(newsletter, edition)
        (newsletter.issues / "2020-10-09" / "loop.jpg").symlink_to("loop.jpg")
        for name in (".", "issue.md", "loop.jpg"):
            with pytest.raises(BriefingError):
                render(newsletter, with_photo(newsletter, name))

    @pytest.mark.parametrize(
        ("logo", "words"),
        [
            (
                "missing.png",
                r"missing\.png: there is no such file; correct 'logo' under \[look\] in briefing\.toml",
            ),
            (
                "../other.png",
                r"other\.png: the logo must be in the newsletter's folder",
            ),
        ],
    )
    def test_an_unusable_logo_is_named_with_advice(
        self, newsletter: Newsletter, logo: str, words: str
    ) -> None:
        photo(newsletter.root.parent / "other.png", 20, 20, "PNG")
        newsletter = with_settings(newsletter, look=f'logo = "{logo}"')
        with pytest.raises(PictureError, match=words):
            render(newsletter, headlines(newsletter, "A"))


class TestBudget:
    def test_photos_are_made_no_smaller_than_necessary(
        self, newsletter: Newsletter
    ) -> None:
        photo(newsletter.issues / "2020-10-09" / "p.jpg")
        issue = with_photo(newsletter)
        best = mail_size(
            render(with_settings(newsletter, issue='budget = "20 MB"'), issue)
        )
        sizes = []
        for budget in (
            best // 1024 + 1,
            best // 2048,
            best // 4096,
            best // 8192,
        ):
            rendered = render(
                with_settings(newsletter, issue=f'budget = "{budget} KB"'),
                issue,
            )
            sizes.append(mail_size(rendered))
            assert sizes[-1] <= budget * 1024
            assert (
                rendered.pictures[0].width,
                rendered.pictures[0].height,
            ) == (
                COLUMN,
                138,
            )
        assert sizes[0] == best
        assert sizes == sorted(set(sizes), reverse=True)

    def test_a_large_photo_does_not_cost_the_others_their_quality(
        self, newsletter: Newsletter
    ) -> None:
        folder = newsletter.issues / "2020-10-09"
        items = ""
        for name, height in (("a", 60), ("scan", 1000), ("b", 60)):
            photo(folder / f"{name}.jpg", 1104, height)
            items += f"\n### {name}\nimage: {name}.jpg\n\nText.\n"
        newsletter = with_settings(newsletter, issue='budget = "250 KB"')
        rendered = render(newsletter, edition(newsletter, HEAD + items))
        first, scan, last = rendered.photos.values()
        assert (first.quality, last.quality) == (82, 82)
        assert scan.quality < 82
        assert 150_000 < mail_size(rendered) <= 250 * 1024

    def test_an_email_over_its_budget_is_refused_with_advice(
        self, newsletter: Newsletter
    ) -> None:
        photo(newsletter.issues / "2020-10-09" / "p.jpg")
        newsletter = with_settings(newsletter, issue='budget = "10 KB"')
        with pytest.raises(IssueError) as caught:
            render(newsletter, with_photo(newsletter))
        assert str(caught.value).endswith(
            "issue.md: makes an email larger than 10 KB ('budget' under [issue]), even with the smallest photos; "
            "remove some photos or items"
        )

    def test_the_logo_counts_towards_the_budget(
        self, newsletter: Newsletter
    ) -> None:
        photo(newsletter.root / "logo.png", 1104, 600, "PNG", noise=120)
        newsletter = with_settings(
            newsletter,
            look='logo = "logo.png"\nlogo_width = 552',
            issue='budget = "50 KB"',
        )
        with pytest.raises(IssueError, match="larger than 50 KB"):
            render(newsletter, headlines(newsletter, "A"))

    def test_a_photo_that_is_used_twice_counts_once(
        self, newsletter: Newsletter
    ) -> None:
        photo(newsletter.issues / "2020-10-09" / "p.jpg")
        text = f"{HEAD}\n### A\nimage: p.jpg\n"
        best = render(newsletter, edition(newsletter, text))
        newsletter = with_settings(
            newsletter, issue=f'budget = "{mail_size(best) // 1024 + 20} KB"'
        )
        twice = render(
            newsletter, edition(newsletter, f"{text}\n### B\nimage: p.jpg\n")
        )
        assert twice.pictures == best.pictures

    @pytest.mark.parametrize("lang", ["en", "ug"])
    def test_the_estimate_is_close_to_the_real_size(
        self, newsletter: Newsletter, lang: str
    ) -> None:
        """Quoted-printable triples the bytes of Arabic script, and base64 breaks lines."""

        photo(newsletter.issues / "2020-10-09" / "p.jpg")
        words = (
            "خەۋەرلەر ئۇيغۇرلار توغرىسىدا " * 300
            if lang == "ug"
            else "These are words about the news. " * 300
        )
        issue = edition(
            newsletter, f"{HEAD}\n### A\nimage: p.jpg\n\n{words}\n", lang
        )
        rendered = render(newsletter, issue)
        mail = Message(
            rendered,
            newsletter.settings,
            Key(bytes(32)),
            dt.datetime(2020, 10, 9, tzinfo=dt.UTC).timestamp,
        ).fill(SAMPLE_READER)
        assert 0.97 < mail_size(rendered) / len(mail) < 1.03


class TestHostileText:
    """The text of an item arrives as it was typed, whatever else it could mean (cases A7 and C3)."""

    TEXTS = (
        "{{ 7*7 }}",
        "{{ reader.__class__.__mro__ }}",
        "{% raw %}",
        "{% endraw %}{{ 7*7 }}",
        "{# comment #}",
        "{% include 'footer.html.j2' %}",
        "${7*7} #{7*7} <%= 7*7 %>",
        "slot0123456789abcdefx0x",
        "=slot-0",
        "=slot-0=",
        "-unsub- <%body%> [unsubscribe] {{unsubscribe}}",
        "%(name)s %s %d 100%",
        "cid:picture.jpg",
        "a\u2028b",
        "</title></style><script>alert(1)</script>",
        '" onmouseover="alert(1)',
        "<!--[if mso]> <![endif]-->",
        "]]> &lt; &amp;amp;",
    )

    @pytest.mark.parametrize("text", TEXTS)
    def test_it_arrives_literally_and_does_nothing(
        self, newsletter: Newsletter, text: str
    ) -> None:
        fenced = f"```\n{text}\n```"
        issue = edition(
            newsletter,
            f"# {text}\ndate: 2020-10-09\npreheader: {text}\n\n{fenced}\n\n## {text}\n\n"
            f"### {text}\nsource: {text}\nphoto: {text}\ncontact: {text}\nlink: https://example.org/\n\n{fenced}\n",
        )
        rendered = render(newsletter, issue)
        page = lxml_html.document_fromstring(rendered.html.filled({}))
        words = page.text_content().replace("\u00a0", " ")
        assert words.count(text) >= 6
        assert page.findtext(".//title") == text
        assert not page.xpath("//script | //@onmouseover")
        assert (
            rendered.text.filled({})
            .replace("\n", " ")
            .replace("\u00a0", " ")  # which keeps the last words together
            .count(text.replace("\n", " "))
            >= 5
        )
        assert {
            part for part in rendered.html.parts if isinstance(part, Slot)
        } == {Slot("name", "reader")}

    @pytest.mark.parametrize(
        ("link", "reason"),
        [
            (
                "javascript:alert(1)",
                "isn't a complete web address; begin it with https://",
            ),
            ("//evil.example/", "isn't a complete web address"),
            ("https://good.example@evil.example/", "contains a user name"),
            ("https://example.org/a b", "contains a space"),
        ],
    )
    def test_an_unsafe_address_is_refused_with_its_line(
        self, newsletter: Newsletter, link: str, reason: str
    ) -> None:
        with pytest.raises(IssueError) as caught:
            render(
                newsletter,
                edition(
                    newsletter, f"{HEAD}\n### A\nsource: B\nlink: {link}\n"
                ),
            )
        assert caught.value.line == 6
        assert caught.value.message.startswith(f"'{link}' {reason}")

    @given(issues())
    @settings(
        max_examples=examples(3),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_any_issue_is_rendered_or_refused_in_one_line(
        self, newsletter: Newsletter, issue: Issue
    ) -> None:
        loaded = edition(newsletter, markdown.write(issue))
        newsletter = with_settings(newsletter, issue='images = "none"')
        bad = [
            item
            for item in issue.items
            if item.link and unsafe_reason(item.link)
        ]
        if bad:
            with pytest.raises(IssueError) as caught:
                render(newsletter, loaded)
            assert len(str(caught.value).split("\n")) == 1
            return
        rendered = render(newsletter, loaded)
        page = lxml_html.document_fromstring(rendered.html.filled({}))
        assert not page.xpath("//script | //img")
        assert len(page.xpath("//*[contains(@class, 'headline')]")) == sum(
            bool(item.heading or item.kind != "article") for item in issue.items
        )
        for link in page.xpath("//body//a/@href"):
            assert re.match("https?:|mailto:", str(link))
