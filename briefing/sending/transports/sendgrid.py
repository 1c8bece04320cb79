"""SendGrid (API v3): one request for up to 1,000 readers, each of whom gets a mail of their own.

It knows no way to repeat a request without sending twice. So what may have been taken, or not, is uncertain and isn't
tried again; what was certainly not taken is. The rules stand in `sendgrid_answers`, the request in `sendgrid_request`.
"""

import datetime as dt
import logging
import re
import ssl
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.parse import quote

import python_http_client
from sendgrid import SendGridAPIClient

from briefing.errors import TransportError
from briefing.keys import Key
from briefing.mail.message import Message
from briefing.sending.schema import Schedule, State
from briefing.sending.transports import sendgrid_answers as answers
from briefing.sending.transports.base import Batch, Mail, Outcome, Queue
from briefing.sending.transports.replies import alike
from briefing.sending.transports.sendgrid_answers import Answer, Meaning, Verdict
from briefing.sending.transports.sendgrid_request import Edition, Letter, TooLongError
from briefing.sending.transports.streak import SAME_ANSWER, Streak
from briefing.settings import Settings

HOSTS = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}
BREAKS = 5
"""So often running, a request that can't be sent ends the send."""
LONGEST_PAUSE = 600.0
"""Seconds; whatever SendGrid asks for, and however often a pause was doubled."""
MOST_UNCERTAIN = 2
"""So many requests running of which nobody knows what became end the send."""

_KEY = re.compile(r"[!-~]+")

# At DEBUG it writes down the key and every address. A filter stays, whatever level or handler is set later on.
logging.getLogger("python_http_client.client").addFilter(lambda _record: False)


class SendGrid:
    """The account of a key."""

    name = "sendgrid"
    batch = 1000
    connections = 1
    per_second = 0
    repeatable = False

    def __init__(
        self,
        settings: Settings,
        key: Key,
        api_key: str,
        *,
        schedule: Schedule | None = None,
        scheduling: bool = False,
        timeout: float = 60,
        pause: float = 1,
    ) -> None:
        """`scheduling`: a schedule will be set before `deliver`; so `open` asks for what that needs.

        `timeout` of each step of a request, and `pause` before the first repetition of one, in seconds. Raises
        TransportError for a key that can't be one.
        """
        self.schedule = schedule
        """When the mails go out, and the id by which they can be called back; None: at once."""
        self.host = settings.sendgrid.host or HOSTS[settings.sendgrid.region]
        self.pause = pause
        self.streak = Streak()
        self._settings = settings
        self._key = key
        self._scheduling = scheduling
        self._api = _Api(self.host, api_key, timeout)
        self._editions: dict[Message, Edition] = {}

    def open(self) -> None:
        """Ask what the key may do. Raises TransportError, with the cure, if it can't send."""
        scheduling = self._scheduling or self.schedule is not None
        answer = self._api.ask(lambda client: client.scopes.get())
        answers.check_key(answer, answers.SENDING + (answers.SCHEDULING if scheduling else ()))
        if scheduling:
            answers.check_clock(answer, dt.datetime.now(dt.UTC))

    def deliver(self, queue: Queue) -> None:
        _Delivery(self, queue).run()

    def close(self) -> None:
        """Nothing is held open: each request has a connection of its own."""

    def edition(self, message: Message) -> Edition:
        """The requests of an edition, made when they are first wanted. Raises TransportError if it can't have any."""
        if message not in self._editions:
            self._editions[message] = Edition(message, self._settings, self._key)
        return self._editions[message]

    def post(self, body: dict[str, Any]) -> Answer:
        """Ask for mails to be sent."""
        return self._api.ask(lambda client: client.mail.send.post(request_body=body))

    def new_batch(self) -> str:
        """An id by which mails that are scheduled can be called back. Raises TransportError."""
        answer = self._api.ask(lambda client: client.mail.batch.post())
        content = answer.json()
        batch = content.get("batch_id") if isinstance(content, dict) else None
        if answer.status != 201 or not isinstance(batch, str) or not batch:
            raise TransportError(f"no id to schedule with: {answers.refusal(answer)}; nothing was sent")
        return batch

    def cancel(self, batch: str) -> None:
        """Call back what was scheduled with an id; once more does no harm.

        Raises TransportError unless it is known to be called back. SendGrid guarantees nothing in the last ten minutes
        before the time (OpenAPI file, scheduled_sends).
        """
        wanted = {"batch_id": batch, "status": "cancel"}
        answer = self._api.ask(lambda client: client.user.scheduled_sends.post(request_body=wanted))
        if answer.status == 201:
            return
        # Refused since it has a status already, or perhaps done though nobody said so: that can be asked.
        one = quote(batch, safe="")
        known = answers.status_of(self._api.ask(lambda client: client.user.scheduled_sends._(one).get()), batch)
        if known == "pause":
            change = {"status": "cancel"}
            answer = self._api.ask(lambda client: client.user.scheduled_sends._(one).patch(request_body=change))
            if answer.status == 204:
                return
        if known != "cancel":
            raise TransportError(f"it isn't known to be called back: {answers.refusal(answer)}")


class _Delivery:
    """Takes mails from the queue and brings each to its outcome."""

    def __init__(self, server: SendGrid, queue: Queue) -> None:
        self._server = server
        self._queue = queue
        self._untold: dict[bytes, Outcome] = {}  # by recipient
        self._open: dict[bytes, Mail] = {}  # of this claim, without an outcome
        self._flying: Sequence[Letter] = ()  # on the wire
        self._named: list[Outcome] = []  # refused by name in this claim, nobody accepted since
        self._wait = 0.0  # seconds, before anything else is claimed
        self._running = dict.fromkeys(Meaning, 0)

    def run(self) -> None:
        """Hand over until the queue is empty. Raises TransportError, SendStopped; every mail has its outcome then."""
        try:
            while batch := self._pick():
                while batch.mails:
                    self._pause()
                    batch = self._work(batch)
        finally:
            self._tell()

    def _work(self, batch: Batch) -> Batch:
        """Claim a batch and hand it over; who is to be claimed again after a pause, since they weren't taken."""
        claimed = self._queue.claim(batch, self._taken()).wait()
        self._open = {mail.recipient: mail for mail in claimed.mails}
        self._named = []
        try:
            edition = self._server.edition(claimed.message)
            requests = edition.split(self._letters(edition, claimed.mails))
            while requests and not self._wait:
                requests[:0] = self._hand_over(edition, requests.pop(0))
            return Batch(claimed.message, list(self._open.values()))
        finally:
            for letter in self._flying:  # only a mistake of ours leaves one there
                self._conclude(letter.mail, State.UNCERTAIN)
            for mail in list(self._open.values()):
                self._conclude(mail, State.QUEUED)

    def _letters(self, edition: Edition, mails: Sequence[Mail]) -> list[Letter]:
        letters = []
        for mail in mails:
            try:
                letters.append(edition.letter(mail))
            except TooLongError as error:
                self._conclude(mail, State.REJECTED, str(error))
        return letters

    # One request

    def _hand_over(self, edition: Edition, letters: list[Letter]) -> list[list[Letter]]:
        """Make a request; return those that are to be made in its place.

        Who is in none of them has an outcome, or is to be claimed again after the wait that there is then.
        """
        verdict = self._post(edition, letters)
        self._count(verdict.meaning)
        match verdict.meaning:
            case Meaning.ACCEPTED:
                self._named = []
                self._server.streak.note(Outcome(letters[0].mail, State.ACCEPTED))
                self._conclude_all(letters, State.ACCEPTED)
            case Meaning.NAMED:
                return self._without_named(letters, verdict.named)
            case Meaning.UNNAMED:
                return self._searched(letters, verdict.words)
            case Meaning.LATER:
                self._wait = min(max(verdict.until - time.time(), self._doubled(verdict.meaning)), LONGEST_PAUSE)
            case Meaning.NOT_SENT:
                if self._running[verdict.meaning] >= BREAKS:
                    raise TransportError(
                        f"{verdict.words}; {BREAKS} times running, so the rest waits for the next send"
                    )
                self._wait = min(self._doubled(verdict.meaning), LONGEST_PAUSE)
            case Meaning.UNKNOWN:
                self._conclude_all(letters, State.UNCERTAIN, verdict.words)
                if self._running[verdict.meaning] >= MOST_UNCERTAIN:
                    raise TransportError(
                        f"{verdict.words}: for {MOST_UNCERTAIN} requests running it isn't known whether the mails were "
                        "taken; 'briefing status' lists the readers, and what can be done"
                    )
                self._wait = self._server.pause
        return []

    def _post(self, edition: Edition, letters: list[Letter]) -> Verdict:
        body = edition.body(letters, self._server.schedule)
        self._flying = letters
        answer = self._server.post(body)
        self._flying = ()
        return answers.judge(answer, [letter.mail.envelope.address for letter in letters])

    def _without_named(self, letters: list[Letter], named: Mapping[int, str]) -> list[list[Letter]]:
        """Refuse who was named; the request without them. Raises TransportError if it isn't about readers at all."""
        for place, words in named.items():
            self._named.append(Outcome(letters[place].mail, State.REJECTED, words))
            self._conclude(letters[place].mail, State.REJECTED, words)
        rest = [letter for place, letter in enumerate(letters) if place not in named]
        if rest:
            return [rest]
        kinds = {alike(words) for words in named.values()}
        same = [one for one in self._named if alike(one.reason) in kinds]
        if len(kinds) == 1 and len(same) >= SAME_ANSWER:
            for one in same:
                self._note(Outcome(one.mail, State.QUEUED, one.reason))
            raise TransportError(f"SendGrid refuses {len(same)} readers, none was left, all with: {same[-1].reason}")
        return []

    def _searched(self, letters: list[Letter], words: str) -> list[list[Letter]]:
        """The halves of a request that was refused for no reader by name; one that is alone in it is refused.

        Raises TransportError if that comes to one after the other.
        """
        if len(letters) > 1:
            half = len(letters) // 2
            return [letters[:half], letters[half:]]
        self._conclude(letters[0].mail, State.REJECTED, words)
        outcomes, stop = self._server.streak.note(Outcome(letters[0].mail, State.REJECTED, words))
        for outcome in outcomes:
            self._note(outcome)
        if stop:
            raise TransportError(f"SendGrid: {stop}")
        return []

    # Counting and waiting

    def _count(self, meaning: Meaning) -> None:
        """How often running; being put off, or not getting through, doesn't make what is uncertain any clearer."""
        put_off = {Meaning.LATER, Meaning.NOT_SENT}
        for other in Meaning:
            if other is not meaning and not (other is Meaning.UNKNOWN and meaning in put_off):
                self._running[other] = 0
        self._running[meaning] += 1

    def _doubled(self, meaning: Meaning) -> float:
        """Seconds; twice as many each time running."""
        return self._server.pause * 2.0 ** min(self._running[meaning] - 1, 20)

    def _pause(self) -> None:
        """Wait as long as there is to; first tell what is known, since that may take minutes."""
        if self._wait:
            seconds, self._wait = self._wait, 0.0
            self._tell()
            self._queue.pause(seconds)

    # The queue

    def _pick(self) -> Batch | None:
        batch = self._queue.next(wait=False)
        if batch is None:
            self._tell()
            batch = self._queue.next()
        return batch

    def _conclude_all(self, letters: Sequence[Letter], state: State, reason: str = "") -> None:
        for letter in letters:
            self._conclude(letter.mail, state, reason)

    def _conclude(self, mail: Mail, state: State, reason: str = "") -> None:
        del self._open[mail.recipient]
        self._note(Outcome(mail, state, reason))

    def _note(self, outcome: Outcome) -> None:
        """Keep it until the next claim; it may still be replaced till then."""
        self._untold[outcome.mail.recipient] = outcome

    def _taken(self) -> list[Outcome]:
        outcomes, self._untold = list(self._untold.values()), {}
        return outcomes

    def _tell(self) -> None:
        if self._untold:
            self._queue.settle(self._taken())


class _Api:
    """The library's client as we want it: with a timeout, led nowhere else, silent."""

    def __init__(self, host: str, api_key: str, timeout: float) -> None:
        if not _KEY.fullmatch(api_key):  # the library would put it into what it raises, or take one from elsewhere
            raise TransportError("the key for SendGrid is empty, or holds what no key does; copy it again")
        self._host = host
        self._secret = api_key.encode("ascii")
        library = SendGridAPIClient(api_key, host=host)
        self._client = _Client(host=host, request_headers=library.client.request_headers, version=3, timeout=timeout)
        self._client.opener = _opener()

    def ask(self, call: Callable[[Any], Any]) -> Answer:
        """The answer to what `call` does with the client. What the library raises, which holds the key, ends here."""
        try:
            response = call(self._client)
        except URLError as error:  # what urllib makes of every error until the request is written, and of none after it
            return Answer(0, failure=f"{self._host}: {answers.why_not(error.reason)}", sent=False)
        except (OSError, HTTPException) as error:
            return Answer(0, failure=f"{self._host}: {answers.why_not(error)}")
        body = response.body.replace(self._secret, "…".encode())
        told = response.headers
        return Answer(response.status_code, body, told.get("X-RateLimit-Reset", ""), told.get("Date", ""))


class _Client(python_http_client.Client):  # type: ignore[misc]  # the library ships no types
    """The library's client, whose requests lead where they are sent and nowhere else.

    The library's own follows redirects, with the key, and raises errors that hold whole answers.
    """

    opener: urllib.request.OpenerDirector | None = None

    def _build_client(self, name: str | None = None) -> "_Client":
        client = _Client(
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=[*self._url_path, name] if name else self._url_path,
            timeout=self.timeout,
        )
        client.opener = self.opener
        return client

    def _make_request(self, _opener: object, request: urllib.request.Request, timeout: float | None = None) -> Any:
        assert self.opener
        return self.opener.open(request, timeout=timeout or self.timeout)


def _opener() -> urllib.request.OpenerDirector:
    """Opens HTTP and HTTPS, the latter through the system's proxy if there is one; every status is an answer."""
    opener = urllib.request.OpenerDirector()
    proxies = {scheme: proxy for scheme, proxy in urllib.request.getproxies().items() if scheme == "https"}
    opener.add_handler(urllib.request.ProxyHandler(proxies))
    opener.add_handler(urllib.request.HTTPHandler())
    opener.add_handler(urllib.request.HTTPSHandler(context=ssl.create_default_context()))
    return opener
