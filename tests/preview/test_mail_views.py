"""The mail in its frame: whatever a draft contains, it runs nothing and contacts no one (E5)."""

import re
from pathlib import Path

from PIL import Image

from briefing.newsletter import Newsletter
from briefing.preview.mail_views import MAIL_POLICY
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


def test_the_mail_has_a_strict_policy_and_a_sandboxed_frame(get: Get) -> None:
    page = get("/").text
    assert re.search(
        r'<iframe[^>]* src="/mail/en\?version=\w+#changed" sandbox>', page
    )
    policy = get("/mail/en").headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
        "frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox"
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
