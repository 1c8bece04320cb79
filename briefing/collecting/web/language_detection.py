"""The language of a page: what it declares, unless its own text speaks plainly against that.

Templates say `lang="en"` over texts of any language, so that a declaration counts only where the text doesn't
contradict it. The text tells its language by its script, and by the small words that it is full of.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from briefing.collecting.text.wordlists import words
from briefing.collecting.web.linked_data import is_article, texts
from briefing.collecting.web.page import Page

# Members of a macro-language, withdrawn codes and common mistakes, under the code that is expected (BCP 47).
_SAME = {
    "nb": "no",
    "nn": "no",
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "tl": "fil",
    "cmn": "zh",
    "mo": "ro",
    "jp": "ja",
    "cn": "zh",
    "gr": "el",
    "ua": "uk",
    "cz": "cs",
    "kr": "ko",
    "dk": "da",
}
_CODE = re.compile(r"([a-z]{2,3})(?:[-_.@]|$)", re.IGNORECASE)
_METAS = ("og:locale", "content-language", "dc.language", "dcterms.language", "language", "inlanguage")
_LONGEST = 4_000

# The words that a language repeats most.
_SMALL_WORDS = {
    "en": "the of and to in that is for with was on as are by this be from at have has not it you they their",
    "de": """
        der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat
        dass sie nach wird bei einer um am sind noch wie einem über wir ich
    """,
    "fr": """
        le la les des et en un une du dans est que pour qui sur au par plus avec pas ce il sont aux son cette se
        ont nous vous
    """,
    "es": """
        el la los las de que y en un una por con para del se no su al es lo como más pero sus le ha este sobre fue
        también
    """,
    "pt": """
        o a os as de que e em um uma por com para do da dos das não se no na ao mais como foi pelo pela são seu
        sua também ou
    """,
    "it": """
        il la le gli di che e un una per con del della dei nel non è si al alla anche sono più ha delle come dal
        lo i questo
    """,
    "nl": """
        de het een van en in is dat op te voor met zijn die niet aan er ook als door naar bij om uit wordt hij
        worden ze maar nog
    """,
    "sv": "och i att det som en på är av för med den till har de inte om ett var jag från men så sig kan vi",
    "da": "og i at det som en på er af for med den til har de ikke om et var fra men så sig kan vi efter også blev",
    "no": "og i at det som en på er av for med den til har de ikke om et var fra men så seg kan vi etter også ble",
    "fi": "ja on ei että se oli hän mutta kun joka myös ovat kuin sen tai niin ole ovat mukaan jos vuoden",
    "pl": "i w na z się nie do to że jest o jak po co za od przez dla są ale jego oraz tym tego może przy już",
    "cs": "a se v na je že to s z do o i k ve pro za by ale jako po jsou od které podle si také byl už",
    "sk": "a sa v na je že to s z do o aj k vo pre za by ale ako po sú od ktoré podľa si tiež bol už",
    "hu": "a az és hogy nem is egy van meg ez csak már volt el de még mint ki azt kell szerint után",
    "ro": "de și în a la cu pe care nu este din o un mai să pentru că ce au fost sunt prin fi al",
    "tr": "ve bir bu da de için ile olarak daha çok olan gibi en kadar sonra ne ama var olduğu göre ise",
    "id": "yang di dan untuk dengan dari ini itu pada tidak dalam akan ke oleh juga telah adalah sebagai karena",
    "ms": "yang di dan untuk dengan dari ini itu pada tidak dalam akan ke oleh juga telah adalah sebagai kerana",
    "vi": "và của là có được cho trong không với các những một người đã này để khi đến",
    "hr": "je i u se na da su za od s će nije o koji kao iz što bi ali kako samo do biti",
    "sl": "je in v se na da so za od z bo ni o ki kot iz pa bi ali tudi do po ter",
    "lt": "ir kad į iš su yra bet tai kaip už buvo jo dėl taip savo apie tik nuo bei",
    "lv": "un ir ar no uz ka par bet kas tas pēc lai kā arī to gan vai līdz",
    "et": "ja on ei et see oli ta kui mis aga ka oma või ning mida seda ole kes",
    "ca": "el la els les de que i en un una per amb del es no al més com ha són seva aquest però també",
    "az": "və bir bu da də üçün ilə olan olub görə ki edib daha çox isə sonra",
    "uz": "va bilan bu uchun ham bir boʻlgan deb edi esa haqida ekan",
    "sq": "të e në për me që nga dhe një është së ka do si më janë nuk",
    "sw": "ya na wa kwa ni katika za la kuwa hiyo huo watu cha yake",
}
_WORDS = {code: words(small) for code, small in _SMALL_WORDS.items()}
# Shares of small words among all: of a text that may be in a language, and of one that is; and how far ahead of others.
_MAYBE, _SURELY, _AHEAD = 0.08, 0.12, 1.25
_FEWEST_WORDS = 20
# Languages that small words can't tell apart well: there the declaration decides.
_NEIGHBOURS = (
    *({"no", "da", "sv"}, {"cs", "sk"}, {"id", "ms"}, {"hr", "sr", "bs", "sl"}, {"es", "ca", "gl"}, {"pt", "gl"}),
    *({"tr", "az"}, {"en", "fil"}),
)

# Scripts by their letters (Unicode blocks), under the language that is written in each, or the script's name.
_SCRIPTS = {
    "ja": "\u3040-\u30ff",
    "ko": "\uac00-\ud7af\u1100-\u11ff",
    "zh": "\u3400-\u9fff",
    "th": "\u0e00-\u0e7f",
    "bo": "\u0f00-\u0fff",
    "el": "\u0370-\u03ff",
    "he": "\u0590-\u05ff",
    "hy": "\u0530-\u058f",
    "ka": "\u10a0-\u10ff",
    "hi": "\u0900-\u097f",
    "bn": "\u0980-\u09ff",
    "ta": "\u0b80-\u0bff",
    "my": "\u1000-\u109f",
    "km": "\u1780-\u17ff",
    "am": "\u1200-\u137f",
    "cyrillic": "\u0400-\u04ff",
    "arabic": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "latin": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
}
_LETTERS = {script: re.compile(f"[{letters}]") for script, letters in _SCRIPTS.items()}
_FEWEST_LETTERS = 20
# Letters that a language has and the script's other ones lack; the first whose letters a text holds.
_OWN_LETTERS = {
    "cyrillic": (("uk", "їєґ"), ("be", "ў"), ("kk", "әғқңұһ"), ("sr", "ђћџ"), ("mk", "ѓќѕ")),
    "arabic": (("ug", "ېۇۈ"), ("ckb", "ێڵڕ"), ("ur", "ٹڈڑے"), ("ps", "ټډړښ"), ("fa", "پچژگ")),
}
_OTHERWISE = {"cyrillic": "ru", "arabic": "ar"}
_FEWEST_OWN = 0.01
# What else is written in a script, so that a declaration of it fits.
_FITTING = {
    "zh": {"zh", "yue"},
    "hi": {"hi", "mr", "ne"},
    "he": {"he", "yi"},
    "cyrillic": {"ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg", "tt", "uz"},
    "arabic": {"ar", "fa", "ur", "ug", "ps", "ckb", "ku", "sd", "kk"},
}
# Own letters say no more than one of these.
_ALIKE = ({"kk", "ky", "tt", "mn"}, {"ckb", "ku"}, {"fa", "ps", "sd"}, {"sr", "mk"})


def detect_language(page: Page, text: str) -> tuple[str, bool]:
    """The code of the language, and whether it is certain; `text` is the piece's. Empty where nothing tells it."""
    declared = [*_declared(page)]
    sample = (text or page.text)[:_LONGEST]
    script = _script(sample)
    if script and script != "latin":
        return _of_script(script, sample, declared), True
    told, sure = _by_small_words(sample)
    if sure:
        near = {told}.union(*(group for group in _NEIGHBOURS if told in group))
        return next((code for code in declared if code in near), told), True
    if declared:
        return declared[0], len(set(declared)) == 1
    return told, False


def _declared(page: Page) -> Iterator[str]:
    root = page.root
    raw = [root.get("lang"), root.get("xml:lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang")]
    raw += [told for node in page.linked_data if is_article(node) for told in texts(node.get("inLanguage"))]
    for one in (*raw, *(page.meta(name) for name in _METAS)):
        match = _CODE.match((one or "").strip())
        if match:
            code = match[1].lower()
            yield _SAME.get(code, code)


def _script(text: str) -> str:
    """The script of most of a text's letters. Japanese and Korean are written with Chinese signs among their own."""
    counts = Counter({script: len(letters.findall(text)) for script, letters in _LETTERS.items()})
    counts["zh"] *= 2  # one sign is a syllable, and often a word
    counts["ko"] *= 2
    if counts["ja"] * 8 > counts["zh"]:
        counts["ja"] += counts.pop("zh")
    if counts["ko"] > counts["zh"]:
        counts["ko"] += counts.pop("zh")
    script, most = counts.most_common(1)[0]
    return script if most >= _FEWEST_LETTERS else ""


def _of_script(script: str, text: str, declared: Sequence[str]) -> str:
    fitting = next((code for code in declared if code in _FITTING.get(script, ())), "")
    if script not in _OTHERWISE:
        return fitting or script
    least = _FEWEST_OWN * len(_LETTERS[script].findall(text))
    own = _OWN_LETTERS[script]
    told = next((code for code, letters in own if sum(map(text.count, letters)) > least), _OTHERWISE[script])
    unsure = told == _OTHERWISE[script] or any({told, fitting} <= group for group in _ALIKE)
    return fitting if fitting and unsure else told


def _by_small_words(text: str) -> tuple[str, bool]:
    """The language that has the most small words in a text, if there are some, and whether it is surely that."""
    found = re.findall(r"[^\W\d_]+", text.casefold())
    counts = Counter(found)
    shares = {code: sum(counts[word] for word in small) / max(1, len(found)) for code, small in _WORDS.items()}
    best = max(shares, key=lambda code: shares[code])
    near = {best}.union(*(group for group in _NEIGHBOURS if best in group))
    second = max(share for code, share in shares.items() if code not in near)
    if shares[best] < _MAYBE:
        return "", False
    return best, shares[best] >= _SURELY and len(found) >= _FEWEST_WORDS and shares[best] > second * _AHEAD
