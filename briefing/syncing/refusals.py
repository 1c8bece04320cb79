"""What to do about a provider that refuses our email, from what it says. Pure decisions."""

import re

_ADVICE = (
    (
        r"\b(?:spf|dkim|dmarc|authenticat\w*|unauthenticated|5\.7\.(?:26|515))\b",
        "Your domain doesn't prove that the email is yours: 'briefing check --online' says what is missing.",
    ),
    (
        r"\b(?:spamhaus|blocklist\w*|blacklist\w*|block list|listed|dnsbl|rbl|reputation|barracuda|proofpoint)\b",
        "The server that sends your email is on a blocklist: ask its provider to have it removed.",
    ),
    (
        r"\b(?:ptr|reverse dns|rdns|helo|ehlo)\b",
        "The server that sends your email is set up wrongly: ask its provider about reverse DNS.",
    ),
    (
        r"\b(?:too large|size|exceeds)\b",
        "The email is too large for it: lower 'budget' under [issue] in briefing.toml.",
    ),
    (
        r"\b(?:rate|too many|limit|throttl\w*|deferred|4\.7\.\d+)\b",
        "You are sending too fast for it: set per_second in briefing.toml, or send in parts with --limit.",
    ),
    (
        r"\b(?:spam|content|virus|malware|url|link|phish\w*)\b",
        "It treats the email as spam: 'briefing check' names what filters object to; or write to its postmaster.",
    ),
)
_OTHERWISE = "Show your provider this message and ask why, or write to the postmaster there."
_WITHOUT_WORDS = "Ask your provider why, or write to the postmaster there."
_RULES = [
    (re.compile(pattern, re.IGNORECASE), advice) for pattern, advice in _ADVICE
]


def advice(words: str) -> str:
    """Return what an editor can do about a refusal, given the server's usual words, if any."""
    if not words:
        return _WITHOUT_WORDS
    for pattern, text in _RULES:
        if pattern.search(words):
            return text
    return _OTHERWISE
