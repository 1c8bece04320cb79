"""The style sheet and the scripts of the page: read once, and served by their names."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort

FOLDER = Path(__file__).parent / "page"

TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
}
"""The media types of the files that are served; no other file is."""


FOR_GOOD = "private, max-age=31536000, immutable"


def add_page_files(app: Flask, home: str) -> None:
    """Serve the page's files at an address that changes with them, so that browsers keep them. `home`
    is the path of all addresses.

    Templates know it as `page_files`, and the scripts as `scripts`.
    """
    files = read_files()
    version = version_of(files)
    scripts = sorted(name for name in files if name.endswith(".js"))
    app.jinja_env.globals["page_files"] = f"{home}page/{version}"
    app.jinja_env.globals["scripts"] = scripts

    @app.get(f"/page/{version}/<path:name>")
    def page_file(name: str) -> Response:
        # Looked up among the names that were found at the start: no address leads to a file.
        data = files.get(name)
        if data is None:
            abort(404)
        mimetype = TYPES[Path(name).suffix]
        headers = {"Cache-Control": FOR_GOOD}
        return Response(data, mimetype=mimetype, headers=headers)


def version_of(files: Mapping[str, bytes]) -> str:
    """Return a short digest that changes whenever a file does."""
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        digest.update(hashlib.sha256(name.encode()).digest())
        digest.update(hashlib.sha256(data).digest())
    return digest.hexdigest()[:16]


@cache
def read_files() -> Mapping[str, bytes]:
    """Return the contents of the page's files by their paths below FOLDER, as they were when the
    program started.
    """
    return {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in FOLDER.rglob("*")
        if path.suffix in TYPES
    }
