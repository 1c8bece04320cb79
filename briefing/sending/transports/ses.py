"""Amazon SES (API v2): one request for each reader, with the whole email in it, signed with the
account's access key.

SES offers no way to repeat a request without sending twice, so http_delivery.py decides what is
tried again.
"""

import base64
import datetime as dt
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from briefing.configuration.settings import Settings
from briefing.errors import TransportError
from briefing.mail.message import Message

from . import http_client
from .base import Mail
from .http_client import Answer
from .http_delivery import (
    HttpTransport,
    Meaning,
    ReaderPart,
    RequestBuilder,
    UnsendableError,
    Verdict,
)
from .replies import Reply

SEND = "/v2/email/outbound-emails"
ACCOUNT = "/v2/email/account"

TRACKING_OFF = {
    "Tracking": {
        "OpenTrackingEnabled": "DISABLED",
        "ClickTrackingEnabled": "DISABLED",
    }
}
"""In every request: these override what the account or its configuration set would track."""

_ABOUT_THE_READER = {"MessageRejected", "BadRequestException"}
_THROTTLED = {"TooManyRequestsException", "ThrottlingException", "Throttling"}
_WRONG_KEY = "doesn't accept the access key; check that its ID and its secret belong together, and that it is active"
_NO_PERMISSION = "doesn't allow this key to send; allow its user ses:SendEmail, ses:SendRawEmail and ses:GetAccount"
_WRONG_CLOCK = "says that this computer's clock is wrong; correct it"
_DAILY_QUOTA = (
    "has no quota left for these 24 hours; the rest goes out with the next send"
)
_ADVICE = {
    "AccessDenied": _NO_PERMISSION,
    "AccessDeniedException": _NO_PERMISSION,
    "UnrecognizedClientException": _WRONG_KEY,
    "InvalidClientTokenId": _WRONG_KEY,
    "InvalidSignatureException": _WRONG_KEY,
    "SignatureDoesNotMatch": _WRONG_KEY,
    "IncompleteSignature": _WRONG_KEY,
    "MissingAuthenticationTokenException": _WRONG_KEY,
    "RequestExpired": _WRONG_CLOCK,
    "AccountSuspendedException": "has suspended this account for good; see the message it sent you",
    "SendingPausedException": "has paused this account; see your account's reputation at SES",
    "MailFromDomainNotVerifiedException": "says that the sender's domain isn't verified; verify it in the same region",
    "NotFoundException": "doesn't know the configuration set; check 'configuration_set' and 'region' under [ses]",
    "LimitExceededException": "has reached a limit of this account; see its limits at SES",
}
"""What to do about errors that stop the send, by their codes (API reference, SendEmail and Common
Errors).
"""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """An access key of AWS."""

    id: str
    secret: str = field(repr=False)


class Ses(HttpTransport):
    """An SES account in one region."""

    name = "ses"
    title = "Amazon SES"
    batch = 1

    def __init__(
        self,
        settings: Settings,
        access_key: AccessKey,
        *,
        timeout: float = 60,
        pause: float = 1,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`timeout` of each step of a request, and `pause` before a request is repeated for the
        first time, in seconds.

        Raises TransportError for text that can't be a key.
        """
        if not (
            http_client.is_key(access_key.id)
            and http_client.is_key(access_key.secret)
        ):
            raise TransportError(
                "the access key for Amazon SES has characters that no key has; copy it again"
            )
        super().__init__(pause=pause)
        self.clock = clock
        self.connections = settings.ses.connections
        self.per_second = settings.ses.per_second
        self.region = settings.ses.region
        self.host = (
            settings.ses.host or f"https://email.{self.region}.amazonaws.com"
        )
        self._configuration_set = settings.ses.configuration_set
        self._access_key = access_key
        self._client = http_client.Client(
            self.host, access_key.secret, timeout=timeout
        )

    def open(self) -> None:
        """Check that the key is valid, and that the account may send. Raises TransportError, saying
        what to change.
        """
        answer = self._ask("GET", ACCOUNT)
        if answer.status != 200:
            raise TransportError(
                f"{describe_refusal(answer)}; nothing was sent"
            )
        enabled = answer.fields().get("SendingEnabled")
        if enabled is None:
            raise TransportError(
                "the server isn't Amazon SES; check 'host' under [ses]; nothing was sent"
            )
        if not enabled:
            raise TransportError(
                f"Amazon SES {_ADVICE['SendingPausedException']}; nothing was sent"
            )

    def builder(self, message: Message) -> "SesRequests":
        return SesRequests(message, self._configuration_set)

    def post(self, request: bytes) -> Answer:
        return self._ask("POST", SEND, request)

    def judge(self, answer: Answer, addresses: Sequence[str]) -> Verdict:  # noqa: ARG002  # a request has one reader
        return judge(answer)

    def _ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        now = dt.datetime.fromtimestamp(self.clock(), dt.UTC)
        headers = {
            "Host": urlsplit(self.host).netloc,
            "Content-Type": "application/json",
        }
        headers = sign(
            method,
            path,
            headers,
            body,
            access_key=self._access_key,
            region=self.region,
            now=now,
        )
        return self._client.ask(method, path, headers, body or None)


class SesRequests(RequestBuilder):
    """Builds the requests of one edition."""

    def __init__(self, message: Message, configuration_set: str) -> None:
        self._message = message
        self._configuration_set = configuration_set

    def part(self, mail: Mail) -> ReaderPart:
        envelope = mail.envelope
        if not envelope.address.isascii():
            raise UnsendableError(
                "Amazon SES accepts only unaccented letters (a to z) before the @"
            )
        whole_mail = base64.b64encode(self._message.fill(envelope))
        content: dict[str, object] = {
            "Destination": {"ToAddresses": [envelope.address]},
            "FeedbackForwardingEmailAddress": envelope.sender,
            "Content": {"Raw": {"Data": whole_mail.decode("ascii")}},
            "ConfigurationOverrides": TRACKING_OFF,
        }
        if self._configuration_set:
            content["ConfigurationSetName"] = self._configuration_set
        return ReaderPart(mail, json.dumps(content).encode("ascii"))

    def request(self, parts: Sequence[ReaderPart]) -> bytes:
        (part,) = parts
        return part.content


def sign(
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes,
    *,
    access_key: AccessKey,
    region: str,
    now: dt.datetime,
    service: str = "ses",
) -> dict[str, str]:
    """Return a request's headers with date and signature (AWS Signature Version 4), for a path
    without a query.

    Written by hand, since it takes a page: botocore would add 30 MB to every installation.
    """
    headers = {**headers, "X-Amz-Date": f"{now:%Y%m%dT%H%M%SZ}"}
    lines = {name.lower(): value.strip() for name, value in headers.items()}
    names = ";".join(sorted(lines))
    canonical_headers = "".join(
        f"{name}:{lines[name]}\n" for name in sorted(lines)
    )
    canonical = f"{method}\n{path}\n\n{canonical_headers}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{now:%Y%m%d}/{region}/{service}/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"AWS4-HMAC-SHA256\n{headers['X-Amz-Date']}\n{scope}\n{digest}"
    key = f"AWS4{access_key.secret}".encode()
    for step in scope.split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    credential = f"{access_key.id}/{scope}"
    authorization = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}"
    return {**headers, "Authorization": authorization}


def judge(answer: Answer) -> Verdict:
    """Return what an answer says about the reader of a request.

    Raises TransportError, saying what to do, for a refusal that isn't about the reader; then
    nothing was accepted.
    """
    words = describe(answer)
    # A proxy or a login page may answer 200 as well, but without an id.
    if answer.status == 200 and answer.fields().get("MessageId"):
        return Verdict(Meaning.ACCEPTED)
    # Amazon documents no 5xx that means that the email wasn't taken.
    if answer.status // 100 != 4:
        return Verdict(Meaning.UNKNOWN, words)
    if _is_throttled(answer) and not _is_about_the_day(answer):
        return Verdict(Meaning.LATER, words)
    code, _ = _error(answer)
    if code in _ABOUT_THE_READER:
        return Verdict(Meaning.UNNAMED, words)
    raise TransportError(describe_refusal(answer))


def describe_refusal(answer: Answer) -> str:
    """Return one line about an answer that refuses, with what to do."""
    words = describe(answer)
    if not answer.status:
        return words
    return f"Amazon SES {_advice(answer)} ({words})"


def describe(answer: Answer) -> str:
    """Return status, code and message on one line, in their usual words only."""
    if not answer.status:
        return answer.failure
    return Reply(answer.status, ": ".join(filter(None, _error(answer)))).words


def _advice(answer: Answer) -> str:
    code, message = _error(answer)
    lower = message.lower()
    if answer.status // 100 == 3:
        return "redirects to another address, where the key must not go; check 'host' under [ses]"
    if answer.status // 100 == 5:
        return "isn't working at the moment; try again later"
    if _is_throttled(answer) and _is_about_the_day(answer):
        return _DAILY_QUOTA
    if "signature expired" in lower or "not yet current" in lower:
        return _WRONG_CLOCK
    if answer.status == 413:
        return "says that the email is too large; use fewer or smaller photos"
    return _ADVICE.get(code, "refuses")


def _is_throttled(answer: Answer) -> bool:
    code, _ = _error(answer)
    return answer.status == 429 or code in _THROTTLED


def _is_about_the_day(answer: Answer) -> bool:
    _, message = _error(answer)
    return "daily" in message.lower()


def _error(answer: Answer) -> tuple[str, str]:
    """Return an answer's error code and message; each may be empty."""
    fields = answer.fields()
    code = answer.headers.get("X-Amzn-ErrorType", "") or str(
        fields.get("__type") or fields.get("code") or ""
    )
    message = str(fields.get("message") or fields.get("Message") or "")
    # com.amazonaws…#Code:http://…
    code = code.partition(":")[0].rpartition("#")[2]
    return code, message
