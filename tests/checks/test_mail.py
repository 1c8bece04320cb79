"""Rules on the built email: a broken sample for each rule, and no finding in a sound email."""

import base64
import dataclasses
import datetime as dt
import email
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from briefing.checks import mail
from briefing.checks.built_mail import BuiltMail, content_of
from briefing.checks.git import Git
from briefing.checks.inspected import InspectedEdition
from briefing.checks.picture_notes import notes_in
from briefing.checks.rule import Finding, Severity, apply_rules, rules_of
from briefing.issue import store
from briefing.issue.published import Published
from briefing.newsletter import Newsletter
from briefing.rendering.edition import render
from briefing.rendering.rendered import RenderedIssue
from tests.checks.conftest import SETTINGS, SOUND, ChangeTemplate, Check

TEXT = SOUND.replace(
    "years.\n", "years. [The ruling](https://www.example.com/ruling).\n"
)


@pytest.fixture
def families() -> Sequence[ModuleType]:
    return (mail,)


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("https://www.example.com/files", "javascript:alert(1)"),
        TEXT.replace("link:", "image: none.jpg\nlink:"),
    ],
)
def test_an_email_that_cannot_be_rendered_is_reported_with_the_line(
    check_issue: Check, text: str
) -> None:
    (finding,) = check_issue(text)
    assert (finding.rule, finding.line) == ("cannot-be-rendered", 10)


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="https://t.example.org/p.gif" alt="x">',
        '<img src="data:image/gif;base64,R0lGODdh" alt="x">',
        '<img src="cid:x" srcset="https://t.example.org/p.gif 2x" alt="x">',
        '<table background="https://t.example.org/p.gif" role="presentation"><tr><td>x</td></tr></table>',
        '<p style="background-image:url(https://t.example.org/p.gif)">x</p>',
        '<p style="background:\\75rl(https://t.example.org/p.gif)">x</p>',
        "<style data-premailer='ignore'>@import 'https://t.example.org/x.css';</style>",
        '<link rel="stylesheet" href="https://t.example.org/x.css">',
        '<link rel="preconnect" href="https://t.example.org/">',
        "<script>x()</script>",
        '<p onclick="x()">x</p>',
        '<iframe src="https://t.example.org/"></iframe>',
        '<form action="https://t.example.org/"><input name="x"></form>',
        '<object data="https://t.example.org/x"></object>',
        "<svg><image xlink:href='https://t.example.org/p.gif'/></svg>",
        '<base href="https://t.example.org/">',
        '<meta http-equiv="Refresh" content="0; url=https://t.example.org/">',
        '<video poster="https://t.example.org/p.gif"></video>',
        '<audio src="https://t.example.org/x.mp3"></audio>',
        '<a ping="https://t.example.org/" href="https://www.example.com/files">x</a>',
        '<!--[if mso]><v:image src="https://t.example.org/p.gif"/><![endif]-->',
        '<!--[if !mso]><!--><img src="https://t.example.org/p.gif" alt="x"><!--<![endif]-->',
    ],
)
def test_whatever_contacts_someone_when_an_email_is_opened_is_reported(
    check_issue: Check, change_template: ChangeTemplate, markup: str
) -> None:
    change_template(
        "footer.html.j2",
        '<div class="footer">',
        f'<div class="footer">\n{markup}',
    )
    findings = [
        finding
        for finding in check_issue(TEXT)
        if finding.rule == "remote-load"
    ]
    assert findings
    assert {finding.severity for finding in findings} == {Severity.ERROR}
    assert "templates" in str(findings[0].path)


def test_a_remote_picture_is_reported_at_its_line(
    check_issue: Check, change_template: ChangeTemplate
) -> None:
    change_template(
        "footer.html.j2",
        '<div class="footer">',
        '<div class="footer">\n<img src="https://t.example.org/p" alt="x">',
    )
    (finding,) = check_issue(TEXT)
    assert (finding.path.name, finding.line) == ("footer.html.j2", 3)


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        (
            "item.txt.j2",
            "{{ item.text | plain_prose }}",
            "",
            "text-part-incomplete",
        ),
        ("item.txt.j2", "{{ item.link }}", "", "text-part-incomplete"),
        (
            "item.txt.j2",
            "{{ item.link }}",
            "{{ item.link[:14] }}\n{{ item.link[14:] }}",
            "text-part-incomplete",
        ),
        (
            "issue.html.j2",
            'reader("name", _("reader")) | whole',
            'reader("name", "x") | upper',
            "slot-left",
        ),
        (
            "issue.txt.j2",
            'reader("name", _("reader")) | whole',
            'reader("name", "x") | truncate(15)',
            "slot-left",
        ),
        (
            "footer.html.j2",
            '<div class="footer">',
            '<div class="footer"><img src="cid:x.png" alt="x">',
            "picture-missing",
        ),
        (
            "footer.html.j2",
            '<p class="more">',
            '<p style="display:none">',
            "unsubscribe-link-missing",
        ),
        (
            "footer.html.j2",
            '{{ _("Unsubscribe") }}',
            "",
            "unsubscribe-link-missing",
        ),
        (
            "footer.txt.j2",
            "{{ reader(unsubscribe) }}",
            "",
            "unsubscribe-link-missing",
        ),
        (
            "footer.html.j2",
            "newsletter.address]",
            '"x"]',
            "postal-address-missing",
        ),
        (
            "footer.txt.j2",
            "newsletter.address]",
            '"x"]',
            "postal-address-missing",
        ),
    ],
)
def test_what_an_organisations_template_lacks_is_reported(
    check_issue: Check,
    change_template: ChangeTemplate,
    name: str,
    old: str,
    new: str,
    rule: str,
) -> None:
    change_template(name, old, new)
    findings = check_issue(TEXT)
    assert rule in {finding.rule for finding in findings}
    assert all("templates" in str(finding.path) for finding in findings)


def test_an_empty_text_part_is_reported(
    check_issue: Check, newsletter: Newsletter
) -> None:
    (newsletter.root / "templates").mkdir()
    (newsletter.root / "templates" / "issue.txt.j2").write_text(" ", "utf-8")
    messages = [
        finding.message
        for finding in check_issue(TEXT)
        if finding.rule == "text-part-incomplete"
    ]
    assert messages == [
        "the plain text part is empty; correct the template issue.txt.j2"
    ]


@pytest.mark.parametrize(
    "words", ["学校里的老师被带走", "先生たちがつれてゆかれた"]
)
def test_words_of_a_script_without_spaces_are_found_in_the_text_parts_lines(
    check_issue: Check, words: str
) -> None:
    """These lines break within what looks like one long word."""
    paragraph = f"\n{words * 9}。\n"
    assert check_issue(TEXT + paragraph * 9) == []


@pytest.mark.parametrize(
    ("characters", "rule"),
    [(110_000, "html-clipped"), (86_000, "html-nearly-clipped")],
)
def test_html_that_gmail_cuts_off_is_reported(
    check_issue: Check, characters: int, rule: str
) -> None:
    (finding,) = check_issue(TEXT + "word " * (characters // 5) + "\n")
    assert finding.rule == rule


def test_html_is_measured_as_it_is_shown_not_as_it_travels(
    check_issue: Check,
) -> None:
    assert not check_issue(TEXT + "ئۇ " * 12_000 + "\n")
    (finding,) = check_issue(TEXT + "ئۇ " * 20_000 + "\n")
    assert finding.rule == "html-clipped"


@pytest.mark.parametrize(
    ("settings", "rule", "line"),
    [
        (
            SETTINGS.replace('url = "https://example.org/u/{token}"\n', ""),
            "no-one-click",
            8,
        ),
        (SETTINGS[: SETTINGS.index("[unsubscribe]")], "no-way-to-leave", None),
        (
            SETTINGS.replace(
                'url = "https://example.org/u/{token}"', 'via = "sendgrid"'
            ),
            "leaving-at-sendgrid",
            8,
        ),
        (
            SETTINGS.replace('address = "1 Example Street, Exampleton"\n', ""),
            "postal-address-missing",
            1,
        ),
    ],
)
def test_settings_without_unsubscribing_or_a_postal_address_are_reported(
    check_issue: Check, settings: str, rule: str, line: int | None
) -> None:
    (finding,) = check_issue(TEXT, settings=settings)
    assert (finding.rule, finding.path.name, finding.line) == (
        rule,
        "briefing.toml",
        line,
    )
    assert finding.severity is Severity.WARNING


def test_an_edition_must_show_the_postal_address_of_its_language(
    check_issue: Check, change_template: ChangeTemplate
) -> None:
    own = '[newsletter.en]\naddress = "2 Other Road, Exampleton"\n[unsubscribe]'
    settings = SETTINGS.replace("[unsubscribe]", own)
    assert not check_issue(TEXT, settings=settings)
    change_template(
        "footer.txt.j2", "newsletter.address]", '"1 Example Street"]'
    )
    (finding,) = check_issue(TEXT, settings=settings)
    assert finding.rule == "postal-address-missing"


def test_a_sound_email_has_no_finding(
    check_issue: Check, newsletter: Newsletter
) -> None:
    folder = newsletter.issues / "2020-10-09"
    folder.mkdir(parents=True)
    Image.effect_noise((900, 600), 90).convert("RGB").save(
        folder / "a.jpg", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"
    )
    Image.new("RGBA", (40, 40), (9, 9, 9, 9)).save(folder / "b.png")
    text = TEXT.replace("link:", "image: a.jpg\nalt: A street.\nlink:")
    text += "\n### B\nimage: b.png\nalt: A dot.\nlink: https://www.example.com/ä?b=ئا\n\n<https://www.example.com/é>\n"
    assert check_issue(text, ug=text) == []
    assert (
        check_issue(
            text, ug=text, settings=SETTINGS.replace("/u/", f"/{'u' * 150}/")
        )
        == []
    )


@dataclass(frozen=True)
class Damaged(InspectedEdition):
    """An edition whose email was changed after it was built."""

    # This takes the place of the property that builds it.
    mail: BuiltMail = field(kw_only=True)


class TestBytes:
    """Faults that no template or setting causes: an email is damaged on purpose."""

    @pytest.fixture
    def inspected(self, newsletter: Newsletter) -> InspectedEdition:
        (newsletter.root / "briefing.toml").write_text(SETTINGS, "utf-8")
        folder = newsletter.issues / "2020-10-09"
        folder.mkdir(parents=True)
        Image.effect_noise((90, 60), 90).save(folder / "a.png")
        (folder / "issue.md").write_text(
            TEXT.replace("link:", "image: a.png\nalt: A street.\nlink:"),
            "utf-8",
        )
        fresh = Newsletter(newsletter.root)
        (edition,) = store.editions(fresh, folder)
        return InspectedEdition(
            fresh,
            edition,
            render(fresh, edition),
            edition,
            Published((), str),
            Git(fresh.root),
            dt.date(2020, 10, 9),
        )

    @staticmethod
    def findings(inspected: InspectedEdition, damaged: bytes) -> list[Finding]:
        fields = {
            field.name: getattr(inspected, field.name)
            for field in dataclasses.fields(inspected)
        }
        subject = Damaged(**fields, mail=BuiltMail(damaged))
        return list(
            apply_rules(rules_of(mail), subject, inspected.edition.path)
        )

    def test_as_it_is_it_has_no_finding(
        self, inspected: InspectedEdition
    ) -> None:
        assert self.findings(inspected, inspected.mail.data) == []

    def test_its_parts_are_those_that_pythons_parser_finds(
        self, inspected: InspectedEdition
    ) -> None:
        parsed = email.message_from_bytes(inspected.mail.data)
        expected = list(parsed.walk())
        assert len(expected) == 5
        for part, other in zip(inspected.mail.parts, expected, strict=True):
            assert part.keys() == other.keys()
            assert part.get_content_type() == other.get_content_type()
            if not other.is_multipart():
                assert content_of(part) == content_of(other)

    @pytest.mark.parametrize(
        ("old", "new", "rule"),
        [
            (
                b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
                b"",
                "one-click-broken",
            ),
            (b"=One-Click", b"=Oneclick", "one-click-broken"),
            (
                b"<https://example.org/u/",
                b"<http://example.org/u/",
                "one-click-broken",
            ),
            (
                b"<https://example.org/u/",
                b"<https://example.org/\r\n u/",
                "one-click-broken",
            ),
            (b"List-Unsubscribe: ", b"X-Unsubscribe: ", "one-click-broken"),
            (b"Date: ", b"Date:\rX: ", "mail-malformed"),
            (b"Subject: ", b"Subject: \xc3\xa9", "mail-malformed"),
            (b"Subject: ", b"Subject: " + b"x" * 1000, "mail-malformed"),
            (b"\r\n\r\n", b"\r\n\r\n\0", "mail-malformed"),
            (b"a--\r\n", b"", "mail-malformed"),
            (b'a"\r\n', b'b"\r\n', "mail-malformed"),
            (b"Amina", b"=slot-0", "slot-left"),
            (b"Content-ID: <", b"Content-ID: <x", "picture-missing"),
        ],
    )
    def test_a_damaged_email_is_reported(
        self, inspected: InspectedEdition, old: bytes, new: bytes, rule: str
    ) -> None:
        assert old in inspected.mail.data
        findings = self.findings(
            inspected, inspected.mail.data.replace(old, new)
        )
        assert rule in {finding.rule for finding in findings}
        assert all(
            "\n" not in str(finding) and "reader@" not in str(finding)
            for finding in findings
        )

    def test_a_picture_with_notes_is_reported(
        self, inspected: InspectedEdition
    ) -> None:
        old, new = (
            base64_lines(encoded_picture(inspected)),
            base64_lines(encoded("PNG", pnginfo=png_text())),
        )
        assert old in inspected.mail.data
        (finding,) = self.findings(
            inspected, inspected.mail.data.replace(old, new)
        )
        assert finding.rule == "picture-tells"


def encoded_picture(inspected: InspectedEdition) -> bytes:
    assert isinstance(inspected.rendered, RenderedIssue)
    (picture,) = inspected.rendered.pictures
    return picture.data


def base64_lines(data: bytes) -> bytes:
    """As an email holds it, without the end of the last line."""
    return base64.encodebytes(data).replace(b"\n", b"\r\n").rstrip()


def encoded(kind: str, **notes: object) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(file, kind, **notes)
    return file.getvalue()


def png_text() -> PngInfo:
    info = PngInfo()
    info.add_text("Author", "A photographer")
    return info


EXIF = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"


class TestPictures:
    @pytest.mark.parametrize(
        ("data", "notes"),
        [
            (encoded("JPEG", exif=EXIF), "EXIF or XMP data"),
            (encoded("JPEG", xmp=b"<x:xmpmeta/>"), "EXIF or XMP data"),
            (encoded("JPEG", icc_profile=b"x" * 200), "a colour profile"),
            (encoded("JPEG", comment=b"by a photographer"), "a comment"),
            (
                encoded("JPEG", progressive=True) + b"more",
                "bytes after its end",
            ),
            (
                encoded("JPEG").replace(
                    b"\xff\xdb", b"\xff\xed\0\4ab\xff\xdb", 1
                ),
                "IPTC notes",
            ),
            (
                encoded("JPEG").replace(
                    b"\xff\xdb", b"\xff\xe7\0\4ab\xff\xdb", 1
                ),
                "an application's notes",
            ),
            (encoded("JPEG")[:-2], "parts that can't be read"),
            (encoded("PNG", exif=EXIF), "EXIF notes"),
            (encoded("PNG", icc_profile=b"x" * 200), "a colour profile"),
            (encoded("PNG", pnginfo=png_text()), "a text"),
            (encoded("PNG") + b"more", "bytes after its end"),
            (encoded("PNG")[:-12], "parts that can't be read"),
            (encoded("GIF"), "parts that can't be read"),
            (b"", "parts that can't be read"),
        ],
    )
    def test_what_a_picture_contains_besides_pixels_is_listed(
        self, data: bytes, notes: str
    ) -> None:
        assert notes_in(data) == [notes]

    @pytest.mark.parametrize("progressive", [True, False])
    def test_pixels_alone_are_not_notes(self, progressive: bool) -> None:
        assert (
            notes_in(encoded("JPEG", progressive=progressive, optimize=True))
            == []
        )
        assert notes_in(encoded("JPEG", restart_marker_rows=1)) == []
        assert notes_in(encoded("PNG", optimize=True)) == []
