"""Why a page is refused before it is read, and what the editor can do about it."""

GONE = "is gone; the site says that it has no such page"
SAVE_IT = (
    "open it in your browser, save the page, and pass the file with --page"
)

# The first bytes of other kinds of files (WHATWG MIME Sniffing Standard, 6 and 7.1).
_SIGNATURES = {
    b"%PDF-": "a PDF",
    b"\x89PNG\r\n": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF87a": "a picture",
    b"GIF89a": "a picture",
    b"RIFF": "a picture",
    b"II*\0": "a picture",
    b"MM\0*": "a picture",
    b"PK\x03\x04": "an archive",
    b"\x1f\x8b": "an archive",
    b"Rar!": "an archive",
    b"7z\xbc\xaf": "an archive",
}


def with_advice(reason: str) -> str:
    """Return a reason with what the editor can do about it, if anything."""
    return reason if reason == GONE else f"{reason}; {SAVE_IT}"


def not_a_page(data: bytes) -> str:
    """Return why a file isn't a page, judging by its first bytes; "" for a page."""
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            return f"is {kind}, not a web page"
    return ""
