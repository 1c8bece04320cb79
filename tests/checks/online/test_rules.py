"""What only the network knows, answered by a web server and a name server on this computer. Nothing
leaves it.
"""

import datetime as dt
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from briefing.checks.online.check import check_online
from briefing.checks.rule import Finding
from briefing.collecting.web import evidence
from briefing.network.fetch import Response
from briefing.network.fetch_guard import Guard
from briefing.newsletter import Newsletter
from tests.clock import FakeClock
from tests.network.test_fetch import SECONDS, Site, site

Zone = dict[tuple[str, str], list[str]]

SOUND: Zone = {
    ("example.org", "TXT"): [
        '"some-verification=1"',
        '"v=spf1 include:_spf.provider.example" " mx -all"',
    ],
    ("_spf.provider.example", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 -all"'],
    ("_dmarc.example.org", "TXT"): [
        '"v=DMARC1; p=quarantine; rua=mailto:reports@example.org"'
    ],
    ("example.org", "MX"): ["10 mx.example.org."],
}
ISSUE = """\
# Weekly Brief, 9 October 2020
date: 2020-10-09

Read [the ruling](http://www.example.com:PORT/ruling) first.

### A court opens its files
link: http://www.example.com:PORT/files

The court has opened [its files](http://www.example.com:PORT/ئارخىپ).
"""


@pytest.fixture
def zone() -> Zone:
    return dict(SOUND)


@pytest.fixture
def resolver(zone: Zone) -> Iterator[dns.resolver.Resolver]:
    """A name server that only knows the zone."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=_answer, args=(server, zone), daemon=True)
    thread.start()
    yield _resolver(server.getsockname()[1])
    server.sendto(b"", server.getsockname())  # the end
    thread.join(5)
    server.close()


def _answer(server: socket.socket, zone: Zone) -> None:
    while True:
        data, sender = server.recvfrom(4096)
        if not data:
            return
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, kind = (
            question.name.to_text(omit_final_dot=True),
            dns.rdatatype.to_text(question.rdtype),
        )
        response = dns.message.make_response(query)
        if records := zone.get((name, kind)):
            response.answer.append(
                dns.rrset.from_text(question.name, 60, "IN", kind, *records)
            )
        elif not any(known == name for known, _ in zone):
            response.set_rcode(dns.rcode.NXDOMAIN)
        if zone.get((name, kind)) == ["SERVFAIL"]:
            response.set_rcode(dns.rcode.SERVFAIL)
        server.sendto(response.to_wire(), sender)


def _resolver(port: int) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = port
    return resolver


@pytest.fixture
def no_name_server() -> dns.resolver.Resolver:
    """The resolver of a computer that isn't online."""
    return dns.resolver.Resolver(configure=False)


def write(
    newsletter: Newsletter, text: str, *, reply_to: str = "", **editions: str
) -> Path:
    lines = f'reply_to = "{reply_to}"\n' if reply_to else ""
    (newsletter.root / "briefing.toml").write_text(
        f'[newsletter]\nname = "Brief"\nfrom = "Brief <brief@example.org>"\nlanguages = ["en", "ug"]\n{lines}'
        '[unsubscribe]\nurl = "https://example.org/u/{token}"\n',
        "utf-8",
    )
    folder = newsletter.issues / "2020-10-09"
    folder.mkdir(exist_ok=True)
    (folder / "issue.md").write_text(text, "utf-8")
    for lang, edition in editions.items():
        (folder / f"issue.{lang}.md").write_text(edition, "utf-8")
    return folder


def at_once(_stopped: threading.Event, _seconds: float) -> bool:
    """Doesn't wait between two requests to a host."""
    return False


def found(findings: list[Finding]) -> list[tuple[str, str, int | None]]:
    return [
        (finding.rule, finding.severity.value, finding.line)
        for finding in findings
    ]


def check_links(
    newsletter: Newsletter,
    resolver: dns.resolver.Resolver,
    answers: Mapping[str, bytes],
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[list[Finding], Site]:
    """Check ISSUE, whose site answers `METHOD PATH`, or else PATH, with the line of `answers`,
    otherwise 200.
    """

    def answer(request: bytes) -> Iterator[bytes]:
        method, path, _ = request.split(b" ", 2)
        line = (
            answers.get(f"{method.decode()} {path.decode()}")
            or answers.get(path.decode())
            or b"200 OK"
        )
        yield b"HTTP/1.1 %b\r\nContent-Length: 0\r\n\r\n" % line

    with site(answer) as here:
        folder = write(newsletter, ISSUE.replace("PORT", str(here.port)))
        guard = here.guard("127.0.0.1")
        newsletter = Newsletter(newsletter.root)
        return check_online(
            newsletter,
            folder,
            guard=guard,
            resolver=resolver,
            wait=at_once,
            progress=progress,
        ), here


class TestLinks:
    def test_of_links_that_answer_only_the_head_is_requested(
        self, newsletter: Newsletter, resolver: dns.resolver.Resolver
    ) -> None:
        progress: list[tuple[int, int]] = []
        findings, here = check_links(
            newsletter, resolver, {}, lambda *done: progress.append(done)
        )
        assert findings == []
        assert [request.split(b" ")[0] for request in here.requests] == [
            b"HEAD"
        ] * 3
        assert progress[-1] == (3, 3)

    @pytest.mark.parametrize("status", [b"404 Not Found", b"410 Gone"])
    def test_a_page_that_is_gone_is_an_error_at_its_line(
        self,
        newsletter: Newsletter,
        resolver: dns.resolver.Resolver,
        status: bytes,
    ) -> None:
        answers = {
            "/files": status,
            "/ruling": status,
            "/%D8%A6%D8%A7%D8%B1%D8%AE%D9%89%D9%BE": status,
        }
        findings, _ = check_links(newsletter, resolver, answers)
        assert found(findings) == [
            ("link-gone", "error", 4),
            ("link-gone", "error", 7),
            ("link-gone", "error", 9),
        ]
        assert "/ruling' returned an error (4" in findings[0].message

    def test_a_site_that_does_not_know_head_is_asked_for_the_page(
        self, newsletter: Newsletter, resolver: dns.resolver.Resolver
    ) -> None:
        answers = {"HEAD /files": b"405 No", "HEAD /ruling": b"404 Not Found"}
        findings, here = check_links(newsletter, resolver, answers)
        assert findings == []
        assert sum(request.startswith(b"GET") for request in here.requests) == 2

    @pytest.mark.parametrize(
        "status",
        [
            b"401 No",
            b"403 No",
            b"405 No",
            b"429 Slow",
            b"500 Oh",
            b"503 Later",
            b"junk",
        ],
    )
    def test_a_site_that_does_not_answer_programs_is_a_warning(
        self,
        newsletter: Newsletter,
        resolver: dns.resolver.Resolver,
        status: bytes,
    ) -> None:
        findings, _ = check_links(newsletter, resolver, {"/files": status})
        assert found(findings) == [("link-unchecked", "warning", 7)]
        assert "couldn't be checked" in findings[0].message

    def test_a_site_that_hangs_is_a_warning(
        self, newsletter: Newsletter, resolver: dns.resolver.Resolver
    ) -> None:
        clock = FakeClock()

        def hang(_request: bytes) -> Iterator[bytes]:
            clock.advance(SECONDS)
            yield b""

        with site(hang) as here:
            folder = write(
                newsletter,
                f"# A\n\n### B\nlink: http://www.example.com:{here.port}/\n",
            )
            guard = here.guard("127.0.0.1", clock=clock)
            findings = check_online(
                Newsletter(newsletter.root),
                folder,
                guard=guard,
                resolver=resolver,
            )
        assert found(findings) == [("link-unchecked", "warning", 4)]

    def test_a_host_that_does_not_exist_is_an_error(
        self, newsletter: Newsletter, resolver: dns.resolver.Resolver
    ) -> None:
        def resolve(_host: str, _port: int) -> list[str]:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        folder = write(
            newsletter, "# A\n\n### B\nlink: https://www.example.com/\n"
        )
        guard = Guard(resolve=resolve)
        findings = check_online(
            Newsletter(newsletter.root), folder, guard=guard, resolver=resolver
        )
        assert found(findings) == [("link-gone", "error", 4)]
        assert "no website has this address" in findings[0].message

    def test_a_redirect_that_fails_is_reported_with_its_target(
        self, newsletter: Newsletter, resolver: dns.resolver.Resolver
    ) -> None:
        answers = {
            "/files": b"302 Found\r\nLocation: http://user@www.example.com/"
        }
        findings, _ = check_links(newsletter, resolver, answers)
        assert (
            "it redirects to 'http://user@www.example.com/', which contains a user name"
            in findings[0].message
        )

    def test_the_same_link_is_asked_once_and_found_in_each_edition(
        self, newsletter: Newsletter, resolver: dns.resolver.Resolver
    ) -> None:
        with site(
            lambda _: [b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"]
        ) as here:
            text = f"# A\n\n### B\nlink: http://www.example.com:{here.port}/\n"
            folder = write(newsletter, text, ug=f"\n{text}")
            guard = here.guard("127.0.0.1")
            findings = check_online(
                Newsletter(newsletter.root),
                folder,
                guard=guard,
                resolver=resolver,
            )
        assert [(finding.path.name, finding.line) for finding in findings] == [
            ("issue.md", 4),
            ("issue.ug.md", 5),
        ]
        assert len(here.requests) == 2  # HEAD and GET

    def test_one_host_is_asked_one_thing_at_a_time_with_a_pause_between(
        self, newsletter: Newsletter, resolver: dns.resolver.Resolver
    ) -> None:
        events: list[str] = []

        def answer(_request: bytes) -> Iterator[bytes]:
            events.append("asked")
            yield b"HTTP/1.1 200 OK\r\n\r\n"

        def wait(_stopped: threading.Event, seconds: float) -> bool:
            events.append(f"waited {seconds} s")
            return False

        with site(answer) as here:
            folder = write(newsletter, ISSUE.replace("PORT", str(here.port)))
            guard = here.guard("127.0.0.1")
            check_online(
                Newsletter(newsletter.root),
                folder,
                guard=guard,
                resolver=resolver,
                wait=wait,
            )
        assert events == [
            "asked",
            "waited 1.0 s",
            "asked",
            "waited 1.0 s",
            "asked",
        ]

    def test_an_edition_that_cannot_be_rendered_is_left_to_the_other_checks(
        self, newsletter: Newsletter, resolver: dns.resolver.Resolver
    ) -> None:
        folder = write(newsletter, "# A\n\n### B\nlink: javascript:alert(1)\n")
        assert (
            check_online(Newsletter(newsletter.root), folder, resolver=resolver)
            == []
        )


class TestEvidence:
    """A link whose page was kept when it was collected."""

    AT = dt.datetime(2020, 10, 8, 12, tzinfo=dt.UTC)

    def check(
        self,
        newsletter: Newsletter,
        resolver: dns.resolver.Resolver,
        page: bytes,
        *,
        status: bytes = b"200 OK",
    ) -> tuple[list[Finding], Site]:
        def answer(_request: bytes) -> Iterator[bytes]:
            yield b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (
                status,
                len(page),
                page,
            )

        with site(answer) as here:
            link = f"http://www.example.com:{here.port}/files"
            folder = write(
                newsletter,
                f"# A\n\n### A court opens its files\nlink: {link}\n",
            )
            fetched = Response(
                f"{link}?from=feed",
                200,
                {},
                b"<title>A court opens its files</title>",
            )
            evidence.keep_page(
                newsletter,
                fetched,
                self.AT,
                link=link,
                headline="A court opens its files",
            )
            guard = here.guard("127.0.0.1")
            return check_online(
                Newsletter(newsletter.root),
                folder,
                guard=guard,
                resolver=resolver,
                wait=at_once,
            ), here

    def test_a_page_with_the_same_headline_is_not_a_finding_and_is_requested_once(
        self, newsletter: Newsletter, resolver: dns.resolver.Resolver
    ) -> None:
        page = b"<title>A  court opens its files - Post</title><meta property=og:site_name content=Post>"
        findings, here = self.check(newsletter, resolver, page)
        assert findings == []
        assert [request.split(b" ")[0] for request in here.requests] == [b"GET"]

    def test_a_changed_headline_is_a_warning_that_quotes_both(
        self, newsletter: Newsletter, resolver: dns.resolver.Resolver
    ) -> None:
        findings, _ = self.check(
            newsletter, resolver, b"<h1>A court closes its files</h1>"
        )
        assert found(findings) == [("headline-changed", "warning", 4)]
        assert (
            "has changed its headline since 8 October 2020: it was “A court opens its files” and is now "
            "“A court closes its files”; read it again, and check that your text still fits; "
            "the page as it was on 8 October 2020 is saved in "
        ) in findings[0].message
        assert findings[0].message.endswith(".warc.gz")

    @pytest.mark.parametrize("page", [b"", b"<p>no headline"])
    def test_a_page_without_a_headline_is_not_a_finding(
        self,
        newsletter: Newsletter,
        resolver: dns.resolver.Resolver,
        page: bytes,
    ) -> None:
        assert self.check(newsletter, resolver, page)[0] == []

    def test_a_page_that_is_gone_is_reported_with_where_it_is_kept(
        self, newsletter: Newsletter, resolver: dns.resolver.Resolver
    ) -> None:
        findings, _ = self.check(
            newsletter, resolver, b"<h1>Not found</h1>", status=b"404 Not Found"
        )
        assert found(findings) == [("link-gone", "error", 4)]
        assert (
            "delete it; the page as it was on 8 October 2020 is saved in "
            in findings[0].message
        )


def test_links_are_asked_through_the_proxy_of_the_settings(
    newsletter: Newsletter, resolver: dns.resolver.Resolver
) -> None:
    folder = write(newsletter, "# A\n\n### B\nlink: http://www.example.com/\n")
    path = newsletter.root / "briefing.toml"
    with site(
        lambda _: [b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"]
    ) as proxy:
        path.write_text(
            path.read_text("utf-8")
            + f'[collect]\nproxy = "{proxy.url[:-1]}"\n',
            "utf-8",
        )
        findings = check_online(
            Newsletter(newsletter.root), folder, resolver=resolver
        )
    assert found(findings) == [("link-gone", "error", 4)]
    assert proxy.requests[0].startswith(
        b"HEAD http://www.example.com/ HTTP/1.1\r\n"
    )


class TestDomain:
    def check(
        self,
        newsletter: Newsletter,
        resolver: dns.resolver.Resolver,
        reply_to: str = "",
    ) -> list[Finding]:
        folder = write(newsletter, "# A\n\nB\n", reply_to=reply_to)
        return check_online(
            Newsletter(newsletter.root), folder, resolver=resolver
        )

    def test_a_sound_domain_is_not_a_finding(
        self, newsletter: Newsletter, resolver: dns.resolver.Resolver
    ) -> None:
        assert self.check(newsletter, resolver) == []

    @pytest.mark.parametrize(
        ("name", "records", "rule", "says"),
        [
            (
                ("example.org", "TXT"),
                None,
                "spf",
                'add example.org TXT "v=spf1 include:YOUR-PROVIDER -all"',
            ),
            (
                ("example.org", "TXT"),
                ['"v=spf10 -all"'],
                "spf",
                "add example.org TXT",
            ),
            (
                ("example.org", "TXT"),
                ['"v=spf1 a -all"', '"V=SPF1 mx -all"'],
                "spf",
                "2 SPF records",
            ),
            (
                ("example.org", "TXT"),
                ['"v=spf1 a +all"'],
                "spf",
                "lets everyone send",
            ),
            (
                ("example.org", "TXT"),
                ['"v=spf1 all"'],
                "spf",
                "lets everyone send",
            ),
            (
                ("example.org", "TXT"),
                [f'"v=spf1 {"a:x.example " * 11} -all"'],
                "spf",
                "more than 10 look-ups",
            ),
            (
                ("_spf.provider.example", "TXT"),
                [f'"v=spf1 {"exists:a.example " * 9} ~all"'],
                "spf",
                "more than 10",
            ),
            (
                ("_spf.provider.example", "TXT"),
                ['"v=spf1 include:_spf.provider.example"'],
                "spf",
                "more than 10",
            ),
            (
                ("_dmarc.example.org", "TXT"),
                None,
                "dmarc",
                'add _dmarc.example.org TXT "v=DMARC1; p=none; rua=mailto:',
            ),
            (
                ("_dmarc.example.org", "TXT"),
                ['"v=DMARC1"'],
                "dmarc",
                "has no policy",
            ),
            (
                ("_dmarc.example.org", "TXT"),
                ['"v=DMARC1; sp=reject; p=nonsense"'],
                "dmarc",
                "has no policy",
            ),
            (
                ("_dmarc.example.org", "TXT"),
                ['"v=DMARC1; p=none"'] * 1 + ['"v=DMARC1; p=reject"'],
                "dmarc",
                "2 DMARC",
            ),
            (
                ("example.org", "MX"),
                None,
                "mx",
                "add example.org MX 10 YOUR-MAIL-SERVER",
            ),
            (("example.org", "MX"), ["0 ."], "mx", "doesn't accept mail"),
        ],
    )
    def test_a_missing_or_broken_record_is_an_error_with_the_one_to_add(
        self,
        newsletter: Newsletter,
        resolver: dns.resolver.Resolver,
        zone: Zone,
        name: tuple[str, str],
        records: list[str] | None,
        rule: str,
        says: str,
    ) -> None:
        if records is None:
            del zone[name]
        else:
            zone[name] = records
        (finding,) = self.check(newsletter, resolver)
        assert (finding.rule, finding.severity, finding.path.name) == (
            rule,
            "error",
            "briefing.toml",
        )
        assert says in finding.message

    @pytest.mark.parametrize(
        "record",
        [
            '"v=spf1 ip4:192.0.2.1 a mx:mail.example.org include:_spf.provider.example ~all"',
            '"v=spf1 exists:%{i}._spf.example.org redirect=_spf.provider.example"',
            f'"v=spf1 {"ip4:192.0.2.1 " * 9}-all"',
        ],
    )
    def test_other_forms_of_spf_are_sound(
        self,
        newsletter: Newsletter,
        resolver: dns.resolver.Resolver,
        zone: Zone,
        record: str,
    ) -> None:
        zone["example.org", "TXT"] = [record]
        assert self.check(newsletter, resolver) == []

    def test_a_subdomain_has_the_dmarc_record_of_the_domain_above(
        self,
        newsletter: Newsletter,
        resolver: dns.resolver.Resolver,
        zone: Zone,
    ) -> None:
        zone["mail.example.org", "TXT"] = ['"v=spf1 -all"']
        # Without MX, mail goes there.
        zone["mail.example.org", "A"] = ["192.0.2.1"]
        folder = write(newsletter, "# A\n\nB\n")
        path = newsletter.root / "briefing.toml"
        path.write_text(
            path.read_text("utf-8").replace(
                "brief@example.org", "brief@mail.example.org"
            ),
            "utf-8",
        )
        assert (
            check_online(Newsletter(newsletter.root), folder, resolver=resolver)
            == []
        )

    def test_replies_must_reach_someone(
        self, newsletter: Newsletter, resolver: dns.resolver.Resolver
    ) -> None:
        (finding,) = self.check(
            newsletter, resolver, reply_to="editors@gone.example"
        )
        assert (
            finding.rule,
            "gone.example doesn't accept mail" in finding.message,
        ) == (
            "mx",
            True,
        )

    def test_a_name_server_that_fails_is_a_warning(
        self,
        newsletter: Newsletter,
        resolver: dns.resolver.Resolver,
        zone: Zone,
    ) -> None:
        zone["_dmarc.example.org", "TXT"] = ["SERVFAIL"]
        findings = self.check(newsletter, resolver)
        assert found(findings) == [("dns-unchecked", "warning", None)]


class TestOffline:
    @pytest.mark.parametrize("code", [socket.EAI_AGAIN, socket.EAI_NONAME])
    def test_without_a_network_there_is_one_warning(
        self,
        newsletter: Newsletter,
        no_name_server: dns.resolver.Resolver,
        code: int,
    ) -> None:
        def resolve(_host: str, _port: int) -> list[str]:
            raise socket.gaierror(code, "no network")

        folder = write(newsletter, ISSUE.replace(":PORT", ""))
        guard = Guard(resolve=resolve)
        findings = check_online(
            Newsletter(newsletter.root),
            folder,
            guard=guard,
            resolver=no_name_server,
            wait=at_once,
        )
        assert found(findings) == [("offline", "warning", None)]

    def test_a_network_that_knows_no_name_counts_as_offline(
        self,
        newsletter: Newsletter,
        resolver: dns.resolver.Resolver,
        zone: Zone,
    ) -> None:
        """As name servers of closed networks answer."""

        def resolve(_host: str, _port: int) -> list[str]:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        zone.clear()
        folder = write(newsletter, ISSUE.replace(":PORT", ""))
        guard = Guard(resolve=resolve)
        findings = check_online(
            Newsletter(newsletter.root),
            folder,
            guard=guard,
            resolver=resolver,
            wait=at_once,
        )
        assert found(findings) == [("offline", "warning", None)]

    def test_if_only_dns_fails_only_dns_is_reported(
        self, newsletter: Newsletter, no_name_server: dns.resolver.Resolver
    ) -> None:
        findings, _ = check_links(newsletter, no_name_server, {})
        assert found(findings) == [("dns-unchecked", "warning", None)] * 3


def test_a_server_where_readers_unsubscribe_must_answer(
    newsletter: Newsletter, resolver: dns.resolver.Resolver
) -> None:
    """What it must answer is in test_unsubscribe_page.py."""
    with site(lambda _request: [b"HTTP/1.1 200 OK\r\n\r\n"]) as here:
        folder = write(newsletter, ISSUE.replace("PORT", str(here.port)))
        settings = newsletter.root / "briefing.toml"
        text = settings.read_text("utf-8")
        url = "https://join.example.org"
        settings.write_text(
            text.replace("https://example.org/u", f"{url}/leave")
            + f'[joining]\nurl = "{url}"\n',
            "utf-8",
        )
        findings = check_online(
            Newsletter(newsletter.root),
            folder,
            guard=here.guard("127.0.0.1"),
            resolver=resolver,
            wait=at_once,
        )
    assert found(findings) == [("unsubscribe-page", "error", None)]
    assert f"readers can't unsubscribe at {url}/leave" in findings[0].message
