"""The page's own files."""

import hashlib
import re

from briefing.preview.page_files import FOLDER, read_files
from tests.preview.conftest import Get


def test_style_sheet_and_scripts_are_served_with_their_types(get: Get) -> None:
    assert get("/page/desk.css").mimetype == "text/css"
    script = get("/page/vendor/idiomorph.js")
    assert script.mimetype == "text/javascript"
    assert script.data == (FOLDER / "vendor" / "idiomorph.js").read_bytes()


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
