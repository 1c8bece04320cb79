"""Write Cyrillic names in Latin letters, as the addresses of their websites do."""

_SINGLE = dict(
    zip(
        "абвгдезиклмнопрстуфыэёўәғқңөұүһіїґ",
        "abvgdeziklmnoprstufyeeuagqnouuhiig",
        strict=True,
    )
)
_LONGER = {"ж": "zh", "ч": "ch", "ш": "sh", "щ": "shch", "є": "ie"}
_SILENT = {"ъ": "", "ь": ""}
_SPELLINGS = [
    str.maketrans({**_SINGLE, **_LONGER, **_SILENT, **others})
    for others in (
        {"й": "y", "ю": "yu", "я": "ya", "х": "kh", "ц": "ts"},
        {"й": "i", "ю": "iu", "я": "ia", "х": "h", "ц": "ts"},
        {"й": "j", "ю": "ju", "я": "ja", "х": "h", "ц": "c"},
        {
            "й": "i",
            "ю": "iu",
            "я": "ia",
            "х": "kh",
            "ц": "ts",
            "и": "y",
            "г": "h",
        },
    )
]
"""As in English, as in passports, as scholars write, and as in Ukraine."""


def in_latin(name: str) -> set[str]:
    """The usual ways to write a name in Latin letters; none if it isn't Cyrillic: "portovy vestnik"."""
    folded = name.casefold()
    spellings = {folded.translate(table) for table in _SPELLINGS} - {folded}
    return spellings | {spelling.replace("yy", "y") for spelling in spellings}
