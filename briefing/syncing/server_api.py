"""Requests to the server where readers leave and join, as joining/protocol.py describes them."""

import json
import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from briefing.errors import RefusedError, TransportError
from briefing.joining import protocol
from briefing.joining.protocol import RequestBatch, UnreadableError
from briefing.network.parallel import ShowSteps
from briefing.sending.transports import http_client
from briefing.sending.transports.http_client import Answer, Client

MOST_BYTES = protocol.MOST_REQUESTS * (protocol.MOST_BYTES + 1024)
"""Of an answer: no list of requests is larger."""

_MEANINGS = {
    404: "doesn't know this sync key; on the server, BRIEFING_SYNC_KEY_DIGEST must be what 'briefing subscribers keys' "
    "prints here",
    409: "says that something has changed in the meantime; run the command again",
    413: "accepts only smaller requests; check the limit of the web server in front of it, such as nginx",
    429: "accepts no more requests at the moment; try again later",
}
_REDIRECT = (
    "redirects to another address, where the sync key must not be sent; check 'url' under [joining] in "
    "briefing.toml"
)
_TROUBLE = "isn't working at the moment; check its log, or try again later"


class ServerApi:
    """What home asks of the server, with the key that only reads and acknowledges."""

    def __init__(
        self, url: str, secret: str, *, host: str = "", timeout: float = 60
    ) -> None:
        """`host`: where the server at `url` is reached instead. Raises RefusedError for text that
        can't be a key.
        """
        if not http_client.is_key(secret):
            raise RefusedError(
                "the sync key has characters that can't be in one; make a new one with "
                "'briefing subscribers keys'"
            )
        self._url = url
        self._secret = secret
        self._client = Client(
            host or url, secret, timeout=timeout, most_bytes=MOST_BYTES
        )

    def requests(self, after: int) -> RequestBatch:
        """Return the first requests after a number. Raises TransportError."""
        answer = self._ask("GET", protocol.REQUESTS, query={"after": after})
        try:
            return protocol.parse_batch(answer.body)
        except UnreadableError as error:
            raise TransportError(f"{self._url}: {error}") from None

    def acknowledge(self, store: str, up_to: int) -> None:
        """Say that the requests up to a number were carried out. Raises TransportError."""
        self._post(protocol.ACKNOWLEDGED, {"store": store, "up_to": up_to})

    def replace_tokens(self, digests: bytes, show: ShowSteps) -> None:
        """Replace the tokens that the server knows, given by their digests: it keeps the earlier ones until
        all of these have arrived. Raises TransportError.
        """
        count = len(digests) // protocol.DIGEST_LENGTH
        upload = secrets.randbelow(protocol.MOST_UPLOAD)
        step = protocol.DIGESTS_AT_ONCE * protocol.DIGEST_LENGTH
        for start in range(0, len(digests), step):
            show(start // protocol.DIGEST_LENGTH, count)
            self._ask(
                "PUT",
                protocol.TOKENS,
                body=digests[start : start + step],
                query={"upload": upload},
            )
        self._post(protocol.TOKENS, {"upload": upload, "count": count})
        show(count, count)

    def _post(self, path: str, content: dict[str, Any]) -> None:
        self._ask("POST", path, body=json.dumps(content).encode())

    def _ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        query: dict[str, int] | None = None,
    ) -> Answer:
        """Return the answer if it is 200. Raises TransportError, with what to do."""
        headers = {
            # It answers only to its own name.
            "Host": urlsplit(self._url).netloc,
            "Authorization": f"Bearer {self._secret}",
        }
        if body is not None:
            headers["Content-Type"] = "application/octet-stream"
        target = f"{path}?{urlencode(query or {})}".rstrip("?")
        answer = self._client.ask(method, target, headers, body)
        if answer.status != 200:
            raise TransportError(self._describe(answer))
        return answer

    def _describe(self, answer: Answer) -> str:
        if not answer.status:
            return answer.failure
        meaning = _MEANINGS.get(answer.status, _TROUBLE)
        if answer.status // 100 == 3:
            meaning = _REDIRECT
        return f"{self._url} {meaning} (status {answer.status})"
