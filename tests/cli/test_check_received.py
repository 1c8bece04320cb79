"""briefing check --received and --online, as an editor runs them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

GMAIL = """\
Authentication-Results: mx.google.com; dkim=pass header.i=@example.org;
 spf=pass smtp.mailfrom=example.org; dmarc=pass header.from=example.org
DKIM-Signature: v=1; d=example.org; s=s1; b=x;
 h=from:to:reply-to:subject:date:message-id:list-unsubscribe:list-unsubscribe-post
"""


@pytest.fixture
def mail(issue: Path, run: Run) -> Path:
    """The issue's email as received, which has no finding."""
    assert run("render", "--out", "out").exit_code == 0
    path = issue / "arrived.eml"
    path.write_bytes(
        GMAIL.replace("\n", "\r\n").encode()
        + (issue / "out" / "issue.eml").read_bytes()
    )
    return path


class TestReceived:
    def test_an_email_received_as_it_was_sent_has_no_finding(
        self, mail: Path, run: Run
    ) -> None:
        result = run("check", "--received", "arrived.eml")
        assert (result.exit_code, result.stdout) == (
            0,
            "No findings in the email of issue 2020-10-09.\n",
        )

    def test_what_was_changed_on_the_way_is_shown_and_exits_with_1(
        self, mail: Path, run: Run
    ) -> None:
        pixel = b'<img src=3D"https://u1.ct.sendgrid.net/o.gif" width=3D"1" height=3D"1"></body>'
        mail.write_bytes(mail.read_bytes().replace(b"</body>", pixel))
        result = run("check", "--received", "arrived.eml")
        assert result.exit_code == 1
        assert result.stdout.startswith(
            "arrived.eml\n  error             arrived-loading\n    opening the email loads an invisible pixel"
        )
        assert result.stdout.endswith(
            "1 error in the email of issue 2020-10-09.\n"
        )
        assert max(map(len, result.stdout.splitlines())) <= 80

    def test_findings_as_json(self, mail: Path, run: Run) -> None:
        mail.write_bytes(b"X-Mailgun-Sid: abc\r\n" + mail.read_bytes())
        result = run("check", "--received", "arrived.eml", "--json")
        assert result.exit_code == 0
        (found,) = json.loads(result.stdout)
        assert (found["rule"], found["severity"], found["line"]) == (
            "tracking-headers",
            "warning",
            None,
        )

    def test_a_file_that_is_not_an_email_is_refused_in_one_line(
        self, issue: Path, run: Run
    ) -> None:
        result = run("check", "--received", "brief.txt")
        assert result.exit_code == 1
        assert result.stderr.count("\n") == 1
        assert result.stderr.startswith(
            "briefing: brief.txt: isn't an email; save the whole email as .eml"
        )

    def test_a_missing_file_is_a_usage_error(
        self, issue: Path, run: Run
    ) -> None:
        assert run("check", "--received", "none.eml").exit_code == 2

    def test_no_address_of_the_email_is_shown(
        self, mail: Path, run: Run
    ) -> None:
        footer = (
            b"<p>For canary@example.net and canary%40example.net</p></body>"
        )
        mail.write_bytes(
            mail.read_bytes()
            .replace(b"</body>", footer)
            .replace(b"Subject: ", b"Subject: canary@x ")
        )
        result = run("check", "--received", "arrived.eml")
        assert "(an address)" in result.stdout
        assert "canary" not in result.output


class TestOnline:
    @pytest.fixture
    def offline(self, issue: Path) -> "subprocess.CompletedProcess[str]":
        """The command where no name can be looked up, whatever network this computer has."""
        code = (
            "import socket, dns.resolver\n"
            "def no(*_, **__): raise socket.gaierror(socket.EAI_AGAIN, 'no network')\n"
            "socket.getaddrinfo = no\n"
            "dns.resolver.Resolver.resolve = lambda *_, **__: (_ for _ in ()).throw(dns.resolver.LifetimeTimeout())\n"
            "from briefing.cli import main; main(['check', '--online'])"
        )
        environment = {**os.environ, "BRIEFING_DEBUG": "1"}
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=issue,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_without_a_network_there_is_one_warning(
        self, offline: "subprocess.CompletedProcess[str]"
    ) -> None:
        assert offline.stderr == ""
        assert offline.stdout.count("offline") == 1
        assert "check again when this computer is online" in re.sub(
            r"\s+", " ", offline.stdout
        )
        assert offline.returncode == ("error" in offline.stdout)

    def test_without_the_option_nothing_is_asked(
        self, issue: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def asked(*_: object) -> None:
            raise AssertionError("the network was asked")

        monkeypatch.setattr("socket.getaddrinfo", asked)
        monkeypatch.setattr("socket.socket.connect", asked)
        assert "offline" not in run("check").stdout
