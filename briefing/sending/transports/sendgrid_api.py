"""Requests to SendGrid (API v3) through its library: with a time-out, without redirects, and silent."""

import logging
import urllib.request
from collections.abc import Callable
from typing import Any

import python_http_client
from sendgrid import SendGridAPIClient

from briefing.configuration.settings import Settings
from briefing.errors import TransportError

from . import http_client
from .http_client import Answer, RawResponse

HOSTS = {
    "global": "https://api.sendgrid.com",
    "eu": "https://api.eu.sendgrid.com",
}

# At DEBUG the library logs the key and every address. A filter stays in force whatever level or
# handler is set later.
logging.getLogger("python_http_client.client").addFilter(lambda _record: False)


def host(settings: Settings) -> str:
    """Return where the account's servers are, with the scheme."""
    return settings.sendgrid.host or HOSTS[settings.sendgrid.region]


class Api:
    """The library's client with a time-out, without redirects, and silent."""

    def __init__(self, host: str, api_key: str, timeout: float) -> None:
        if not http_client.is_key(api_key):
            # The library would put it into an exception, or look for another one in the
            # environment.
            raise TransportError(
                "the API key for SendGrid is empty, or has characters that no key has; copy it again"
            )
        self._host = host
        self._secret = api_key
        library = SendGridAPIClient(api_key, host=host)
        self._client = _Client(
            host=host,
            request_headers=library.client.request_headers,
            version=3,
            timeout=timeout,
        )
        self._client.opener = http_client.make_opener()

    def ask(self, call: Callable[[Any], Any]) -> Answer:
        """Return the answer to what `call` does with the client."""

        def request() -> RawResponse:
            response = call(self._client)
            return response.status_code, response.body, response.headers

        return http_client.ask(self._host, self._secret, request)


class _Client(python_http_client.Client):  # type: ignore[misc]  # the library ships no types
    """The library's client, with an opener of ours: its own follows redirects, and takes the key
    along.
    """

    opener: urllib.request.OpenerDirector | None = None
    _body: bytes | None = None

    def post_json(self, body: bytes) -> Any:
        """Post JSON that is encoded already; the library would encode it again, and format it for
        a log.
        """
        self._body = body
        return self.post(request_headers={"Content-Type": "application/json"})

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

    def _make_request(
        self,
        _opener: object,
        request: urllib.request.Request,
        timeout: float | None = None,
    ) -> Any:
        assert self.opener
        if self._body is not None:
            request.data = self._body
        return self.opener.open(request, timeout=timeout or self.timeout)
