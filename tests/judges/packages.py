"""Judges that others wrote: npm packages that `make judges` installs beside the virtual
environment.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(sys.prefix) / "judges"
SCRIPTS = Path(__file__).parent
NODE = shutil.which("node")
SAFETY_NET = 600
"""Seconds after which a judge that hangs is stopped, on however slow a machine."""


def package(name: str) -> Path:
    return FOLDER / "node_modules" / name


def needs(name: str) -> pytest.MarkDecorator:
    """Skips tests where a package isn't installed."""
    missing = not NODE or not package(name).is_dir()
    return pytest.mark.skipif(
        missing,
        reason=f"{name} isn't here: 'make judges' installs it where there is npm",
    )


def judged(script: str, pages: Iterable[Path]) -> dict[str, Any]:
    """What a script beside this file finds in pages, by their names; one start of Node for all of
    them.
    """
    assert NODE
    command: list[str | Path] = [NODE, SCRIPTS / script, FOLDER, *pages]
    run = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        timeout=SAFETY_NET,
        check=False,
    )
    assert not run.returncode, run.stderr
    return {
        Path(page).name.removesuffix(".html"): findings
        for page, findings in json.loads(run.stdout).items()
    }
