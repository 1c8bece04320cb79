"""SendGrid (API v3): one request for up to 1,000 readers, each of whom gets an email of their own.

sendgrid_request.py builds the requests, sendgrid_answers.py judges the answers.
"""

from collections.abc import Sequence
from urllib.parse import quote

from briefing import clock
from briefing.configuration.settings import Settings
from briefing.errors import TransportError
from briefing.keys import Key
from briefing.mail.message import Message
from briefing.sending.ledger.schema import Schedule

from . import sendgrid_answers as answers
from . import sendgrid_api
from .http_client import Answer
from .http_delivery import HttpTransport, Verdict
from .sendgrid_request import SendGridRequests


class SendGrid(HttpTransport):
    """The SendGrid account that a key belongs to (`base.SchedulingTransport`)."""

    name = "sendgrid"
    title = "SendGrid"
    batch = 1000
    connections = 1
    per_second = 0

    def __init__(
        self,
        settings: Settings,
        key: Key,
        api_key: str,
        *,
        scheduling: bool = False,
        timeout: float = 60,
        pause: float = 1,
        first: int = 1,
    ) -> None:
        """`scheduling`: a schedule will be set before `deliver`, so `open` checks that the key
        allows it.

        `timeout` of each step of a request, and `pause` before a request is repeated for the first
        time, in seconds. `first`: the most readers of the first request. Raises TransportError for
        text that can't be a key.
        """
        super().__init__(pause=pause, first=first)
        self.schedule: Schedule | None = None
        self.host = sendgrid_api.host(settings)
        self._settings = settings
        self._key = key
        self._scheduling = scheduling
        self._api = sendgrid_api.Api(self.host, api_key, timeout)
        self._builders: dict[Message, SendGridRequests] = {}

    def open(self) -> None:
        """Check what the key may do. Raises TransportError, saying what to change, if it can't
        send.
        """
        scheduling = self._scheduling or self.schedule is not None
        needed = (
            answers.SENDING + answers.SCHEDULING
            if scheduling
            else answers.SENDING
        )
        answer = self._api.ask(lambda client: client.scopes.get())
        answers.check_key(answer, needed)
        if scheduling:
            answers.check_clock(answer, clock.utc_now())

    def builder(self, message: Message) -> SendGridRequests:
        if message not in self._builders:
            self._builders[message] = SendGridRequests(
                message, self._settings, self._key, schedule=self.schedule
            )
        return self._builders[message]

    def post(self, request: bytes) -> Answer:
        return self._api.ask(lambda client: client.mail.send.post_json(request))

    def judge(self, answer: Answer, addresses: Sequence[str]) -> Verdict:
        return answers.judge(answer, addresses)

    def new_batch(self) -> str:
        """Return a new id by which scheduled emails can be cancelled. Raises TransportError."""
        answer = self._api.ask(lambda client: client.mail.batch.post())
        batch = answer.fields().get("batch_id")
        if answer.status != 201 or not isinstance(batch, str) or not batch:
            raise TransportError(
                f"can't schedule: {answers.describe_refusal(answer)}; nothing was sent"
            )
        return batch

    def cancel(self, batch: str) -> None:
        """Cancel what was scheduled with an id; harmless to repeat.

        Raises TransportError unless that is certain. SendGrid promises nothing in the last ten
        minutes before the time (OpenAPI file, scheduled_sends).
        """
        cancellation = {"batch_id": batch, "status": "cancel"}
        answer = self._api.ask(
            lambda client: client.user.scheduled_sends.post(
                request_body=cancellation
            )
        )
        if answer.status == 201:
            return
        # Refused because the batch has a status already, or perhaps cancelled without an answer:
        # look it up.
        path = quote(batch, safe="")
        status = answers.find_status(
            self._api.ask(
                lambda client: client.user.scheduled_sends._(path).get()
            ),
            batch,
        )
        if status == "pause":
            change = {"status": "cancel"}
            answer = self._api.ask(
                lambda client: client.user.scheduled_sends._(path).patch(
                    request_body=change
                )
            )
            if answer.status == 204:
                return
        if status != "cancel":
            raise TransportError(
                f"it is uncertain whether it was cancelled: {answers.describe_refusal(answer)}"
            )
