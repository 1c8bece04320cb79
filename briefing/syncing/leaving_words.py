"""Recognise an email that says only that its sender wants to leave, in the languages of the newsletter's
pages. No I/O.
"""

import re
import unicodedata

_WISHES = """
unsubscribe
unsubscribe me
unsubscribe from this list
unsubscribe me from this list
cancel subscription
cancel my subscription
remove
remove me
remove me from the list
remove me from this list
remove me from your list
take me off the list
take me off your list
opt out
stop
abbestellen
abmelden
abmeldung
austragen
newsletter abbestellen
newsletter abmelden
vom newsletter abmelden
ich möchte den newsletter abbestellen
ich möchte mich abmelden
tragen sie mich aus
bestelle ab
abonelikten çık
abonelikten çıkar
abonelikten çıkmak istiyorum
aboneliğimi iptal et
aboneliğimi iptal edin
aboneliği iptal et
listeden çıkar
listeden çık
beni listeden çıkarın
beni listeden çıkar
退订
取消订阅
退訂
取消訂閱
请退订
请取消订阅
我要退订
我想退订
不要再发了
مۇشتەرىلىكنى ئەمەلدىن قالدۇرۇش
مۇشتەرىلىكنى ئەمەلدىن قالدۇرۇڭ
مۇشتەرىلىكتىن چېكىنىش
مۇشتەرىلىكتىن چېكىنىمەن
مەنى تىزىملىكتىن چىقىرىۋېتىڭ
"""
_POLITE = """
please kindly thanks thank you hello hi
bitte danke hallo
lütfen teşekkürler merhaba
请 谢谢 您好
رەھمەت سالام
"""
_ANSWERED = re.compile(
    r"^(?:(?:re|aw|ynt|sv|回复|答复|fwd?|wg|ilt|i̇lt) ?[:：]\s*)+"
)


def asks_to_leave(text: str) -> bool:
    """Whether a text says that someone wants to leave, and nothing else. Politeness doesn't matter."""
    return _plain(text) in _KNOWN


def _plain(text: str) -> str:
    """Return a text's words in a form for comparing, without “Re:” and polite words."""
    folded = unicodedata.normalize("NFKC", text[:500]).casefold()
    # "Re: Unsubscribe, please!" says the same as "unsubscribe".
    rest = _ANSWERED.sub("", folded.strip())
    words = re.findall(r"[^\W_]+", rest)
    return " ".join(word for word in words if word not in _POLITE_WORDS)


_POLITE_WORDS = frozenset(_POLITE.split())
_KNOWN = frozenset(map(_plain, _WISHES.split("\n"))) - {""}
