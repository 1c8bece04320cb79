"""Why a page is refused before it is read, and what the editor can do about it."""

GONE = "is gone; the site says that it has no such page"
SAVE_IT = (
    "open it in your browser, save the page, and pass the file with --page"
)

# The first bytes of other kinds of files (WHATWG MIME Sniffing Standard, 6 and 7.1).
_SIGNATURES = {
    "a PDF": (b"%PDF-",),
    "a picture": (
        b"\x89PNG\r\n",
        b"\xff\xd8\xff",
        b"GIF87a",
        b"GIF89a",
        b"RIFF",
        b"II*\0",
        b"MM\0*",
    ),
    "an archive": (b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf"),
}


def with_advice(reason: str) -> str:
    """Return a reason with what the editor can do about it, if anything."""
    return reason if reason == GONE else f"{reason}; {SAVE_IT}"


def not_a_page(data: bytes) -> str:
    """Return why a file isn't a page, judging by its first bytes; "" for a page."""
    for kind, signatures in _SIGNATURES.items():
        if data.startswith(signatures):
            return f"is {kind}, not a web page"
    return ""
