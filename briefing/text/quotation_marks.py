"""The marks of a quotation within a quotation, by each language's rule."""

from dataclasses import dataclass

from .paired_marks import QUOTES, TITLES, paired


@dataclass(frozen=True, slots=True)
class QuotationMarks:
    """The marks of a language, outer and inner, each as the opening and the closing mark."""

    outer: str
    inner: str

    def nested(self, text: str) -> str:
        """Return a text as it is written between the language's outer marks: its own marks change
        to the inner ones, and those inside them to the outer ones.

        A quotation that isn't closed, as in a shortened headline, is closed at the end.
        """
        family = TITLES if self.outer[0] in TITLES else QUOTES
        pairs = paired(text)
        letters = list(text)
        open_until: list[int] = []
        quotations = {opening: len(text) for opening in pairs.unclosed}
        quotations |= pairs.closed
        endings = []
        for opening, closing in sorted(quotations.items()):
            if text[opening] not in family:
                continue
            while open_until and open_until[-1] < opening:
                open_until.pop()
            marks = self.outer if len(open_until) % 2 else self.inner
            open_until.append(closing)
            letters[opening] = marks[0]
            if closing < len(text):
                letters[closing] = marks[1]
            else:
                endings.append(marks[1])
        return "".join(letters + endings[::-1])


_ENGLISH = QuotationMarks("“”", "‘’")
_BY_LANGUAGE = {
    "en": _ENGLISH,
    "de": QuotationMarks("„“", "‚‘"),
    "tr": _ENGLISH,
    "ug": QuotationMarks("«»", "‹›"),
    # A headline stands between marks for titles. Quotation marks inside them stay.
    "zh": QuotationMarks("《》", "〈〉"),
}


def quotation_marks(code: str) -> QuotationMarks:
    """Return the marks of a language by its code, `zh-Hant`; English ones if it isn't known."""
    return _BY_LANGUAGE.get(code.partition("-")[0], _ENGLISH)
