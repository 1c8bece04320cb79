"""The page's own files."""

import hashlib
import re
import sys
from pathlib import Path

import pytest

from briefing.preview.bare_app import bare_app
from briefing.preview.page_files import FOLDER, read_files, version_of
from briefing.preview.web.access import Access
from briefing.rendering import compiled_templates
from tests.preview.conftest import PORT, Get
from tests.rendering.test_compiled_templates import start_again


def test_style_sheet_and_scripts_are_served_with_their_types(get: Get) -> None:
    address = f"/page/{version_of(read_files())}"
    assert get(f"{address}/desk.css").mimetype == "text/css"
    script = get(f"{address}/vendor/idiomorph.js")
    assert script.mimetype == "text/javascript"
    assert script.data == (FOLDER / "vendor" / "idiomorph.js").read_bytes()


def test_browsers_keep_them_until_they_change(get: Get, access: Access) -> None:
    files = dict(read_files())
    version = version_of(files)
    assert f'src="{access.home}page/{version}/desk.js"' in get("/").text
    kept = get(f"/page/{version}/desk.js").headers["Cache-Control"]
    assert "immutable" in kept
    files["desk.js"] += b"\n"
    changed = version_of(files)
    assert changed != version
    assert get(f"/page/{changed}/desk.js").status_code == 404


def test_each_script_is_found_by_those_that_import_it() -> None:
    files = read_files()
    scripts = [name for name in files if name.endswith(".js")]
    for name in scripts:
        imported = re.findall(rb'from "\./([^"]+)"', files[name])
        assert {path.decode() for path in imported} <= set(files)


def test_files_of_others_have_the_digests_that_are_written_down() -> None:
    readme = (FOLDER / "vendor" / "README.md").read_text("utf-8")
    for path in (FOLDER / "vendor").glob("*.js"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in readme


def load_all_templates() -> None:
    """Load the page's templates as a program does that was just started."""
    app = bare_app(Access(PORT), print)
    for path in FOLDER.glob("*.html"):
        app.jinja_env.get_template(path.name)


def test_a_later_program_compiles_no_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled_templates, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    compiled = start_again(monkeypatch)
    load_all_templates()
    assert "page.html" in compiled
    compiled = start_again(monkeypatch)
    load_all_templates()
    assert compiled == []
