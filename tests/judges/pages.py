"""The HTML of an email as mail apps show it: whole, or without what some of them take away."""

import base64
import re

from tests import wire


def html(mail: bytes) -> str:
    return wire.part(mail, "html")


def with_pictures(mail: bytes) -> str:
    """The HTML with its pictures inside, for a browser, which can't read emails."""
    page = html(mail)
    for part in wire.parsed(mail).walk():
        if part.get_content_maintype() == "image":
            name = part["Content-ID"].strip("<>")
            data = base64.b64encode(part.get_content()).decode()
            page = page.replace(
                f"cid:{name}", f"data:{part.get_content_type()};base64,{data}"
            )
    assert 'src="cid:' not in page
    return page


def without_style(page: str) -> str:
    """As Gmail shows mail of other providers: the style sheet and Outlook's comments are gone."""
    return re.sub(
        r"<style.*?</style>|<!--\[if.*?<!\[endif\]-->",
        "",
        page,
        flags=re.DOTALL,
    )


def without_direction(page: str) -> str:
    """As GMX and WEB.DE show it: `dir` and `lang` are gone from every element."""
    return re.sub(r' (?:dir|lang)="[\w-]+"', "", page)
