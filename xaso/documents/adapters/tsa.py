"""A time stamping service over HTTP (RFC 3161): five seconds, one megabyte, no other address."""

import asyncio
import http.client
from urllib.parse import urlsplit

from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from xaso.documents.refusals import StampAway

_SECONDS = 5
_MOST = 1_000_000
_GIVEN = {"granted", "granted_with_mods"}


class HttpStamper(TimeStamper):
    """Asks the service of the installation's settings; refuses with StampAway."""

    def __init__(self, url: str) -> None:
        """Take the address."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.url = url

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return a token whose digest and nonce are those that were asked about."""
        try:
            return await super().async_timestamp(message_digest, md_algorithm)
        except TimestampRequestError as error:
            raise StampAway from error

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Return the service's answer."""
        return await asyncio.to_thread(self._asked, req.dump())

    def _asked(self, request: bytes) -> tsp.TimeStampResp:
        place = urlsplit(self.url)
        kind = (
            http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        )
        line = kind(place.netloc, timeout=_SECONDS)
        try:
            head = {"Content-Type": "application/timestamp-query"}
            line.request("POST", place.path or "/", request, head)
            answer = line.getresponse()
            body = answer.read(_MOST + 1)
        except (OSError, http.client.HTTPException) as error:
            raise StampAway from error
        finally:
            line.close()
        if answer.status != 200 or len(body) > _MOST:
            raise StampAway
        try:
            found = tsp.TimeStampResp.load(body, strict=True)
            is_given = found["status"]["status"].native in _GIVEN
            found["time_stamp_token"]["content"]  # is there a token at all
        except (ValueError, TypeError, KeyError) as error:
            raise StampAway from error
        if not is_given:
            raise StampAway
        return found
