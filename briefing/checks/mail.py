"""Rules on the built email: opening it contacts no one, it arrives complete, and readers can
unsubscribe.
"""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import unquote

from lxml.html import HtmlElement

from briefing.configuration.settings import UnsubscribeSettings
from briefing.errors import BriefingError, FileError
from briefing.mail.unsubscribe import AT_SENDGRID
from briefing.rendering.size import CLIPPED
from briefing.text.markup import without_unsafe

from .active_html import active_parts
from .built_mail import BuiltMail, content_of, words_in
from .inspected import InspectedEdition
from .link_addresses import as_shown
from .locations import in_settings, in_templates
from .picture_notes import notes_in
from .rule import ERROR, WARNING, Problem, Problems, rule
from .visible_text import visible_links

NEARLY_CLIPPED = 80 * 1024
LONGEST_LINE = 998
"""RFC 5322 2.1.1."""
MIN_SHARE_OF_WORDS = 0.9
ONE_CLICK = "List-Unsubscribe=One-Click"


@rule("cannot-be-rendered", ERROR)
def cannot_be_rendered(inspected: InspectedEdition) -> Problems:
    """The email can't be built because of a template, a photo, a link or its size. Do what the
    finding says.
    """
    error = inspected.rendered
    if isinstance(error, FileError):
        yield Problem(error.message, error.line, error.path)
    elif isinstance(error, BriefingError):
        yield Problem(str(error))


@rule("remote-load", ERROR)
def remote_load(inspected: InspectedEdition) -> Problems:
    """Something is fetched or runs when the email is opened, which reveals who reads it. Remove it
    from the template; pictures are sent inside the email.
    """
    for element in inspected.mail.elements:
        for part, clue in active_parts(element):
            message = f"{part} contacts a server or runs code when the email is opened; remove it"
            yield in_templates(inspected, clue).problem(message)


@rule("html-clipped", ERROR)
def html_clipped(inspected: InspectedEdition) -> Problems:
    """The HTML part is over 102,400 bytes: Gmail cuts it off there, and with it the unsubscribe
    link. Remove items, or make two issues.
    """
    size = inspected.mail.html_size
    if size > CLIPPED:
        yield Problem(
            f"the HTML has {size:,} bytes; Gmail cuts it off at {CLIPPED:,}; remove items or make two issues"
        )


@rule("html-nearly-clipped", WARNING, "almost too long for Gmail")
def html_nearly_clipped(inspected: InspectedEdition) -> Problems:
    """The HTML part is over 80 KB, close to where Gmail cuts it off, and a provider may add to it.
    Remove an item or two.
    """
    size = inspected.mail.html_size
    if NEARLY_CLIPPED < size <= CLIPPED:
        yield Problem(
            f"the HTML has {size:,} of the {CLIPPED:,} bytes that Gmail shows; remove an item or two"
        )


@rule("one-click-broken", ERROR)
def one_click_broken(inspected: InspectedEdition) -> Problems:
    """The header fields that let mail apps unsubscribe with one click (RFC 8058) are broken.
    Shorten `url` under `[unsubscribe]`, and send a test email.
    """
    url = inspected.settings.unsubscribe.url
    if (
        url
        and inspected.mail.data
        and not _offers_one_click(inspected.mail, url)
    ):
        yield in_settings(inspected, "unsubscribe", "url").problem(
            "the header fields for one-click unsubscribing (RFC 8058) are broken; "
            "shorten 'url' under [unsubscribe]"
        )


def _offers_one_click(mail: BuiltMail, url: str) -> bool:
    fields = mail.fields("List-Unsubscribe")
    address = re.escape(f"<{url}>").replace(re.escape("{token}"), r"[\w-]+")
    if len(fields) != 1 or not re.search(address, fields[0]):
        return False
    # The address must be on one line: mail apps don't undo an encoding or a fold within it.
    line = re.search(
        rf"^(?:List-Unsubscribe:| ) *{address},?\r?$",
        mail.head.decode("latin-1"),
        re.MULTILINE,
    )
    return line is not None and mail.fields("List-Unsubscribe-Post") == [
        ONE_CLICK
    ]


@rule("text-part-incomplete", ERROR)
def text_part_incomplete(inspected: InspectedEdition) -> Problems:
    """The plain text part lacks words or links of the HTML part, and some readers only see the
    text. Bring templates/issue.txt.j2 into line with issue.html.j2.
    """
    mail = inspected.mail
    if not mail.data:
        return
    location = in_templates(inspected)
    share = _share_of_words(mail)
    if share is None:
        yield location.problem(
            "the plain text part is empty; correct the template issue.txt.j2"
        )
        return
    if share < MIN_SHARE_OF_WORDS:
        yield location.problem(
            f"the plain text part has only {share:.0%} of the HTML's words; correct the template issue.txt.j2"
        )
    for address in _links_without_text(mail):
        yield location.problem(
            f"the plain text part lacks {as_shown(address)}; correct the template issue.txt.j2"
        )


def _share_of_words(mail: BuiltMail) -> float | None:
    """Return the share of the HTML's words that the text part has; None if it has no words."""
    text = set(mail.plain_words)
    if not text:
        return None
    wanted = mail.visible_words
    return sum(word in text for word in wanted) / len(wanted) if wanted else 1.0


def _links_without_text(mail: BuiltMail) -> Iterator[str]:
    """Yield the web addresses of the HTML part that the text part lacks, each once."""
    # This also removes the isolates around names.
    plain = unquote(without_unsafe(mail.plain))
    hrefs = [link.get("href", "") for link in visible_links(mail.document)]
    for address in dict.fromkeys(hrefs):
        whole = re.escape(unquote(address).rstrip("/")) + r"(?![\w%&=-])"
        if address.startswith("http") and not re.search(whole, plain):
            yield address


@rule("mail-malformed", ERROR)
def mail_malformed(inspected: InspectedEdition) -> Problems:
    """The email violates RFC 5322 or MIME, so mail apps differ in how they read it. Please report it: no
    text or template should be able to cause this.
    """
    if inspected.mail.data:
        for fault in dict.fromkeys(_faults(inspected.mail)):
            yield Problem(
                f"the email has {fault}, which not all mail apps read in the same way; please report it"
            )


def _faults(mail: BuiltMail) -> Iterator[str]:
    without_line_ends = mail.data.replace(b"\r\n", b"")
    if any(byte in without_line_ends for byte in b"\r\n\0"):
        yield "a stray line ending or NUL character"
    lines = mail.data.split(b"\r\n")
    if max(map(len, lines)) > LONGEST_LINE:
        yield f"a line over {LONGEST_LINE} bytes"
    if not mail.head.isascii():
        yield "a header field that isn't ASCII"
    for part in mail.parts:
        for defect in part.defects:
            yield type(defect).__name__
        for value in part.values():
            for defect in getattr(value, "defects", ()):
                yield type(defect).__name__


@rule("slot-left", ERROR)
def slot_left(inspected: InspectedEdition) -> Problems:
    """A template changes what reader(…) returns, so readers would see a marker instead of their own
    data. Use `{{ reader("column") }}` as it is, without a filter.
    """
    mail = inspected.mail
    texts = f"{mail.html} {mail.plain}"
    marker = re.search(r"slot(?=[a-f]*\d)[0-9a-f]{6}", texts, re.IGNORECASE)
    if marker or b"=slot-" in mail.data:
        message = "readers would see a marker instead of their own data; use reader(…) without a filter"
        yield in_templates(inspected).problem(message)


@rule("picture-missing", ERROR)
def picture_missing(inspected: InspectedEdition) -> Problems:
    """The HTML refers to a picture that isn't in the email, so readers would see a gap. Use
    `pictures[item].name`, as briefing's own templates do.
    """
    names = {_content_id(part) for part in inspected.mail.parts}
    for element in inspected.mail.elements:
        source = element.get("src", "").strip()
        is_attached = source.lower().startswith("cid:")
        if is_attached and unquote(source[4:]) not in names:
            message = f"the picture '{source[:60]}' isn't in the email; correct its <img>"
            yield in_templates(inspected, source).problem(message)


@rule("picture-tells", ERROR)
def picture_tells(inspected: InspectedEdition) -> Problems:
    """A picture in the email contains metadata, perhaps a place, a time, a device or a name. Save
    it again without metadata, and please report it: briefing should have removed it.
    """
    for part in inspected.mail.parts:
        if part.get_content_maintype() == "image":
            name = _content_id(part).partition("@")[0]
            for notes in notes_in(content_of(part)):
                advice = (
                    "save it again without metadata, and please report this"
                )
                yield Problem(f"the picture {name} contains {notes}; {advice}")


def _content_id(part: EmailMessage) -> str:
    return str(part.get("Content-ID", "")).strip("<> ")


@rule("unsubscribe-link-missing", ERROR)
def unsubscribe_link_missing(inspected: InspectedEdition) -> Problems:
    """The email doesn't show readers how to unsubscribe, which the law and mail providers require.
    Put `reader(unsubscribe)` back into the footers of the templates.
    """
    mail = inspected.mail
    address = _unsubscribe_address(inspected.settings.unsubscribe)
    if not mail.data or not address:
        return
    links = filter(HtmlElement.text_content, visible_links(mail.document))
    if not any(address in link.get("href", "") for link in links):
        yield in_templates(inspected).problem(
            "the HTML part has no unsubscribe link; put reader(unsubscribe) back into footer.html.j2"
        )
    if address not in mail.plain:
        yield in_templates(inspected).problem(
            "the text part doesn't say how to unsubscribe; put reader(unsubscribe) back into footer.txt.j2"
        )


def _unsubscribe_address(unsubscribe: UnsubscribeSettings) -> str:
    """Return what every reader's unsubscribe link contains; empty if none is set."""
    if unsubscribe.is_at_sendgrid:
        return AT_SENDGRID
    return unsubscribe.url.partition("{token}")[0] or unsubscribe.mailto


@rule("no-one-click", WARNING, "no one-click unsubscribing")
def no_one_click(inspected: InspectedEdition) -> Problems:
    """Readers can only unsubscribe by email, but Gmail and Yahoo require one-click unsubscribing
    for newsletters. Set `url` under `[unsubscribe]`.
    """
    unsubscribe = inspected.settings.unsubscribe
    if unsubscribe.mailto and not (unsubscribe.url or unsubscribe.via):
        message = (
            "readers can only unsubscribe by email, but Gmail and Yahoo require one-click unsubscribing; "
            "set 'url' under [unsubscribe]"
        )
        yield in_settings(inspected, "unsubscribe", "mailto").problem(message)


@rule("no-way-to-leave", WARNING, "no way to unsubscribe")
def no_way_to_leave(inspected: InspectedEdition) -> Problems:
    """Readers couldn't unsubscribe, so you can only rehearse. Set `url` under `[unsubscribe]`, or
    at least `mailto`.
    """
    unsubscribe = inspected.settings.unsubscribe
    if not unsubscribe.has_way_to_leave:
        message = (
            "readers couldn't unsubscribe, so you can only rehearse; set 'url' under [unsubscribe], "
            "or at least 'mailto'"
        )
        yield in_settings(inspected, "unsubscribe").problem(message)


@rule("leaving-at-sendgrid", WARNING, "SendGrid learns who unsubscribes")
def leaving_at_sendgrid(inspected: InspectedEdition) -> Problems:
    """Readers unsubscribe on SendGrid's page, so SendGrid learns who opens the link, when and from
    where, and keeps the list of those who have unsubscribed. With a server of your own, SendGrid
    learns none of it: see `briefing docs joining`.
    """
    if inspected.settings.unsubscribe.is_at_sendgrid:
        message = (
            "SendGrid learns who unsubscribes, when and from where; "
            "set 'url' under [unsubscribe], and readers unsubscribe on your own server instead"
        )
        yield in_settings(inspected, "unsubscribe", "via").problem(message)


@rule("postal-address-missing", WARNING, "no postal address")
def postal_address_missing(inspected: InspectedEdition) -> Problems:
    """The email doesn't show the organisation's postal address, which the law of many countries
    requires. Set `address` under `[newsletter]`, and keep it in the footers of the templates.
    """
    newsletter = inspected.settings.newsletter
    address = newsletter.in_language(inspected.edition.lang).address
    mail = inspected.mail
    if not address:
        message = (
            "the law of many countries requires a postal address in a newsletter; "
            "set 'address' under [newsletter]"
        )
        yield in_settings(inspected, "newsletter").problem(message)
    elif mail.data:
        wanted = set(words_in(address))
        parts = {"HTML": mail.visible_words, "text": mail.plain_words}
        for part, words in parts.items():
            if not wanted.issubset(words):
                message = f"the {part} part lacks the postal address; put it back into the footer's template"
                yield in_templates(inspected).problem(message)
