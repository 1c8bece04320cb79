"""Letters that are taken for ASCII ones: facts, as far as they matter for hosts.

`TAKEN_FOR` holds those of Unicode's confusables (UTS #39, version 16: what ICU's uspoof_getSkeleton gives) that can
stand in a host, of the scripts that imitations are written in. Hebrew and Arabic have too few of them to write a name.
`LIKE` adds letters that differ, but not enough in a link that is read in passing; Chromium's IDN policy knows them too.
"""


def _table(rows: str) -> dict[int, str]:
    return {ord(letter): row[0] for row in rows.split() for letter in row[1:]}


TAKEN_FOR = _table(
    # Latin
    "8ȣ aɑ cᴄ eꬲ fẝꞙꬵ gƍɡᶃ iıɩɪ lǀ oᴏᴑꬽ rꭇꭈ sƽꜱ uʋᴜꞟꭎꭒ vᴠ wɯᴡ yɣʏᶌỿꭚ zᴢ "
    # Cyrillic
    "6б aа cс dԁ eеҽ hһ iіӏꙇ jј oо pр qԛ rг sѕ vѵ wѡԝ xх yуү "
    # Greek
    "aα iι jϳ oοσ pρ rᴦ uυ vν yγ "
    # Armenian, Georgian, Coptic
    "fք gց hհ nոռ oօ qգզ uս wա oჿ yყ cⲥ oⲟ pⲣ rⲅ "
    # Lisu
    "0ꓳ aꓮ bꓐ cꓚ dꓒꓓ eꓰ fꓝ gꓖ hꓧ jꓙ kꓗ lꓡꓲ mꓟ nꓠ pꓑ rꓣ sꓢ tꓔ uꓴ vꓦ wꓪ xꓫ yꓬ zꓜ"
)

LIKE = TAKEN_FOR | _table(
    "bвьƅ eєэ hнћңҥһ kкқҝҡĸκ mм nпŋη tтҭτ wшщω xҳχ yұ rґя 3зҙ 4ч hħ tŧ dđ lł oøө uµ pþ",
)

# Digits and pairs that are read as a letter; `i` is written like `l` in capitals.
READ_AS = (("0", "o"), ("1", "l"), ("i", "l"), ("rn", "m"), ("vv", "w"))

SLASHES = "⁄∕⧸／〳ノ丿╱"
"""What makes a host look like a shorter one with a path."""

_IMITATED = """
google.com gmail.com youtube.com facebook.com instagram.com whatsapp.com twitter.com x.com linkedin.com
telegram.org t.me signal.org wechat.com qq.com weibo.com baidu.com tiktok.com
apple.com icloud.com microsoft.com live.com outlook.com office.com yahoo.com amazon.com paypal.com dropbox.com
proton.me protonmail.com zoom.us github.com wikipedia.org mozilla.org torproject.org change.org
bbc.com bbc.co.uk cnn.com nytimes.com washingtonpost.com theguardian.com reuters.com apnews.com afp.com dw.com
aljazeera.com rfa.org voanews.com lemonde.fr spiegel.de scmp.com
hrw.org amnesty.org un.org ohchr.org icij.org europa.eu state.gov uhrp.org uyghurcongress.org
"""
IMITATED = frozenset(_IMITATED.split())
"""Domains that readers of such a newsletter trust at sight, and that are imitated for that."""
