"""Count the scans of a JPEG: for each, a decoder goes through the whole picture again."""

import re

MOST_SCANS = 100
"""Programs write about ten, for a picture that appears gradually."""

_START_OF_IMAGE = b"\xff\xd8"
_START_OF_SCAN = 0xDA
_END_OF_IMAGE = 0xD9
# In a scan, 0xFF is followed by zero or a restart marker; a fill byte is another 0xFF.
_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")


def count_scans(data: bytes) -> int:
    """Return how many scans a JPEG has (ITU-T T.81, B.1.1), up to its end or a damaged segment; 0
    for other data.
    """
    if not data.startswith(_START_OF_IMAGE):
        return 0
    scans = 0
    offset = len(_START_OF_IMAGE)
    while (marker := _MARKER.search(data, offset)) and marker[1][
        0
    ] != _END_OF_IMAGE:
        scans += marker[1][0] == _START_OF_SCAN
        length = int.from_bytes(data[marker.end() : marker.end() + 2])
        offset = marker.end() + max(length, 2)
    return scans
