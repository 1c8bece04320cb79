"""An Amazon SES (API v2) that checks each signature with botocore, keeps what it accepts, and fails
on demand.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.sending.servers.http import HttpServer
from tests.sending.servers.http_rules import Answer, HttpRule, Json, Request

SEND = "/v2/email/outbound-emails"
ACCOUNT = "/v2/email/account"
SIGNED = {"host", "x-amz-date", "content-type"}
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, "
    r"SignedHeaders=(?P<names>[a-z0-9;-]+), Signature=(?P<signature>[0-9a-f]{64})"
)
TRACKING_OFF = {
    "OpenTrackingEnabled": "DISABLED",
    "ClickTrackingEnabled": "DISABLED",
}


@dataclass
class SesRule(HttpRule):
    """One fault of SES."""

    action: object
    path: str = SEND
    when: Callable[[Json], bool] | None = None


@dataclass(frozen=True)
class Accepted:
    """An email that was accepted: for whom, where its bounces go, its bytes."""

    address: str
    feedback: str
    data: bytes
    configuration_set: str


def error(status: int, code: str, message: str = "") -> Answer:
    """An error as SES words it."""
    return Answer(status, {"message": message}, {"x-amzn-ErrorType": code})


class SesServer(HttpServer):
    """Listens at `url` while it is entered, for one access key."""

    def __init__(
        self,
        *rules: HttpRule,
        key_id: str = "AKIDEXAMPLE",
        secret: str = "secret",  # noqa: S107  # of this server alone
        region: str = "eu-west-1",
        sending_enabled: bool = True,
    ) -> None:
        super().__init__(rules)
        self.region = region
        self.sending_enabled = sending_enabled
        self.accepted: list[Accepted] = []
        self._credentials = Credentials(key_id, secret)

    def route(self, request: Request, number: int) -> Answer:
        if refused := self._unsigned(request):
            return refused
        match request.method, request.path:
            case "GET", "/v2/email/account":
                return Answer(200, {"SendingEnabled": self.sending_enabled})
            case "POST", "/v2/email/outbound-emails":
                return self._send(request.json, number)
        return error(404, "NotFoundException", "not found")

    def _unsigned(self, request: Request) -> Answer | None:
        """The refusal of a request that isn't signed as botocore would sign it."""
        found = AUTHORIZATION.fullmatch(
            request.headers.get("authorization", "")
        )
        if not found:
            return error(
                403,
                "MissingAuthenticationTokenException",
                "Missing Authentication Token",
            )
        if found["key"] != self._credentials.access_key:
            return error(
                403,
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            )
        names = set(found["names"].split(";"))
        scope = (found["region"], found["service"], found["day"])
        expected = (self.region, "ses", request.headers["x-amz-date"][:8])
        if not (
            names >= SIGNED
            and scope == expected
            and hmac.compare_digest(
                self._signature(request, names), found["signature"]
            )
        ):
            return error(
                403,
                "InvalidSignatureException",
                "The request signature we calculated does not match",
            )
        return None

    def _signature(self, request: Request, names: set[str]) -> str:
        """The signature by botocore, an implementation that shares nothing with ours."""
        signer = SigV4Auth(self._credentials, "ses", self.region)
        headers = {
            name: value
            for name, value in request.headers.items()
            if name in names
        }
        asked = AWSRequest(
            request.method, f"{self.url}{request.path}", headers, request.body
        )
        asked.context["timestamp"] = request.headers["x-amz-date"]
        return str(
            signer.signature(
                signer.string_to_sign(asked, signer.canonical_request(asked)),
                asked,
            )
        )

    def _send(self, body: Json, number: int) -> Answer:
        try:
            (address,) = body["Destination"]["ToAddresses"]
            data = base64.b64decode(
                body["Content"]["Raw"]["Data"], validate=True
            )
        except (TypeError, LookupError, ValueError, binascii.Error):
            return error(
                400, "BadRequestException", "Missing or malformed content"
            )
        if not address.isascii():
            return error(
                400,
                "BadRequestException",
                "Local address contains control or whitespace",
            )
        with self.lock:
            if (
                body.get("ConfigurationOverrides", {}).get("Tracking")
                != TRACKING_OFF
            ):
                self.violations.append(f"request {number}: tracking isn't off")
            if set(body["Destination"]) != {"ToAddresses"}:
                self.violations.append(
                    f"request {number}: somebody gets a copy"
                )
            self.accepted.append(
                Accepted(
                    address,
                    body.get("FeedbackForwardingEmailAddress", ""),
                    data,
                    body.get("ConfigurationSetName", ""),
                )
            )
        return Answer(200, {"MessageId": f"0102-{number}"})
