"""Write Cyrillic names in Latin letters, as the addresses of their websites do."""

# Letters that become a single one, also in Belarusian (ў), Kazakh (ә ғ қ ң ө ұ ү һ і) and Ukrainian (і ї ґ).
_LETTERS = dict(
    zip(
        "абвгдезиклмнопрстуфыэёўәғқңөұүһіїґ",
        "abvgdeziklmnoprstufyeeuagqnouuhiig",
        strict=True,
    )
)
_LETTERS |= {"ж": "zh", "ч": "ch", "ш": "sh", "щ": "shch", "є": "ie"}
_LETTERS |= {"ъ": "", "ь": ""}  # silent
# Only these letters differ: "Южный" is yuzhnyy, iuzhnyi or juzhnyj.
_ENGLISH = {"й": "y", "ю": "yu", "я": "ya", "х": "kh", "ц": "ts"}
_OF_PASSPORTS = {"й": "i", "ю": "iu", "я": "ia", "х": "h", "ц": "ts"}
_OF_SCHOLARS = {"й": "j", "ю": "ju", "я": "ja", "х": "h", "ц": "c"}
# "Харків" is kharkiv, and "Григорій" hryhorii.
_UKRAINIAN = {**_OF_PASSPORTS, "х": "kh", "и": "y", "г": "h"}
_SPELLINGS = [
    str.maketrans({**_LETTERS, **others})
    for others in (_ENGLISH, _OF_PASSPORTS, _OF_SCHOLARS, _UKRAINIAN)
]


def in_latin(name: str) -> set[str]:
    """The usual ways to write a name in Latin letters; none if it isn't Cyrillic: "portovy vestnik"."""
    folded = name.casefold()
    spellings = {folded.translate(table) for table in _SPELLINGS} - {folded}
    # English addresses often have one y for "ый": yuzhny.
    return spellings | {spelling.replace("yy", "y") for spelling in spellings}
