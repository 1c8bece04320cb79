"""html-validate and the Nu Html Checker find no mistake in any email, apart from what email needs."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.judges.mails import ALL
from tests.judges.packages import SAFETY_NET, judged, needs, package

MAIL_PRACTICE = {
    "no-conditional-comment",  # classic Outlook reads them
    "no-deprecated-attr",  # cellpadding and the like: classic Outlook again
    "no-inline-style",  # much webmail drops any other
}
"""Rules of html-validate that only make sense for web pages."""

OUTLOOK_ONLY = re.compile(
    r"CSS: “mso-[a-z-]+”: Property “mso-[a-z-]+” doesn't exist\."
)
"""What Nu reports about properties that only Word knows."""

JAR = package("vnu-jar/build/dist/vnu.jar")
JAVA = shutil.which("java")
FOR_A_SHORT_RUN = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m")
"""Java compiles quickly instead of well, which takes a larger stack, and has no threads that collect
garbage beside it.
"""

needs_nu = pytest.mark.skipif(
    not JAVA or not JAR.is_file(),
    reason="the Nu Html Checker isn't here: 'make judges' installs it where there is java",
)
each_mail = pytest.mark.parametrize("name", ALL)


def html_validate(files: Iterable[Path]) -> dict[str, list[str]]:
    """Its findings by page."""
    kept: dict[str, list[str]] = {}
    for name, findings in judged("html-validate.mjs", files).items():
        kept[name] = [
            finding
            for finding in findings
            if finding.split(":")[0] not in MAIL_PRACTICE
        ]
    return kept


def nu(files: Iterable[Path]) -> dict[str, list[str]]:
    """Errors that Nu finds, by page; one start of Java for all of them."""
    assert JAVA
    command: list[str | Path] = [
        JAVA,
        *FOR_A_SHORT_RUN,
        "-jar",
        JAR,
        "--format",
        "json",
        "--exit-zero-always",
        "--errors-only",
        "--stdout",
        *files,
    ]
    run = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        timeout=SAFETY_NET,
        check=True,
    )
    messages: list[dict[str, Any]] = json.loads(run.stdout)["messages"]
    found: dict[str, list[str]] = {}
    for error in messages:
        if not OUTLOOK_ONLY.fullmatch(error["message"]):
            found.setdefault(Path(error["url"]).stem, []).append(
                f"line {error.get('lastLine')}: {error['message']}"
            )
    return found


@pytest.fixture(scope="module")
def pages_to_judge(
    files: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> list[Path]:
    """The emails, and one broken page, so that one start of a judge is enough for all tests."""
    return [*files, _broken(tmp_path_factory.mktemp("broken"))]


def _broken(folder: Path) -> Path:
    """A page with an element that is closed in the wrong place."""
    page = folder / "broken.html"
    text = '<!DOCTYPE html>\n<html lang="en"><head><title>A</title></head><body><p><b>Bold</p></b></body></html>\n'
    page.write_text(text, "utf-8")
    return page


@pytest.fixture(scope="module")
def html_validate_findings(pages_to_judge: list[Path]) -> dict[str, list[str]]:
    return html_validate(pages_to_judge)


@pytest.fixture(scope="module")
def nu_findings(pages_to_judge: list[Path]) -> dict[str, list[str]]:
    return nu(pages_to_judge)


# It finds hardly anything that Nu doesn't.
@pytest.mark.long
@needs("html-validate")
class TestHtmlValidate:
    @each_mail
    def test_it_finds_no_mistake(
        self, html_validate_findings: dict[str, list[str]], name: str
    ) -> None:
        assert not html_validate_findings[name]

    def test_it_finds_a_mistake(
        self, html_validate_findings: dict[str, list[str]]
    ) -> None:
        assert html_validate_findings["broken"]


@needs_nu
class TestNu:
    @each_mail
    def test_it_finds_no_mistake(
        self, nu_findings: dict[str, list[str]], name: str
    ) -> None:
        assert not nu_findings.get(name)

    def test_it_finds_a_mistake(
        self, nu_findings: dict[str, list[str]]
    ) -> None:
        assert nu_findings["broken"]
