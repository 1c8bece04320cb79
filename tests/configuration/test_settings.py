"""briefing.toml: how each setting is read, and the one line of error about a wrong one."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.configuration import settings
from briefing.configuration.mailbox_addresses import ImapFolder
from briefing.configuration.settings import (
    PROVIDERS,
    TABLES,
    CheckSettings,
    CollectSettings,
    ConsentWording,
    EditionNames,
    IssueSettings,
    JoiningSettings,
    LookSettings,
    MailboxSettings,
    NewsletterSettings,
    SendGridSettings,
    SendSettings,
    Settings,
    SmtpSettings,
    SubscribersSettings,
    UnsubscribeSettings,
)
from briefing.configuration.values import NamedAddress
from briefing.errors import NotFoundError, SettingsError
from briefing.newsletter import package_templates

PATH = Path("briefing.toml")

WHOLE = """\
[newsletter]
name = "Weekly “Brief”"
organisation = "Example Watch"
from = "Weekly Brief <brief@example.org>"
reply_to = "editors@example.org"
bounces = "bounces@example.org"
address = "14 Quay Street, 4021 Velmar"
languages = ["en", "ug", "zh-Hans"]
site = "https://example.org/brief/"
[newsletter.ug]
name = "خەۋەرنامە"
organisation = "كۆزەتكۈچىلەر"
address = "14-نومۇر، ۋېلمار"
[newsletter.zh-Hans]
name = "每周简报"

[issue]
title = "Brief of {date}"
introduction = "Dear readers,\\n\\nwelcome."
sections = ["In the news", "Statements"]
contents = true
images = "none"
budget = "2 MB"

[look]
theme = "sans"
notice = "foot"
accent = "#0A463B"
text = "#000001"
quiet = "#000002"
line = "#000003"
paper = "#000004"
page = "#000005"
dark_accent = "#000006"
dark_text = "#000007"
dark_quiet = "#000008"
dark_line = "#000009"
dark_paper = "#00000a"
dark_page = "#00000b"
font = "Georgia, serif"
font_ug = "'UKIJ Tuz', sans-serif"
font_zh = "SimSun"
logo = "logo.png"
logo_width = 96

[send]
via = "smtp"
test = ["me@example.org", "me@example.net"]
per_day = 500

[smtp]
host = "SMTP.example.org"
port = 465
security = "tls"
username = "brief"
connections = 4
per_second = 20

[sendgrid]
region = "eu"
unsubscribe_group = 12345
host = "http://127.0.0.1:8080"

[unsubscribe]
url = "https://example.org/u/{token}?from=mail"
mailto = "leave@example.org"
via = "sendgrid"

[subscribers]
sync = "before-send"

[joining]
url = "https://Join.example.org/"
host = "http://127.0.0.1:8082"
from = "Weekly Brief <confirm@example.org>"
keys = ["age15ce7vcq35a5a7a7cp7jjgyax0dh3g97a4pp4e5p0lq6u8mek6gtqs4rhf3"]
form = false
per_hour = 30
consent = "I want to read it."
[joining.ug]
consent = "ئوقۇيمەن."

[collect]
feeds = ["https://www.example.org/feed.xml", "http://example.net:8080/خەۋەر?a=1", "https://www.example.org/feed.xml"]
proxy = "socks5h://127.0.0.1:9050"
evidence = true
[collect.names]
"WWW.Example.org" = "Example Watch"
"news.example.net" = "خەۋەر"
"bücher.example" = "Bücher"

[mailbox]
leaving = "imaps://leave%40example.org@mail.example.org/INBOX"
checked_by = "MX.example.org"

[check]
never = "names.txt"
"""

MINIMAL = '[newsletter]\nname = "Brief"\nfrom = "brief@example.org"\n'


def parse(text: str) -> Settings:
    return settings.parse(text, PATH)


def keys(table: str) -> list[str]:
    return [
        field.metadata["key"] or field.name
        for field in dataclasses.fields(TABLES[table])
        if "key" in field.metadata
    ]


def settings_in(part: str, table: str) -> list[str]:
    """The names of the settings in a table's lines, in force or not; a table within it counts as
    one, and those for languages don't count.
    """
    by_language = r"^(?:# )?\[(?:newsletter|joining)\."
    part = re.split(by_language, part, flags=re.MULTILINE)[0]
    return re.findall(
        rf"^(?:# )?(?:\[{table}\.)?(\w+)(?: =|\])", part, re.MULTILINE
    )


class TestReading:
    def test_every_setting_is_read(self) -> None:
        assert parse(WHOLE) == Settings(
            newsletter=NewsletterSettings(
                name="Weekly “Brief”",
                organisation="Example Watch",
                sender=NamedAddress("Weekly Brief", "brief@example.org"),
                reply_to=NamedAddress("", "editors@example.org"),
                bounces="bounces@example.org",
                address="14 Quay Street, 4021 Velmar",
                languages=("en", "ug", "zh-Hans"),
                site="https://example.org/brief/",
                by_language={
                    "ug": EditionNames(
                        name="خەۋەرنامە",
                        organisation="كۆزەتكۈچىلەر",
                        address="14-نومۇر، ۋېلمار",
                    ),
                    "zh-Hans": EditionNames(name="每周简报"),
                },
            ),
            issue=IssueSettings(
                title="Brief of {date}",
                introduction="Dear readers,\n\nwelcome.",
                sections=("In the news", "Statements"),
                contents=True,
                images="none",
                budget=2 * 1024 * 1024,
            ),
            look=LookSettings(
                theme="sans",
                notice="foot",
                accent="#0a463b",
                text="#000001",
                quiet="#000002",
                line="#000003",
                paper="#000004",
                page="#000005",
                dark_accent="#000006",
                dark_text="#000007",
                dark_quiet="#000008",
                dark_line="#000009",
                dark_paper="#00000a",
                dark_page="#00000b",
                font="Georgia, serif",
                font_ug="'UKIJ Tuz', sans-serif",
                font_zh="SimSun",
                logo="logo.png",
                logo_width=96,
            ),
            send=SendSettings(
                via="smtp",
                test=("me@example.org", "me@example.net"),
                per_day=500,
            ),
            smtp=SmtpSettings(
                host="smtp.example.org",
                port=465,
                security="tls",
                username="brief",
                connections=4,
                per_second=20,
            ),
            sendgrid=SendGridSettings(
                region="eu",
                unsubscribe_group=12345,
                host="http://127.0.0.1:8080",
            ),
            unsubscribe=UnsubscribeSettings(
                url="https://example.org/u/{token}?from=mail",
                mailto="leave@example.org",
                via="sendgrid",
            ),
            subscribers=SubscribersSettings(
                sync="before-send",
            ),
            joining=JoiningSettings(
                url="https://join.example.org",
                host="http://127.0.0.1:8082",
                sender=NamedAddress("Weekly Brief", "confirm@example.org"),
                keys=(
                    "age15ce7vcq35a5a7a7cp7jjgyax0dh3g97a4pp4e5p0lq6u8mek6gtqs4rhf3",
                ),
                form=False,
                per_hour=30,
                consent="I want to read it.",
                by_language={"ug": ConsentWording(consent="ئوقۇيمەن.")},
            ),
            collect=CollectSettings(
                feeds=(
                    "https://www.example.org/feed.xml",
                    "http://example.net:8080/خەۋەر?a=1",
                ),
                proxy="socks5h://127.0.0.1:9050",
                evidence=True,
                names={
                    "example.org": "Example Watch",
                    "news.example.net": "خەۋەر",
                    "xn--bcher-kva.example": "Bücher",
                },
            ),
            mailbox=MailboxSettings(
                leaving=ImapFolder("leave@example.org", "mail.example.org"),
                checked_by="mx.example.org",
            ),
            check=CheckSettings(never="names.txt"),
        )

    @pytest.mark.parametrize("table", TABLES)
    def test_the_sample_has_every_setting(self, table: str) -> None:
        part = WHOLE.partition(f"[{table}]\n")[2].partition("\n\n")[0]
        assert settings_in(part, table) == keys(table), (
            f"WHOLE, in this file, doesn't set all of [{table}] in the order of settings.py"
        )

    def test_an_edition_is_called_as_its_language_has_it(self) -> None:
        newsletter = parse(WHOLE).newsletter
        uyghur = newsletter.in_language("ug")
        assert (uyghur.name, uyghur.organisation, uyghur.address) == (
            "خەۋەرنامە",
            "كۆزەتكۈچىلەر",
            "14-نومۇر، ۋېلمار",
        )
        chinese = newsletter.in_language("zh-Hans")
        assert (chinese.name, chinese.organisation) == (
            "每周简报",
            "Example Watch",
        )
        assert newsletter.in_language("en") == newsletter

    @pytest.mark.parametrize(
        ("sender", "shown"),
        [("Brief", "خەۋەرنامە"), ("Mira Solane", "Mira Solane")],
    )
    def test_the_senders_name_follows_if_it_is_the_newsletters(
        self, sender: str, shown: str
    ) -> None:
        newsletter = parse(
            f'''
[newsletter]
name = "Brief"
from = "{sender} <brief@example.org>"
languages = ["en", "ug"]
ug.name = "خەۋەرنامە"
'''
        ).newsletter
        there = newsletter.in_language("ug").sender
        assert there == NamedAddress(shown, "brief@example.org")
        assert newsletter.in_language("en").sender.name == sender

    def test_name_and_from_are_all_that_is_needed(self) -> None:
        assert parse(MINIMAL) == Settings(
            newsletter=NewsletterSettings(
                name="Brief", sender=NamedAddress("", "brief@example.org")
            )
        )

    @pytest.mark.parametrize("table", TABLES)
    def test_an_empty_text_means_the_default(self, table: str) -> None:
        optional = [
            field
            for field in dataclasses.fields(TABLES[table])
            if field.default is not dataclasses.MISSING
        ]
        lines = "".join(
            f'{field.metadata["key"] or field.name} = ""\n'
            for field in optional
        )
        text = (
            MINIMAL + lines
            if table == "newsletter"
            else f"{MINIMAL}[{table}]\n{lines}"
        )
        assert parse(text) == parse(MINIMAL)

    @pytest.mark.parametrize(
        "text",
        [
            'newsletter = { name = "Brief", from = "brief@example.org" }\n',
            'newsletter.name = "Brief"\nnewsletter.from = "brief@example.org"\n',
            '["newsletter"]\n"name" = "Brief"\n\'from\' = "brief@example.org"\n',
        ],
    )
    def test_tables_may_be_written_in_any_way_that_toml_allows(
        self, text: str
    ) -> None:
        assert parse(text) == parse(MINIMAL)

    @pytest.mark.parametrize(
        "name",
        [
            "Non\u00a0breaking",
            "خبر\u200cنامه",
            "👩\u200d🏫 Teachers",
            "\u200eأخبار\u200f",
            "བོད་ལྗོངས།",
            "Line \\\\ “quoted” 'it'",
        ],
    )
    def test_a_name_may_be_in_any_script(self, name: str) -> None:
        """Persian writes with zero-width non-joiners, French with non-breaking spaces."""
        read = parse(MINIMAL.replace("Brief", name)).newsletter.name
        assert read == name.replace("\\\\", "\\")

    @pytest.mark.parametrize(
        ("text", "address"),
        [
            ("brief@example.org", NamedAddress("", "brief@example.org")),
            ("<brief@example.org>", NamedAddress("", "brief@example.org")),
            (
                " Weekly Brief <brief@example.org> ",
                NamedAddress("Weekly Brief", "brief@example.org"),
            ),
            (
                '"Brief, Weekly" <brief@example.org>',
                NamedAddress("Brief, Weekly", "brief@example.org"),
            ),
            (
                "خەۋەر <b.r+x@mail.example.org>",
                NamedAddress("خەۋەر", "b.r+x@mail.example.org"),
            ),
        ],
    )
    def test_a_sender_is_a_name_and_an_address(
        self, text: str, address: NamedAddress
    ) -> None:
        assert NamedAddress.parse(text) == address

    def test_the_domain_of_an_address_is_in_lower_case(self) -> None:
        assert (
            NamedAddress.parse("Brief <brief@Mail.Example.ORG>").domain
            == "mail.example.org"
        )

    @pytest.mark.parametrize(
        "names",
        [
            '[collect]\nnames = { "example.org" = "Example Watch" }\n',
            '[collect]\nnames."example.org" = "Example Watch"\n',
            '[collect.names]\n"example.org" = "Example Watch"\n[collect]\n',
        ],
    )
    def test_publishers_may_be_written_in_any_way_that_toml_allows(
        self, names: str
    ) -> None:
        assert parse(MINIMAL + names).collect.names == {
            "example.org": "Example Watch"
        }

    @pytest.mark.parametrize(
        "proxy",
        [
            "http://127.0.0.1:8080",
            "http://proxy.example.org:3128/",
            "socks5h://[::1]:9050",
        ],
    )
    def test_a_proxy_is_a_scheme_a_host_and_a_port(self, proxy: str) -> None:
        assert parse(
            f'{MINIMAL}[collect]\nproxy = "{proxy}"\n'
        ).collect.proxy == proxy.rstrip("/")

    @pytest.mark.parametrize(
        "host",
        [
            "http://127.0.0.1:8080",
            "http://localhost",
            "http://[::1]:80",
            "http://127.9.9.9",
        ],
    )
    def test_a_server_for_tests_is_this_machine(self, host: str) -> None:
        assert (
            parse(f'{MINIMAL}[sendgrid]\nhost = "{host}"\n').sendgrid.host
            == host
        )

    @pytest.mark.parametrize(
        "host", ["localhost", "127.0.0.1", "127.1.2.3", "::1"]
    )
    def test_only_a_server_on_this_machine_needs_no_encryption(
        self, host: str
    ) -> None:
        text = f'{MINIMAL}[smtp]\nhost = "{host}"\nsecurity = "none"\n'
        assert parse(text).smtp.exposure == ""

    def test_with_any_other_nothing_may_be_sent(self) -> None:
        """The file can be read nevertheless, so that 'briefing setup' can change that."""
        text = (
            f'{MINIMAL}[smtp]\nhost = "smtp.example.org"\nsecurity = "none"\n'
        )
        assert parse(text).smtp.exposure == (
            "'security' under [smtp] in briefing.toml can be \"none\" only for a server on this computer; "
            'set it to "starttls", or to "tls" for port 465'
        )

    @pytest.mark.parametrize(
        ("text", "size"),
        [("500 KB", 512_000), ("1mb", 1_048_576), (" 20  Kb ", 20_480)],
    )
    def test_a_size_is_in_units_of_1024(self, text: str, size: int) -> None:
        assert (
            parse(f'{MINIMAL}[issue]\nbudget = "{text}"\n').issue.budget == size
        )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        # What doesn't exist
        (
            MINIMAL + "[isue]\n",
            4,
            "there is no setting [isue]; did you mean [issue]?",
        ),
        (
            MINIMAL + "[xyzzy]\n",
            4,
            "use one of newsletter, issue, look, send, smtp, ",
        ),
        ("xyzzy = 1\n" + MINIMAL, 1, "there is no setting [xyzzy]"),
        (
            MINIMAL + 'langauges = ["en"]\n',
            4,
            "no setting 'langauges' in [newsletter]; did you mean 'languages'?",
        ),
        (
            MINIMAL + "[look]\n\nacent = 1\n",
            6,
            "no setting 'acent' in [look]; did you mean 'accent'?",
        ),
        (
            MINIMAL + '[send]\nxyzzy = "a"\n',
            5,
            "no setting 'xyzzy' in [send]; use one of via",
        ),
        (
            MINIMAL + '[look]\n[issue]\ntext = "#000000"\n',
            6,
            "no setting 'text' in [issue]",
        ),
        # What is missing
        ("", None, "[newsletter] needs 'name'"),
        ('\n[newsletter]\nname = "Brief"\n', 2, "[newsletter] needs 'from'"),
        (
            '[newsletter]\nfrom = "brief@example.org"\nname = ""\n',
            3,
            "[newsletter] needs 'name'",
        ),
        # Another type
        (MINIMAL.replace('"Brief"', "5"), 2, "'name' must be text in quotes"),
        (
            MINIMAL + 'languages = "en"\n',
            4,
            "'languages' must be a list with each entry in quotes",
        ),
        (
            MINIMAL + 'languages = ["en", 5]\n',
            4,
            "'languages' must be a list with each entry in quotes",
        ),
        (
            MINIMAL + '[look]\nlogo_width = "120"\n',
            5,
            "'logo_width' must be a whole number",
        ),
        (
            MINIMAL + "[look]\nlogo_width = true\n",
            5,
            "'logo_width' must be a whole number",
        ),
        (
            MINIMAL + "[look]\nlogo_width = 1.5\n",
            5,
            "'logo_width' must be a whole number",
        ),
        (
            "issue = 5\n" + MINIMAL,
            1,
            "'issue' is the heading of a group of settings; write [issue] on a line of its own",
        ),
        (
            "[[newsletter]]\n",
            1,
            "'newsletter' is the heading of a group of settings",
        ),
        (MINIMAL + "[newsletter.name2]\n", 4, "no setting 'name2'"),
        # Names by language
        (
            MINIMAL + '[newsletter.en]\nnmae = "B"\n',
            5,
            "no setting 'nmae' in [newsletter.en]; did you mean 'name'?",
        ),
        (
            MINIMAL + "[newsletter.en]\nname = 5\n",
            5,
            "'name' must be text in quotes",
        ),
        (
            MINIMAL + '[newsletter.ug]\nname = "B"\n',
            1,
            "[newsletter] has a heading [newsletter.ug], but 'ug' isn't in 'languages'",
        ),
        (MINIMAL + 'ug = "B"\n', 4, "no setting 'ug' in [newsletter]"),
        (MINIMAL + "[look.ug]\n", 4, "no setting 'ug' in [look]"),
        # Values that can't be
        (
            MINIMAL.replace("brief@example.org", "brief"),
            3,
            "'from' must be an email address, such as",
        ),
        (
            MINIMAL.replace(
                "brief@example.org", "=?utf-8?q?x?= <b@example.org>"
            ),
            3,
            "'from' must be an email address",
        ),
        (
            MINIMAL.replace(
                "brief@example.org", "A <b@example.org> <c@example.org>"
            ),
            3,
            "'from' must be an email address",
        ),
        (
            MINIMAL.replace(
                "brief@example.org", r"A\nBcc: c@d.org <b@example.org>"
            ),
            3,
            "'from' contains a line break",
        ),
        (
            MINIMAL + 'reply_to = "editors at example.org"\n',
            4,
            "'reply_to' must be an email address",
        ),
        (
            MINIMAL + 'reply_to = "editors@example"\n',
            4,
            "'reply_to' must be an email address",
        ),
        (
            MINIMAL + 'bounces = "{token}{token}@example.org"\n',
            4,
            "'bounces' must be an email address, such as 'bounces@example.org', or",
        ),
        (
            MINIMAL + f'bounces = "{"b" * 40}+{{token}}@example.org"\n',
            4,
            "'bounces' must be an email address, such as 'bounces@example.org', or",
        ),
        (
            MINIMAL + 'bounces = "bounces@{token}.example.org"\n',
            4,
            "'bounces' must be an email address, such as 'bounces@example.org', or",
        ),
        (
            MINIMAL + '[unsubscribe]\nmailto = "Leave <l@example.org>"\n',
            5,
            "'mailto' must be an email address",
        ),
        (
            MINIMAL + '[joining]\nurl = "https://join.example.org/here"\n',
            5,
            "'url' must be the address of a server",
        ),
        (
            MINIMAL + '[joining]\nurl = "http://join.example.org"\n',
            5,
            "'url' must be an address that begins with https://",
        ),
        (
            MINIMAL + '[joining]\nkeys = ["age1"]\n',
            5,
            "'keys' must be public keys",
        ),
        (
            MINIMAL + '[joining]\nkeys = ["AGE-SECRET-KEY-1QQ"]\n',
            5,
            "'keys' contains a private key",
        ),
        (MINIMAL.replace("Brief", r"A\nB"), 2, "'name' contains a line break"),
        (
            MINIMAL.replace("Brief", r"A\u2028B"),
            2,
            "'name' contains a line break",
        ),
        (MINIMAL.replace("Brief", r"A\u202eB"), 2, "'name' contains"),
        (MINIMAL.replace("Brief", r"A\u0000B"), 2, "'name' contains"),
        (
            MINIMAL + 'address = """\n1 Street\nTown"""\n',
            4,
            "'address' contains a line break",
        ),
        (
            MINIMAL + '[issue]\nsections = ["a", "b\\r"]\n',
            5,
            "'sections' contains a line break",
        ),
        (
            MINIMAL + 'site = "http://example.org/"\n',
            4,
            "'site' must be an address that begins with https://",
        ),
        (MINIMAL + 'site = "https:///brief"\n', 4, "'site' must be an address"),
        (
            MINIMAL + 'site = "https://me@example.org/"\n',
            4,
            "'site' must be an address",
        ),
        (
            MINIMAL + 'site = "https://[example.org/"\n',
            4,
            "'site' must be an address",
        ),
        (
            MINIMAL + 'site = "https://example.org:port/"\n',
            4,
            "'site' must be an address",
        ),
        (
            MINIMAL + 'site = "https://example.org/\\nX:y"\n',
            4,
            "'site' must be an address",
        ),
        (
            MINIMAL + "site = 'https://example.org/\"onclick=\"'\n",
            4,
            "'site' must be an address",
        ),
        (
            MINIMAL + '[unsubscribe]\nurl = "https://example.org/u/"\n',
            5,
            "'url' must contain {token} once",
        ),
        (
            MINIMAL
            + '[unsubscribe]\nurl = "https://example.org/{token}{token}"\n',
            5,
            "'url' must contain {token} once",
        ),
        (
            MINIMAL + '[unsubscribe]\nurl = "http://example.org/{token}"\n',
            5,
            "'url' must be an address that begins",
        ),
        (
            MINIMAL
            + '[unsubscribe]\nurl = "https://e.org/{token}\\nBcc:a@b.org"\n',
            5,
            "'url' must be an address",
        ),
        (
            MINIMAL + '[unsubscribe]\nurl = "https://e.org/{token}>"\n',
            5,
            "'url' must be an address",
        ),
        (
            MINIMAL + '[issue]\ntitle = "Brief {number}"\n',
            5,
            "'title' can contain {date}, but no other braces",
        ),
        (
            MINIMAL + '[issue]\ntitle = "Brief {"\n',
            5,
            "'title' can contain {date}, but no other",
        ),
        (
            MINIMAL + '[issue]\ntitle = "Brief {}"\n',
            5,
            "'title' can contain {date}, but no other",
        ),
        (
            MINIMAL + '[issue]\ntitle = "Brief {date:%d}"\n',
            5,
            "'title' can contain {date}, but no other",
        ),
        (
            MINIMAL + '[issue]\ntitle = "Brief {date!r}"\n',
            5,
            "'title' can contain {date}, but no other",
        ),
        (
            MINIMAL + '[issue]\ntitle = "Brief {{date}}"\n',
            5,
            "'title' can contain {date}, but no other",
        ),
        (
            MINIMAL + '[issue]\ntitle = "Brief\\n{date}"\n',
            5,
            "'title' contains a line break",
        ),
        (
            MINIMAL + '[issue]\nimages = "linked"\n',
            5,
            "'images' must be one of: embedded, none",
        ),
        (
            MINIMAL + '[issue]\nbudget = "500"\n',
            5,
            "'budget' must be a size, such as '500 KB' or '1 MB'",
        ),
        (MINIMAL + '[issue]\nbudget = "0 KB"\n', 5, "'budget' must be a size"),
        (
            MINIMAL + '[issue]\nbudget = "1.5 MB"\n',
            5,
            "'budget' must be a size",
        ),
        (
            MINIMAL + '[look]\naccent = "green"\n',
            5,
            "'accent' must be a colour as six hexadecimal digits",
        ),
        (MINIMAL + '[look]\naccent = "#1a6"\n', 5, "'accent' must be a colour"),
        (
            MINIMAL + '[look]\npage = "#1a6b54; color: red"\n',
            5,
            "'page' must be a colour",
        ),
        (
            MINIMAL + '[look]\nfont = "a;b"\n',
            5,
            "'font' must be names of fonts",
        ),
        (
            MINIMAL + '[issue]\ncontents = "yes"\n',
            5,
            "'contents' must be true, false or \"auto\"",
        ),
        (MINIMAL + "[look]\nlogo_width = 0\n", 5, "'logo_width' must be"),
        (MINIMAL + "[look]\nlogo_width = -1\n", 5, "'logo_width' must be"),
        (MINIMAL + "[look]\nlogo_width = 4000\n", 5, "'logo_width' must be"),
        (
            MINIMAL + '[send]\nvia = "pigeon"\n',
            5,
            "'via' must be one of: outbox, smtp, sendgrid",
        ),
        (
            MINIMAL + '[send]\ntest = ["me"]\n',
            5,
            "'test' must be an email address",
        ),
        (
            MINIMAL + "[send]\nper_day = -1\n",
            5,
            "'per_day' must be a number from 0 to 10,000,000",
        ),
        (
            MINIMAL + '[smtp]\nhost = "smtp.example.org:587"\n',
            5,
            "'host' must be a host name, such as",
        ),
        (
            MINIMAL + '[smtp]\npassword = "secret"\n',
            5,
            "there is no setting 'password' in [smtp]",
        ),
        (
            MINIMAL + '[sendgrid]\nhost = "http://127.0.0.1.example.org"\n',
            5,
            "'host' is for tests and must be on this computer",
        ),
        (
            MINIMAL + '[sendgrid]\nhost = "http://127.0.0.1:8080/a"\n',
            5,
            "'host' is for tests and must be on this computer",
        ),
        (
            MINIMAL + '[sendgrid]\nhost = "http://127.0.0.1:8080?"\n',
            5,
            "'host' is for tests and must be on this computer",
        ),
        (
            MINIMAL + '[sendgrid]\nhost = "https://127.0.0.1:8080"\n',
            5,
            "'host' is for tests and must be on this computer",
        ),
        (
            MINIMAL + '[sendgrid]\nhost = "https://example.org"\n',
            5,
            "must be on this computer, such as http://127.0.0.1:8080",
        ),
        (
            MINIMAL + 'languages = ["English"]\n',
            4,
            "'languages' must be language codes",
        ),
        (
            MINIMAL + 'languages = ["../en"]\n',
            4,
            "'languages' must be language codes",
        ),
        (
            MINIMAL + 'languages = ["en", "en"]\n',
            4,
            "'languages' must list at least one language, and none twice",
        ),
        (
            MINIMAL + "languages = []\n",
            4,
            "'languages' must list at least one language",
        ),
        (
            MINIMAL + '[collect]\nfeeds = "https://e.org/feed"\n',
            5,
            "'feeds' must be a list with each entry in quotes",
        ),
        (
            MINIMAL + '[collect]\nfeeds = [\n"https://e.org/a",\n"e.org/b"]\n',
            5,
            "'feeds' contains 'e.org/b'; each must",
        ),
        (
            MINIMAL + '[collect]\nfeeds = ["file:///etc/passwd"]\n',
            5,
            "'feeds' contains 'file:///etc/passwd'",
        ),
        (
            MINIMAL + '[collect]\nfeeds = ["/etc/passwd"]\n',
            5,
            "'feeds' contains '/etc/passwd'",
        ),
        (
            MINIMAL + '[collect]\nfeeds = ["https://me:pw@example.org/"]\n',
            5,
            "'feeds' contains",
        ),
        (
            MINIMAL + '[collect]\nfeeds = ["https:///feed"]\n',
            5,
            "'feeds' contains",
        ),
        (
            MINIMAL + '[collect]\nfeeds = ["https://e.org:x/"]\n',
            5,
            "'feeds' contains",
        ),
        (
            MINIMAL + '[collect]\nfeeds = ["https://e.org/\\n"]\n',
            5,
            r"'feeds' contains 'https://e.org/\n'",
        ),
        (
            MINIMAL + '[collect]\nproxy = "127.0.0.1:9050"\n',
            5,
            "'proxy' must look like socks5h://127.0.0.1:9050",
        ),
        (
            MINIMAL + '[collect]\nproxy = "socks5://127.0.0.1:9050"\n',
            5,
            "'proxy' must look like socks5h://",
        ),
        (
            MINIMAL + '[collect]\nproxy = "http://me:pw@example.org:80"\n',
            5,
            "'proxy' must look like",
        ),
        (
            MINIMAL + '[collect]\nproxy = "http://example.org:65536"\n',
            5,
            "'proxy' must look like",
        ),
        (
            MINIMAL + '[collect]\nproxy = "http://example.org:0"\n',
            5,
            "'proxy' must look like",
        ),
        (
            MINIMAL + '[collect]\nproxy = "HTTP://example.org:80"\n',
            5,
            "'proxy' must look like",
        ),
        (
            MINIMAL + '[collect]\nproxy = "http://example.org:80/a"\n',
            5,
            "'proxy' must look like",
        ),
        (
            MINIMAL + '[collect]\nproxy = "http://example.org:80?"\n',
            5,
            "'proxy' must look like",
        ),
        (
            MINIMAL + '[collect]\nproxy = "http://exa mple.org:80"\n',
            5,
            "'proxy' must look like",
        ),
        (
            MINIMAL + '[collect]\nproxy = "http://example.org"\n',
            5,
            "'proxy' must look like",
        ),
        (
            MINIMAL + '[collect]\nevidence = "yes"\n',
            5,
            "'evidence' must be true or false",
        ),
        (
            MINIMAL + "[collect.naems]\n",
            4,
            "there is no setting 'naems' in [collect]; did you mean 'names'?",
        ),
        (
            MINIMAL + '[collect]\nnames = "BBC"\n',
            5,
            "'names' must be a group of settings under its own heading",
        ),
        (
            MINIMAL + '[collect.names]\n"a.org" = "A"\n"b.org" = 5\n',
            6,
            "'b.org' in [collect.names] must be text",
        ),
        (
            MINIMAL + '[collect.names]\n"a.org" = "A"\n"b.org" = ["B"]\n',
            6,
            "'b.org' in [collect.names] must be text",
        ),
        (
            MINIMAL + '[collect.names]\n\nbbc.co.uk = "BBC"\n',
            6,
            'must be in quotes: "bbc.co.uk" = "…"',
        ),
        (
            MINIMAL + '[collect.names]\n"https://a.org/" = "A"\n',
            5,
            "'https://a.org/' in [collect.names] must be a host name",
        ),
        (
            MINIMAL + '[collect.names]\n"" = "A"\n',
            5,
            "'' in [collect.names] must be a host name",
        ),
        (
            MINIMAL + '[collect.names]\nlocalhost = "A"\n',
            5,
            "'localhost' in [collect.names] must be a host name",
        ),
        (
            MINIMAL + '[collect.names]\n"a.org" = " "\n',
            5,
            "'a.org' in [collect.names] needs the publisher's name",
        ),
        (
            MINIMAL + '[collect.names]\n"a.org" = "A\\nB"\n',
            5,
            "'a.org' in [collect.names] contains a line break",
        ),
        (
            'collect.names."a.org" = 1\n' + MINIMAL,
            1,
            "'a.org' in [collect.names] must be text in quotes",
        ),
        (
            MINIMAL + '[collect]\nnames = { "a.org" = "A", "b.org" = 1 }\n',
            5,
            "'b.org' in [collect.names] must be text",
        ),
        # Not TOML
        (MINIMAL + "address = 14 Quay Street\n", 4, "isn't valid TOML"),
        (
            MINIMAL + 'name = "again"\n',
            4,
            "isn't valid TOML: Cannot overwrite a value",
        ),
        (MINIMAL + 'address = "14 Quay Street', 4, "isn't valid TOML"),
        (MINIMAL + 'languages = [\n"en",\n', 5, "isn't valid TOML"),
        (
            MINIMAL + f"[look]\nlogo_width = {'9' * 5000}\n",
            None,
            "isn't valid TOML",
        ),
        (MINIMAL + "languages = " + "[" * 5000, None, "isn't valid TOML"),
        (MINIMAL + "languages = [“en”]\n", 4, "use straight quotes"),
        (MINIMAL + 'address = "14 Quay Street”\n', 4, "use straight quotes"),
        (MINIMAL + 'address = "14 Quay Street\n', 4, 'write " where the text'),
        (MINIMAL + 'address = "Quay Street', 4, 'write " where the text ends'),
        (MINIMAL + 'languages = ["en" "ug"]\n', 4, "lacks a comma"),
        (MINIMAL + '[look]\nlogo = "C:\\logo"\n', 5, "write / instead of \\"),
        (MINIMAL + '[look]\nlogo = "C:\\Users"\n', 5, "write / instead of \\"),
        (MINIMAL + 'name = "again"\n', 4, "twice; delete one of them"),
        (MINIMAL + "[look]\n[look]\n", 5, "below the first of these headings"),
        (MINIMAL + "address = Quay\n", 4, "put text in quotes"),
        # Where lines deceive
        (
            '# [look]\n[look]\n"accent" = "red"\n' + MINIMAL,
            3,
            "'accent' must be a colour",
        ),
        (
            MINIMAL
            + '[issue]\nintroduction = """\n[look]\ntitle = "{x}"\n"""\ntitle = "{x}"\n',
            9,
            "'title' can contain",
        ),
        (
            MINIMAL + '[issue]\nsections = [\n  "a",\n  "b\\n",\n]\n',
            5,
            "'sections' contains a line break",
        ),
        (
            'newsletter = { name = "Brief", from = "x" }\n',
            1,
            "'from' must be an email address",
        ),
        ('look.accent = "red"\n' + MINIMAL, 1, "'accent' must be a colour"),
        (
            MINIMAL + "\n\n# about\n[ look ]\n\n accent= 'red'\n",
            9,
            "'accent' must be a colour",
        ),
    ],
)
def test_a_mistake_is_reported_with_file_line_and_remedy(
    text: str, line: int | None, words: str
) -> None:
    for newline in ("\n", "\r\n"):
        with pytest.raises(SettingsError) as caught:
            parse(text.replace("\n", newline))
        message = str(caught.value)
        assert words in message, repr(newline)
        assert (caught.value.line, caught.value.path) == (line, PATH), message
        assert "\n" not in message


@pytest.mark.parametrize(
    ("bounces", "sender"),
    [
        ("", "brief@example.org"),
        ('bounces = "bounces@example.org"', "bounces@example.org"),
        ('bounces = "bounces+{token}@example.org"', "bounces+T@example.org"),
    ],
)
def test_bounces_go_to_the_sender_unless_another_address_is_set(
    bounces: str, sender: str
) -> None:
    newsletter = (
        f'[newsletter]\nname = "Brief"\nfrom = "brief@example.org"\n{bounces}\n'
    )
    found = parse(newsletter).newsletter.envelope_sender_by(str.upper)
    assert found("t") == sender


class TestFile:
    @pytest.mark.parametrize(
        "mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte-order mark"]
    )
    @pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
    def test_a_file_from_windows_is_read(
        self, tmp_path: Path, mark: bytes, newline: str
    ) -> None:
        path = tmp_path / "briefing.toml"
        path.write_bytes(mark + WHOLE.replace("\n", newline).encode())
        assert settings.load(path) == parse(WHOLE)

    @pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
    def test_it_must_be_utf_8(self, tmp_path: Path, encoding: str) -> None:
        path = tmp_path / "briefing.toml"
        path.write_bytes(MINIMAL.replace("Brief", "Übersicht").encode(encoding))
        with pytest.raises(
            SettingsError, match="is not UTF-8; save it again as UTF-8 text"
        ) as caught:
            settings.load(path)
        assert caught.value.line == (2 if encoding == "cp1252" else 1)

    def test_without_it_the_command_to_make_one_is_named(
        self, tmp_path: Path
    ) -> None:
        with pytest.raises(
            NotFoundError,
            match=r"there is no such file; 'briefing init' creates one",
        ):
            settings.load(tmp_path / "briefing.toml")

    def test_an_unreadable_file_is_reported(self, tmp_path: Path) -> None:
        (tmp_path / "briefing.toml").mkdir()
        with pytest.raises(
            SettingsError, match=r"briefing\.toml: can't be read"
        ):
            settings.load(tmp_path / "briefing.toml")

    @given(
        st.text(
            st.sampled_from("[]{}=\"'\\#\n\r,. \tabnewsletter1\u2028é"),
            max_size=60,
        )
    )
    def test_any_content_gives_at_most_one_line_of_error(
        self, text: str
    ) -> None:
        for whole in (text, MINIMAL + text):
            message, line = "", None
            try:
                parse(whole)
            except SettingsError as error:
                message, line = str(error), error.line
            assert "\n" not in message
            assert line is None or 1 <= line <= whole.count("\n") + 1


class TestWhatInitWrites:
    TEXT = (package_templates() / "newsletter" / "briefing.toml").read_text(
        "utf-8"
    )
    FILLED = (
        TEXT.replace('"NAME"', '"Brief"')
        .replace('"ORGANISATION"', '""')
        .replace('"SENDER"', '"b@example.org"')
    )
    SETTING = re.compile(r"""^# ((?:\w+|"[^"]+") = .*)$""", re.MULTILINE)

    @pytest.mark.parametrize("table", TABLES)
    def test_it_names_every_setting_in_order_each_with_a_comment_or_below_its_kind(
        self, table: str
    ) -> None:
        part = re.split(
            rf"\n\[(?!{table}\.)", self.TEXT.partition(f"[{table}]\n")[2]
        )[0]
        assert settings_in(part, table) == keys(table), (
            f"templates/newsletter/briefing.toml doesn't name all of [{table}] in the order of settings.py"
        )

    def test_its_lines_in_force_are_the_defaults(self) -> None:
        """Except the names that `init` fills in, and the notice, which existing folders keep."""
        text = self.FILLED.replace('"TITLE"', '""')
        text = text.replace('notice = "foot"', 'notice = "item"')
        assert parse(text) == parse(
            '[newsletter]\nname = "Brief"\nfrom = "b@example.org"\n'
        )

    def test_it_names_every_provider_that_can_send(self) -> None:
        comment = re.search(r"^via = .*", self.TEXT, re.MULTILINE)
        assert comment
        assert re.findall(r'"(\w+)"', comment[0])[1:] == [
            "outbox",
            *PROVIDERS,
        ], (
            "the comment beside via in templates/newsletter/briefing.toml names others"
        )

    def test_it_loads(self) -> None:
        assert parse(self.FILLED).newsletter.name == "Brief"

    def test_it_loads_with_any_and_with_all_of_its_comments_removed(
        self,
    ) -> None:
        lines = self.SETTING.findall(self.FILLED)
        for line in lines:
            parse(self.FILLED.replace(f"# {line}", line))
        parse(self.SETTING.sub(r"\1", self.FILLED))

    def test_its_colours_are_the_defaults(self) -> None:
        taken_in: dict[str, Any] = dataclasses.asdict(
            parse(self.SETTING.sub(r"\1", self.FILLED)).look
        )
        examples = dict.fromkeys(("font", "font_ug", "font_zh", "logo"), "")
        assert taken_in | examples == dataclasses.asdict(
            LookSettings(notice="foot")
        )
