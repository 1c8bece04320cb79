"""The package as a user installs it: built from sources without git, in an environment of its own."""

import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import urllib.request
import venv
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = (
    "briefing",
    "templates",
    "docs",
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
)

SAFETY_NET = 60
"""Seconds after which a test that hangs gives up."""

Program = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(
    scope="module",
    params=["shared", pytest.param("own", marks=pytest.mark.long)],
)
def environment(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Mapping[str, str]:
    """An environment without anything from this checkout; `briefing` is on its PATH. It shares the
    libraries of these tests, or has those that pip installs with the package.
    """
    home = tmp_path_factory.mktemp("home")
    tree = home / "source"
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source,
                tree / name,
                ignore=shutil.ignore_patterns("__pycache__"),
            )
        else:
            shutil.copyfile(source, tree / name)
    venv.create(home / "venv", symlinks=True)
    python = home / "venv" / "bin" / "python"
    # Compiling all of the libraries would take longer than the tests use them.
    shares = request.param == "shared"
    if shares:
        _share_libraries(home / "venv")
    install = [
        sys.executable,
        "-m",
        "pip",
        f"--python={python}",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-compile",
        *(["--no-deps"] if shares else []),
        str(tree),
    ]
    done = subprocess.run(
        install, capture_output=True, text=True, check=False, cwd=home
    )
    assert done.returncode == 0, done.stderr
    shutil.rmtree(tree)
    return {
        "PATH": f"{python.parent}:/usr/bin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
    }


def _share_libraries(environment: Path) -> None:
    """Let an environment import the libraries of this one, but not the checkout."""
    base = {"base": str(environment), "platbase": str(environment)}
    folder = Path(sysconfig.get_path("purelib", vars=base))
    shared = [path for path in sys.path if Path(path).name == "site-packages"]
    (folder / "shared.pth").write_text("\n".join(shared), "utf-8")


def program_in(folder: Path, environment: Mapping[str, str]) -> Program:
    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = ["briefing", *arguments]
        done = subprocess.run(
            command,
            env=dict(environment),
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done

    return run


@pytest.fixture
def program(environment: Mapping[str, str], tmp_path: Path) -> Program:
    return program_in(tmp_path, environment)


@pytest.fixture(scope="module")
def composed(
    environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A newsletter with an issue, both made by the installed program."""
    folder = tmp_path_factory.mktemp("composed")
    program = program_in(folder, environment)
    shutil.copyfile(ROOT / "docs" / "sample-brief.txt", folder / "brief.txt")
    program("init", "weekly")
    program(
        "-C", "weekly", "compose", "--from", "brief.txt", "--date", "2020-10-16"
    )
    return folder / "weekly"


@pytest.fixture
def weekly(composed: Path, tmp_path: Path) -> Path:
    """The same for one test."""
    return shutil.copytree(composed, tmp_path / "weekly", symlinks=True)


def test_the_main_job_works_outside_the_checkout(
    program: Program, weekly: Path, tmp_path: Path
) -> None:
    program("-C", "weekly", "render", "--out", "out")
    assert "3 emails written" in program("-C", "weekly", "send", "--yes").stdout
    assert len(list((weekly / "rehearsal/2020-10-16").iterdir())) == 3
    assert "Harbour Post, 15\xa0October\xa02020" in (
        tmp_path / "out" / "issue.txt"
    ).read_text("utf-8")


def test_all_templates_and_catalogues_are_installed(
    environment: Mapping[str, str],
) -> None:
    package = "venv/lib/*/site-packages/briefing"
    (installed,) = Path(environment["HOME"]).glob(f"{package}/templates")
    assert files_below(installed) == files_below(ROOT / "templates")


def files_below(folder: Path) -> set[Path]:
    return {
        path.relative_to(folder) for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize(
    "lang",
    [
        "ug",
        *(
            pytest.param(lang, marks=pytest.mark.long)
            for lang in ("en", "de", "tr", "zh")
        ),
    ],
)
def test_a_catalogue_is_read_when_installed(
    program: Program, weekly: Path, tmp_path: Path, lang: str
) -> None:
    settings = weekly / "briefing.toml"
    english = settings.read_text("utf-8")
    settings.write_text(english.replace('["en"]', f'["{lang}"]'), "utf-8")
    program("-C", "weekly", "render", "--out", "out")
    page = tmp_path / "out" / "issue.html"
    assert f'<html lang="{lang}"' in page.read_text("utf-8")


def test_the_preview_works_when_installed(
    environment: Mapping[str, str], weekly: Path, tmp_path: Path
) -> None:
    # Shells make programs that they start in the background ignore Ctrl-C, and the tests may be one
    # of them.
    allow_ctrl_c = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    start = f"{allow_ctrl_c}; from briefing.cli import main; main(['-C', 'weekly', 'preview', '--no-open'])"
    python = shutil.which("python", path=environment["PATH"])
    assert python
    child = subprocess.Popen(
        [python, "-c", start],
        env={**environment, "PYTHONUNBUFFERED": "1"},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout
        output = ""
        while not (found := re.search(r"http://\S+", output)):
            line = child.stdout.readline()
            assert line, f"it ended before it printed its address: {output}"
            output += line
        opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor()
        )
        with opener.open(found[0], timeout=SAFETY_NET) as answer:
            assert b"Weekly Brief, 16 October 2020" in answer.read()
    finally:
        child.send_signal(signal.SIGINT)
        try:
            child.communicate(timeout=SAFETY_NET)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
    assert child.returncode == 0


def test_the_documentation_is_installed_completely(
    program: Program, tmp_path: Path
) -> None:
    (page,) = program("docs", "sending").stdout.splitlines()
    folder = Path(page).parent
    names = {path.stem for path in (ROOT / "docs").glob("*.md")}
    written = {path.stem for path in folder.glob("*.html")}
    assert written == names | {"README", "CHANGELOG"}
    images = {path.name for path in (ROOT / "docs" / "images").iterdir()}
    assert {path.name for path in (folder / "images").iterdir()} == images
    text = (ROOT / "docs" / "sending.md").read_text("utf-8")
    assert program("docs", "sending", "--print").stdout == text


def test_the_version_is_the_one_in_the_source(program: Program) -> None:
    version = re.search(
        r'^version = "(.*)"$',
        (ROOT / "pyproject.toml").read_text("utf-8"),
        re.MULTILINE,
    )
    assert version
    assert program("--version").stdout == f"briefing {version[1]}\n"
