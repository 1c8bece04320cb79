"""Hostile pages can't break items or the terminal, and an interruption loses nothing."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from briefing.issue import markdown, store
from tests.cli.collect.web import (
    ADDRESS,
    SENTENCE,
    TEXT,
    Web,
    head_of,
    items,
    jpeg,
    page,
    photo_of,
    saved,
    tree,
)
from tests.cli.conftest import Run

TRAPS = [
    "{{ 7*7 }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "${7*7} #{7*7} <%= 7*7 %> {{= 7*7 }} *{7*7}",
]
MARKS = [
    "**so** _so_ `so`",
    "# so",
    "### so",
    "- so",
    "1. so",
    "> so",
    "[so](http://x.example)",
    "![so](x.png)",
    "a\\*b",
]


SAFETY_NET = 60
"""Seconds after which a hanging test gives up."""


class TestHostilePages:
    def test_characters_that_steer_a_terminal_reach_neither_it_nor_the_file(
        self, weekly: Path, inbox: Path, run: Run
    ) -> None:
        trick = "A \x1b[2J\x1b]0;x\x07 \x9b31m &#27;[31m &#x202e;tpircs&#x202c; \u202e\u2066end\u2069 \0 nul"
        name = saved(
            weekly,
            page(
                trick,
                text=(f"{SENTENCE} {trick}", *TEXT[1:]),
                site=f"Post {trick}",
            ),
        )
        result = run("collect", ADDRESS, "--page", name)
        assert result.exit_code == 0
        assert not re.search(
            "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]",
            result.stdout,
        )
        assert not re.search(
            "[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]",
            inbox.read_text("utf-8"),
        )

    def test_eight_bit_control_characters_do_not_reach_the_file(
        self, weekly: Path, inbox: Path, run: Run
    ) -> None:
        run(
            "collect",
            ADDRESS,
            "--page",
            saved(weekly, page("A \u009b31m vote on water")),
        )
        assert "\u009b" not in inbox.read_text("utf-8")

    def test_joiners_stay_for_the_scripts_that_need_them(
        self, weekly: Path, inbox: Path, run: Run
    ) -> None:
        title = "می\u200cخواهم خبر تازه را بخوانم"
        run("collect", ADDRESS, "--page", saved(weekly, page(title, lang="fa")))
        assert [item.heading for item in items(inbox)] == [title]

    @pytest.mark.parametrize("marks", MARKS)
    def test_markdown_on_a_page_stays_literal_text(
        self, weekly: Path, inbox: Path, run: Run, marks: str
    ) -> None:
        sentence = f"{marks} is what the sign in front of the court in Far Valley said on Thursday."
        name = saved(
            weekly,
            page(f"{marks} on a sign in Far Valley", text=(sentence, *TEXT)),
        )
        assert run("collect", ADDRESS, "--page", name).exit_code == 0
        (item,) = items(inbox)
        assert item.heading == f"{marks} on a sign in Far Valley"
        assert run("compose", "--date", "2020-10-09").exit_code == 0
        assert run("render", "2020-10-09").exit_code == 0
        (plain,) = weekly.rglob("issue.txt")
        text = " ".join(plain.read_text("utf-8").split())
        assert marks in text

    @pytest.mark.parametrize("trap", TRAPS)
    def test_template_syntax_on_a_page_stays_literal_text(
        self, weekly: Path, inbox: Path, run: Run, trap: str
    ) -> None:
        shown = trap.replace("<", "&lt;")
        name = saved(
            weekly,
            page(
                f"{shown} on a sign",
                text=(f"{shown} is what the sign said on that day.", *TEXT),
            ),
        )
        assert run("collect", ADDRESS, "--page", name).exit_code == 0
        assert run("compose", "--date", "2020-10-09").exit_code == 0
        assert run("render", "2020-10-09").exit_code == 0
        (plain,) = weekly.rglob("issue.txt")
        assert trap in " ".join(plain.read_text("utf-8").split())

    @pytest.mark.parametrize(
        "mark",
        [
            "### Not a headline",
            "link: javascript:alert(1)",
            "image: ../../briefing.toml",
        ],
    )
    def test_no_text_is_read_as_part_of_the_issue_format(
        self, weekly: Path, inbox: Path, run: Run, mark: str
    ) -> None:
        text = (
            f"{mark}\n{mark}",
            f"<br>{mark}<br>\n{mark} and more of it, so that it is a sentence.",
            *TEXT,
        )
        name = saved(
            weekly,
            page(f"A sign\n{mark}\r{mark}", text=text, site=f"Post\n{mark}"),
        )
        assert run("collect", ADDRESS, "--page", name).exit_code == 0
        (item,) = items(inbox)
        assert (item.link, item.image) == (
            "https://www.example.org/news/files",
            "",
        )

    @pytest.mark.parametrize(
        "target",
        [
            "javascript:alert(1)",
            "\x01java\x03script:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "//evil.example/a",
            "https://www.example.org@evil.example/a",
            "https://evil.example/a",
            "http://[",
        ],
    )
    def test_a_page_cannot_choose_a_link_on_another_site(
        self, weekly: Path, inbox: Path, run: Run, target: str
    ) -> None:
        head = f'<link rel="canonical" href="{target}"><meta property="og:url" content="{target}">'
        assert (
            run(
                "collect", ADDRESS, "--page", saved(weekly, page(head=head))
            ).exit_code
            == 0
        )
        (item,) = items(inbox)
        assert item.link == "https://www.example.org/news/files"

    @pytest.mark.parametrize(
        "target",
        [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "http://[",
            "//evil",
            "data:,x",
        ],
    )
    def test_an_image_without_a_web_address_is_ignored(
        self, weekly: Path, inbox: Path, run: Run, web: Web, target: str
    ) -> None:
        head = f'<meta property="og:image" content="{target}">'
        assert run("collect", web.has("a", page(head=head))).exit_code == 0
        assert [item.image for item in items(inbox)] == [""]

    def test_items_are_read_back_as_they_were_written(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        for number, marks in enumerate(MARKS):
            words = f"{number} {marks} {hash(marks)}"
            run(
                "collect",
                web.has(
                    str(number),
                    page(
                        words, text=(f"{marks} said the sign, {words}.", *TEXT)
                    ),
                ),
                "--again",
            )
        issue = store.load(inbox, "en").issue
        assert list(issue.items)
        assert markdown.read(markdown.write(issue), inbox) == issue


class TestStops:
    @pytest.mark.parametrize("there", [True, False])
    def test_an_interruption_leaves_the_inbox_as_it_was(
        self,
        weekly: Path,
        inbox: Path,
        run: Run,
        web: Web,
        monkeypatch: pytest.MonkeyPatch,
        there: bool,
    ) -> None:
        if there:
            run("collect", web.has("old", page("A vote on water")))
        web.has("photo.jpg", jpeg())
        before = tree(weekly)

        def stopped(*_: object) -> NoReturn:
            assert list(inbox.parent.glob("*.jpg")), "photos first"
            raise KeyboardInterrupt

        monkeypatch.setattr(store, "create", stopped)
        monkeypatch.setattr(store, "save", stopped)
        assert (
            run(
                "collect",
                web.has("a", page(figure=photo_of(web), head=head_of(web))),
            ).exit_code
            == 130
        )
        assert tree(weekly) == before

    def test_ctrl_c_ends_it_while_a_page_is_awaited(self, weekly: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            address = f"http://127.0.0.1:{port}/"
            program = (
                # A program that runs in the background ignores Ctrl-C, and so do those it starts.
                "import signal, sys\n"
                "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
                "from briefing.cli import collect, main\n"
                "from briefing.network.fetch_guard import Guard\n"
                "collect.make_guard = lambda proxy: Guard(loopback_port=int(sys.argv.pop()))\n"
                "main(sys.argv[1:])\n"
            )
            process = subprocess.Popen(
                [sys.executable, "-c", program, "collect", address, str(port)],
                cwd=weekly,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            connection, _ = silent.accept()
            with connection:
                connection.recv(1)
                process.send_signal(signal.SIGINT)
                _, errors = process.communicate(timeout=SAFETY_NET)
        assert process.returncode == 130
        assert b"stopped" in errors
