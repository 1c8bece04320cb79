"""The photos of items beside their cards: cleaned in the same way as the pictures in the email."""

from flask import Flask, Response, abort

from briefing.photos.pictures import Picture

from .mail.snapshots import Snapshot, Snapshots


def add_thumbnails(app: Flask, snapshots: Snapshots) -> None:
    """Serve the picture of an item below /thumbnails/, by the ids of its edition and itself."""

    @app.get("/thumbnails/<lang>/<part>")
    def thumbnail(lang: str, part: str) -> Response:
        snapshot = snapshots.latest(lang) or abort(404)
        picture = _picture(snapshot, part) or abort(404)
        return Response(picture.data, mimetype=picture.type)


def addresses(snapshot: Snapshot) -> dict[str, str]:
    """Return the addresses of the pictures of items that have one, by the items' ids. They are
    relative, since each issue has an address of its own.
    """
    found: dict[str, str] = {}
    for part in snapshot.parts.items:
        picture = snapshot.rendered.photos.get(part.item)
        if picture:
            # Another picture has another address, so that a browser loads it.
            found[part.id] = (
                f"thumbnails/{snapshot.lang}/{part.id}?{picture.name}"
            )
    return found


def _picture(snapshot: Snapshot, part: str) -> Picture | None:
    item = snapshot.parts.item(part)
    return snapshot.rendered.photos.get(item) if item else None
