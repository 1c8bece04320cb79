"""The email in its frame: whatever a draft contains, it runs nothing and contacts no one (E5)."""

import re
from pathlib import Path

from PIL import Image

from briefing.newsletter import Newsletter
from briefing.preview.mail.views import MAIL_POLICY
from tests.preview.conftest import Get


def test_a_photo_is_part_of_the_page_and_a_link_out_of_the_folder_is_refused(
    get: Get, issue: Path
) -> None:
    Image.new("RGB", (40, 20), "#336699").save(issue.parent / "map.png")
    issue.write_text(
        issue.read_text("utf-8").replace(
            "source: BBC", "source: BBC\nimage: map.png\nalt: Map"
        ),
        "utf-8",
    )
    get("/")
    assert re.findall(r'src="([^"]{11})', get("/mail/en").text) == [
        "data:image/"
    ]
    (issue.parent / "map.png").unlink()
    (issue.parent / "map.png").symlink_to("/etc/passwd")
    assert "isn&#39;t in the issue&#39;s folder" in get("/").text


def test_the_email_has_a_strict_policy_and_a_sandboxed_frame(get: Get) -> None:
    page = get("/").text
    assert re.search(
        r'<iframe[^>]* src="mail/en\?look=light&amp;reader=named" sandbox="allow-same-origin"',
        page,
    )
    policy = get("/mail/en").headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; "
        "base-uri 'none'; form-action 'none'; sandbox allow-same-origin"
    )
    assert policy == MAIL_POLICY


def test_a_frame_in_a_template_is_shown_as_text_because_browsers_connect_before_they_refuse_it(
    get: Get, newsletter: Newsletter
) -> None:
    (newsletter.root / "templates").mkdir()
    (newsletter.root / "templates" / "footer.html.j2").write_text(
        "<IFRAME src='https://evil.test/'></IFRAME>", "utf-8"
    )
    get("/")
    mail = get("/mail/en").text
    assert "&lt;iframe" in mail
    assert "<iframe" not in mail.lower()


def test_a_page_that_has_this_email_already_is_not_sent_it_again(
    get: Get, issue: Path
) -> None:
    mail = get("/mail/en").text
    found = re.search(r'data-version="(\w+)"', mail)
    assert found
    again = get(f"/mail/en?known={found[1]}")
    assert (again.status_code, again.text) == (204, "")
    issue.write_text(
        issue.read_text("utf-8").replace("Nothing new", "Something"), "utf-8"
    )
    assert "Something" in get(f"/mail/en?known={found[1]}").text


def test_the_email_is_shown_as_each_kind_of_program_does(
    get: Get, issue: Path
) -> None:
    Image.new("RGB", (40, 20), "#336699").save(issue.parent / "map.png")
    photo = "source: BBC\nimage: map.png\nalt: Map"
    issue.write_text(
        issue.read_text("utf-8").replace("source: BBC", photo), "utf-8"
    )
    whole = get("/mail/en?look=light").text
    assert get("/mail/en?look=unknown").text == whole
    assert "data:image/" in whole
    assert "data:image/" not in get("/mail/en?look=no-images").text
    assert "@media screen and (max-width:0)" in whole
    assert "@media screen and (min-width:0)" in get("/mail/en?look=dark").text
    assert "@media" not in get("/mail/en?look=no-styles").text
    assert "background-color:#000000" in get("/mail/en?look=inverted").text
    assert "Amina" in whole
    assert "Amina" not in get("/mail/en?reader=nameless").text


def test_the_parts_of_the_issue_are_marked_in_the_email(get: Get) -> None:
    marks = re.findall(r'<h2 data-part="(\w+)"', get("/mail/en").text)
    cards = re.findall(r'id="part-(\w+)"', get("/").text)
    assert marks == cards == ["i1", "i2"]
