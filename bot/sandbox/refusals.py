"""The Bot API's way of saying no: codes, prefixes and normalised texts. It knows no method and no chat.

Source of the rules: `Client::fail_query_with_error` of the official Bot API server.
"""

from __future__ import annotations

from typing import Any

PREFIXES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 409: "Conflict", 500: "Internal Server Error"}


class Refusal(Exception):  # noqa: N818 - a refusal is an answer of the API, not a fault of ours
    """An answer with `ok: false`."""

    def __init__(self, code: int, description: str, *, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters is not None:
            body["parameters"] = self.parameters
        return body


class WrongMove(ValueError):  # noqa: N818 - named for the person who makes it
    """The person's side was asked for something a person could not do."""


def normalised(text: str) -> str:
    """Lower-case the first letter, unless the second one says it is a constant such as MESSAGE_TOO_LONG."""
    if len(text) > 1 and (text[1] == "_" or text[1].isupper()):
        return text
    return text[:1].lower() + text[1:]


def refusal(code: int, text: str, **parameters: Any) -> Refusal:
    """Build a refusal with the prefix of its code."""
    return Refusal(code, f"{PREFIXES[code]}: {normalised(text)}", parameters=parameters or None)


def bad_request(text: str, **parameters: Any) -> Refusal:
    """Build a refusal with status 400."""
    return refusal(400, text, **parameters)


def forbidden(text: str) -> Refusal:
    """Build a refusal with status 403."""
    return refusal(403, text)


def too_many_requests(seconds: int) -> Refusal:
    """Build a refusal with status 429; the HTTP answer repeats `seconds` in its Retry-After."""
    text = f"Too Many Requests: retry after {seconds}"
    return Refusal(429, text, parameters={"retry_after": seconds})


METHOD_NOT_FOUND = Refusal(404, "Not Found: method not found")
NOT_FOUND = Refusal(404, "Not Found")
UNAUTHORIZED = Refusal(401, "Unauthorized")
QUERY_IS_TOO_OLD = bad_request("query is too old and response timeout expired or query ID is invalid")
NOT_MODIFIED = bad_request(
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
