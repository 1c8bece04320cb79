"""Whose a photo is: read from what stands below it."""

import re

_LABEL = (
    r"(?:(?:photo|image|picture)? ?credits?|photo(?:graph)?s?|pictures?|images?|photographer|copyright"
    r"|(?:photo )?courtesy(?: of)?|illustrations?"
    r"|fotos?|fotocredit|fotograf(?:in)?|bild(?:er)?|bildnachweis|bildquelle|quelle|source"
    r"|fotoğraf(?:lar)?|kaynak|crédits?(?: photos?)?|photographie|fotografía|foto de|crédito|imagen|imagem|fotografia"
    r"|fotografie|zdjęcie|fot\.?|beeld|kuva|фото)"
)
_WHO = r"[^()\[\]\n]{2,120}?"
_LABELLED = re.compile(
    rf"(?:^|(?<=[\s(\[.|–—-])){_LABEL}"
    r"(?:\s*[:：©]\s*(?:©\s*)?|\s+(?:by|von|de|par|di|door|via)\s+:?\s*)"
    rf"(?P<credit>{_WHO})\s*[)\].]*\s*$",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    rf"(?:©|\(c\)|ⓒ|\bcopyright\b)\s*(?:copyright\s*)?(?P<credit>{_WHO})\s*[)\]]?\s*$", re.IGNORECASE
)
# Agencies and archives: a name of theirs at a caption's end is a credit without any label.
_AGENCY = (
    r"(?:AFP|AP(?: Photo)?|Associated Press|R(?:euters|EUTERS)|G(?:etty|ETTY)(?: I(?:mages|MAGES))?|EPA(?:-EFE)?|EFE"
    r"|dpa|DPA|Shutterstock|Alamy(?: Stock Photo)?|[Ii]mago(?: images)?|IMAGO|[Pp]icture[ -]alliance"
    r"|Anadolu(?: Agency)?|AA|Xinhua|Bloomberg|Kyodo(?: News)?|PA(?: Wire| Media| Images)?|ANP"
    r"|K(?:eystone|EYSTONE)(?:-SDA)?|APA|SIPA|Sipa USA|ZUMA(?: Press)?|NurPhoto|LightRocket"
    r"|AAP(?: Image)?|REX|i?Stock(?:photo)?|Unsplash|Flickr"
    r"|Wikimedia(?: Commons)?|CNA|VCG|TASS|Sputnik|NTB|TT|(?:Ritzau )?Scanpix|PAP|MTI|ČTK|ANSA|LaPresse|Belga"
    r"|Magnum(?: Photos)?|Redux|Planet Labs|Maxar|RFA|RFE/RL|VOA|HRW|Amnesty International|UN Photo|UNHCR|UNICEF)"
)
_INITIAL = r"(?<=\b[A-Z])\."
_AGENCY_LAST = re.compile(
    r"(?:(?<=[(\[|])|(?<=[.!?…”\"’»])\s+|(?:^|\s)[–—|]\s*|^)\s*"
    rf"(?P<credit>(?:[^()\[\]\n.!?|–—]|{_INITIAL}){{0,80}}?\b{_AGENCY}"
    rf"(?:[/,| ]+(?:via )?(?:[^()\[\]\n.!?]|{_INITIAL}){{1,60}})?)"
    r"\s*[)\].]?\s*$"
)
_SLASHED = re.compile(
    r"(?P<credit>(?:(?:[A-ZÀ-Þ][\w.'’-]*|de|van|von|bin|al)\s+){0,4}[A-ZÀ-Þ][\w.'’-]*\s?/\s?(?:\w[\w ]{0,30}/\s?)?"
    rf"{_AGENCY}\b[^()\[\]\n.!?]{{0,40}})\s*[)\].]?\s*$"
)
_AROUND = " \t()[]|–—:;,©"
_WINDOW = 400
_LONGEST = 120


def credit_in(text: str) -> tuple[str, str]:
    """A caption's credit, without the word before it, and the caption without the credit; the credit may be empty."""
    start = max(0, len(text) - _WINDOW)
    for pattern in (_LABELLED, _COPYRIGHT, _AGENCY_LAST, _SLASHED):
        match = pattern.search(text[start:])
        credit = bare(match["credit"]) if match else ""
        if match and credit:
            return credit, text[: start + match.start()].rstrip(" ([|–—-/").strip()
    return "", text


def bare(credit: str) -> str:
    """A credit without the label that stands before it, and without the brackets around it; empty if it is too long."""
    text = credit.strip(_AROUND)
    text = re.sub(rf"^{_LABEL}\s*(?:[:：©/]|\b(?:by|von)\b|(?=©))\s*", "", text, count=1, flags=re.IGNORECASE)
    text = re.sub(r"^(?:©|\(c\)|ⓒ|copyright\b)\s*", "", text, flags=re.IGNORECASE).strip(_AROUND)
    if text.count("(") > text.count(")"):
        text = text.rpartition("(")[0].rstrip(_AROUND)
    return text if 1 < len(text) <= _LONGEST else ""
