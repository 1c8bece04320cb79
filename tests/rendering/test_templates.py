"""Templates: the organisation's come first, errors have their line, and no template reaches
outside.
"""

import contextlib
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from briefing.errors import TemplateError
from briefing.languages import load_language
from briefing.newsletter import Newsletter, package_templates
from briefing.rendering import texts
from briefing.rendering.edition import render
from briefing.rendering.templates import Templates, has_own_templates
from briefing.sandbox.time_limit import OutOfTimeError
from tests.rendering.newsletters import edition

ISSUE = "# Weekly Brief\ndate: 2020-10-09\n\n### A ruling\nlink: https://example.org/a\n\nIts text.\n"


def override(
    newsletter: Newsletter, name: str, text: str, *, keep: bool = False
) -> Path:
    """Write a template into the newsletter's own folder; with `keep`, after the text of the
    package's.
    """
    path = newsletter.root / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        ((package_templates() / name).read_text("utf-8") if keep else "")
        + text,
        "utf-8",
    )
    return path


def rendered_html(newsletter: Newsletter) -> str:
    return render(newsletter, edition(newsletter, ISSUE)).html.filled({})


class TestOverriding:
    def test_the_organisations_own_template_comes_first(
        self, newsletter: Newsletter
    ) -> None:
        override(
            newsletter,
            "footer.html.j2",
            "<p>Our own footer of {{ newsletter.name }}</p>",
        )
        html = rendered_html(newsletter)
        assert "Our own footer of Weekly Brief</p>" in html
        assert "A ruling" in html

    def test_its_style_sheet_is_written_into_the_elements(
        self, newsletter: Newsletter
    ) -> None:
        override(
            newsletter,
            "style.css",
            "\np.byline, h2 { color: #123456; }\n",
            keep=True,
        )
        assert "#123456" in rendered_html(newsletter)

    def test_a_changed_template_is_read_again(
        self, newsletter: Newsletter
    ) -> None:
        for word in ("first", "second"):
            override(newsletter, "footer.html.j2", f"<p>{word}</p>")
            assert f"{word}</p>" in rendered_html(newsletter)

    def test_a_literal_is_set_for_the_language_of_each_edition(
        self, newsletter: Newsletter
    ) -> None:
        override(
            newsletter,
            "footer.html.j2",
            "<p>{{ '\u201ca\u201d' | nested }}</p>",
        )
        for lang, words in {
            "en": "\u2018a\u2019",
            "de": "\u201aa\u2018",
        }.items():
            templates = Templates(
                newsletter, load_language(lang, newsletter.template_folders), {}
            )
            html = templates.render("footer.html.j2", {})
            assert html == f"<p>{words}</p>"

    def test_templates_can_use_the_issue_the_settings_and_the_reader(
        self, newsletter: Newsletter
    ) -> None:
        override(
            newsletter,
            "footer.html.j2",
            "<p>{{ id }} {{ date | date }} {{ lang.code }} {{ look.accent }} {{ subject }} "
            "{{ reader('city', 'town') }}</p>",
        )
        html = rendered_html(newsletter)
        accent = newsletter.settings.look.accent
        assert (
            f"2020-10-09 9 October 2020 en {accent} Weekly Brief town</p>"
            in html
        )


class TestIncludingThePackagesOwn:
    def test_a_template_can_include_the_one_that_it_replaces(
        self, newsletter: Newsletter
    ) -> None:
        override(
            newsletter,
            "footer.html.j2",
            '<p>Before it</p>{% include "briefing/footer.html.j2" %}',
        )
        html = rendered_html(newsletter)
        assert "Before it</p>" in html
        assert "because you subscribed to it" in html

    def test_a_style_sheet_of_a_few_rules_adds_to_the_packages(
        self, newsletter: Newsletter
    ) -> None:
        before = rendered_html(newsletter)
        override(
            newsletter,
            "style.css",
            '{% include "briefing/style.css" %}\n.footer { border-top-color: {{ look.accent }}; }\n',
        )
        changed = rendered_html(newsletter)
        accent = newsletter.settings.look.accent
        assert changed.count(accent) == before.count(accent) + 1
        assert changed.count("style=") == before.count("style=")

    def test_what_it_includes_in_turn_can_be_the_organisations(
        self, newsletter: Newsletter
    ) -> None:
        override(
            newsletter,
            "issue.html.j2",
            '{% include "briefing/issue.html.j2" %}',
        )
        override(newsletter, "footer.html.j2", "<p>Our own footer</p>")
        assert "Our own footer</p>" in rendered_html(newsletter)

    @pytest.mark.parametrize(
        "name", ["briefing/nosuch.j2", "briefing/../briefing.toml", "briefing/"]
    )
    def test_only_its_templates_can_be_included(
        self, newsletter: Newsletter, name: str
    ) -> None:
        override(newsletter, "footer.html.j2", f'{{% include "{name}" %}}')
        with pytest.raises(TemplateError, match="there is no such template"):
            rendered_html(newsletter)


class TestErrors:
    @pytest.mark.parametrize(
        ("name", "text", "line", "words"),
        [
            ("footer.html.j2", "<p>\n{% if %}\n</p>", 2, "can't be read: "),
            ("footer.html.j2", "<p>\n\n{{ a b }}\n</p>", 3, "can't be read: "),
            (
                "footer.html.j2",
                "<p>\n{% for x in issue.items %}\n",
                2,
                "can't be read: ",
            ),
            (
                "footer.txt.j2",
                "\n{{ text | nosuch }}\n",
                2,
                "can't be read: No filter named 'nosuch'",
            ),
            (
                "footer.html.j2",
                "<p>\n{{ newsleter.name }}\n</p>",
                2,
                "can't be rendered: 'newsleter' is undefined",
            ),
            (
                "footer.html.j2",
                "\n\n{{ newsletter.nam }}",
                3,
                "can't be rendered: ",
            ),
            ("item.txt.j2", "\n{{ item.link.host }}", 2, "can't be rendered: "),
            (
                "item.html.j2",
                "\n{{ 1 / 0 }}",
                2,
                "can't be rendered: division by zero",
            ),
            (
                "item.html.j2",
                "\n\n{{ item.date + 1 }}",
                3,
                "can't be rendered: ",
            ),
            (
                "style.css",
                "p { color: {{ look.acent }}; }",
                1,
                "can't be rendered: ",
            ),
            (
                "enhancements.css",
                "\n{{ nothing }}",
                2,
                "can't be rendered: 'nothing' is undefined",
            ),
            (
                "item.html.j2",
                "\n{{ ''.__class__.__mro__ }}",
                2,
                "can't be rendered: access to attribute '__class__'",
            ),
            (
                "item.html.j2",
                "\n{{ range(999999999) | list }}",
                2,
                "can't be rendered: Range too big",
            ),
        ],
    )
    def test_an_error_is_reported_with_the_templates_file_and_line(
        self,
        newsletter: Newsletter,
        name: str,
        text: str,
        line: int,
        words: str,
    ) -> None:
        path = override(newsletter, name, text)
        with pytest.raises(TemplateError) as caught:
            rendered_html(newsletter)
        assert (caught.value.path, caught.value.line) == (path, line)
        assert caught.value.message.startswith(words)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        "wanted", ["nosuch.html.j2", "../briefing.toml", "/etc/passwd"]
    )
    def test_a_missing_template_is_named(
        self, newsletter: Newsletter, wanted: str
    ) -> None:
        override(newsletter, "footer.html.j2", f'{{% include "{wanted}" %}}')
        with pytest.raises(TemplateError, match="there is no such template"):
            rendered_html(newsletter)

    def test_a_template_that_includes_itself_is_named(
        self, newsletter: Newsletter
    ) -> None:
        override(newsletter, "footer.html.j2", '{% include "footer.html.j2" %}')
        with pytest.raises(
            TemplateError, match=r"footer\.html\.j2.*: can't be rendered"
        ):
            rendered_html(newsletter)

    def test_a_template_that_is_not_utf_8_is_named(
        self, newsletter: Newsletter
    ) -> None:
        override(newsletter, "footer.html.j2", "").write_bytes(
            "Zürich".encode("cp1252")
        )
        with pytest.raises(TemplateError, match=r"can't be"):
            rendered_html(newsletter)

    @pytest.mark.parametrize(
        "css",
        [
            "p { color: ",
            "} p {",
            "@media {",
            "p { color: red; ]] }",
            "<style>",
            "@charset",
            "\0",
        ],
    )
    def test_a_broken_style_sheet_is_ignored_or_named(
        self, newsletter: Newsletter, css: str
    ) -> None:
        override(newsletter, "style.css", css)
        try:
            html = rendered_html(newsletter)
        except TemplateError:
            return
        assert "A ruling" in html


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server on this computer: its address, and the requests it got."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}
    )
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


class TestBounds:
    @pytest.mark.parametrize(
        "text",
        [
            "{{ 9**(9**9) }}",
            "{{ 'x' * 10**9 }}",
            "{{ [1] * 10**9 }}",
            "{{ 2.0**99999 }}",
            "{{ ''.__class__.__mro__ }}",
        ],
    )
    def test_filling_the_memory_or_leaving_the_sandbox_is_refused(
        self, newsletter: Newsletter, text: str
    ) -> None:
        override(newsletter, "footer.html.j2", text)
        with pytest.raises(
            TemplateError, match=r"footer\.html\.j2, line 1: can't be rendered"
        ):
            rendered_html(newsletter)

    def test_ordinary_arithmetic_is_allowed(
        self, newsletter: Newsletter
    ) -> None:
        override(
            newsletter,
            "footer.html.j2",
            "<p>{{ 2 * 3 }}{{ 2**10 }}{{ '-' * 72 }}</p>",
        )
        assert f"<p>61024{'-' * 72}</p>" in spaceless(rendered_html(newsletter))

    def test_a_filter_that_never_ends_is_stopped(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(texts, "SECONDS", 1)
        override(newsletter, "footer.txt.j2", "{{ [1]|slice(900000000)|list }}")
        with pytest.raises(
            TemplateError, match=r"takes longer than 1 second|too much memory"
        ):
            rendered_html(newsletter)

    def test_a_filter_that_fills_the_memory_is_stopped(
        self, newsletter: Newsletter
    ) -> None:
        override(newsletter, "footer.txt.j2", "{{ 'x'|center(9000000000) }}")
        with pytest.raises(TemplateError, match="needs too much memory"):
            rendered_html(newsletter)

    def test_an_endless_loop_is_named_with_its_line(
        self, newsletter: Newsletter
    ) -> None:
        def run_out_of_time() -> str:
            raise OutOfTimeError("takes longer than 10 seconds")

        path = override(
            newsletter, "footer.txt.j2", "<p>\n{{ run_out_of_time() }}\n</p>"
        )
        lang = load_language("en", newsletter.template_folders)
        templates = Templates(newsletter, lang, {})
        with pytest.raises(
            TemplateError, match="look for an endless loop"
        ) as caught:
            templates.render(
                "footer.txt.j2", {"run_out_of_time": run_out_of_time}
            )
        assert (caught.value.path, caught.value.line) == (path, 2)

    def test_only_own_templates_need_a_process(
        self, newsletter: Newsletter
    ) -> None:
        assert not has_own_templates(newsletter)
        override(newsletter, "languages/xx.po", "")
        assert not has_own_templates(newsletter)
        override(newsletter, "footer.txt.j2", "")
        assert has_own_templates(newsletter)
        assert not has_own_templates(Newsletter(package_templates().parent))

    def test_a_link_out_of_the_folder_is_refused(
        self, newsletter: Newsletter
    ) -> None:
        override(newsletter, "footer.html.j2", '{% include "note.txt" %}')
        (newsletter.root / "templates" / "note.txt").symlink_to(
            newsletter.subscribers
        )
        with pytest.raises(
            TemplateError,
            match="is a link to a place outside the templates folder",
        ):
            rendered_html(newsletter)


def spaceless(page: str) -> str:
    """Remove the style attributes that the inliner adds."""
    return re.sub(r' style=(?:"[^"]*"|\'[^\']*\')', "", page)


class TestNoNetwork:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            (
                "style.css",
                "@import url({server}/a.css);\np {{ color: #123456; }}",
            ),
            (
                "style.css",
                "@import '{server}/a.css' screen;\n@namespace url({server}/n);",
            ),
            ("style.css", "p {{ background: url({server}/a.png); }}"),
            (
                "style.css",
                "@font-face {{ font-family: x; src: url({server}/a.woff); }}",
            ),
            ("enhancements.css", "@import url({server}/a.css);"),
            ("footer.html.j2", '<style>@import url("{server}/a.css");</style>'),
            (
                "footer.html.j2",
                '<p style="background: url({server}/a.png)">x</p>',
            ),
            ("footer.html.j2", '<img src="{server}/a.png" alt="x">'),
            ("footer.html.j2", '<link rel="stylesheet" href="{server}/a.css">'),
        ],
    )
    def test_rendering_contacts_no_one_whatever_a_template_refers_to(
        self,
        newsletter: Newsletter,
        listener: tuple[str, list[str]],
        name: str,
        text: str,
    ) -> None:
        server, asked = listener
        override(newsletter, name, text.format(server=server))
        with contextlib.suppress(TemplateError):
            # Refused or left out, either will do.
            rendered_html(newsletter)
        assert asked == []

    def test_no_file_of_this_computer_gets_into_the_email(
        self, newsletter: Newsletter
    ) -> None:
        secret = newsletter.root / "secret.css"
        secret.write_text("p { color: #abcdef; }")
        override(
            newsletter,
            "footer.html.j2",
            f'<link rel="stylesheet" href="{secret}"><p>x</p>',
        )
        try:
            html = rendered_html(newsletter)
        except TemplateError:
            return
        assert "#abcdef" not in html
