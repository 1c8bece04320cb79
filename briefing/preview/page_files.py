"""The style sheet and the scripts of the page: read once, and served by their names."""

from collections.abc import Mapping
from pathlib import Path

from flask import Flask, Response, abort

FOLDER = Path(__file__).parent / "page"

TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
}
"""The media types of the files that are served; no other file is."""


def add_page_files(app: Flask) -> None:
    """Serve the page's files below /page/; templates know the scripts as `scripts`."""
    files = read_files()
    scripts = sorted(name for name in files if name.endswith(".js"))
    app.jinja_env.globals["scripts"] = scripts

    @app.get("/page/<path:name>")
    def page_file(name: str) -> Response:
        # Looked up among the names that were found at the start: no address leads to a file.
        data = files.get(name)
        if data is None:
            abort(404)
        return Response(data, mimetype=TYPES[Path(name).suffix])


def read_files() -> Mapping[str, bytes]:
    """Return the contents of the page's files by their paths below FOLDER."""
    return {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in FOLDER.rglob("*")
        if path.suffix in TYPES
    }
