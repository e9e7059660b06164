from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeAlias, TypeVar
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen
from uuid import UUID


@dataclass(frozen=True)
class Gateway:
    """Where the gateway is, and who calls.

    `url` is what stands before `/rpc/..`; `token` is sent as `Authorization: Bearer`, and a function is asked for each
    call; `headers` are sent with each call; `timeout` is in seconds.
    """

    url: str
    token: str | Callable[[], str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 30.0


@dataclass(frozen=True)
class Action:
    """A call as it is sent."""

    name: str
    schema: str
    function: str
    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    shape: str


class Session:
    """Calls as whoever the gateway verifies."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def call(self, action: Action, given: Sequence[Raw | Unset]) -> list[tuple[Raw, ...]]:
        """Calls `action` with `given`, and gives rows as they came."""
        return _settled(lambda: self._attempt(action, given), _may_pass)

    def _attempt(self, action: Action, given: Sequence[Raw | Unset]) -> list[tuple[Raw, ...]]:
        # What is left out is not sent, so that the function's own default holds.
        sent = {name: value for name, value in zip(action.parameters, given) if not isinstance(value, Unset)}
        url = f"{self._gateway.url}/rpc/{quote(action.function)}"
        request = Request(url, json.dumps(sent).encode(), self._headers(action), method="POST")
        try:
            with urlopen(request, timeout=self._gateway.timeout) as answer:
                text = answer.read()
        except HTTPError as error:
            raise _told(action, error) from error
        # Numbers stay text: a float would lose digits.
        return _rows(action, json.loads(text, parse_int=str, parse_float=str) if text else None)

    def _headers(self, action: Action) -> dict[str, str]:
        token = self._gateway.token
        headers = {"Content-Type": "application/json", "Content-Profile": action.schema}
        if token is not None:
            headers["Authorization"] = "Bearer " + (token if isinstance(token, str) else token())
        return {**headers, **self._gateway.headers}


def _rows(action: Action, body: Any) -> list[tuple[Raw, ...]]:
    def row(it: Any) -> tuple[Raw, ...]:
        return tuple(_raw(it[name]) for name in action.columns)

    if action.shape == "rows":
        return [row(it) for it in body]
    if action.shape == "row":
        return [row(body)]
    return [(_raw(body),)] if action.shape == "value" else []


def _raw(value: Any) -> Raw:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return [_scalar(it) for it in value]
    return _scalar(value)


def _scalar(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _told(action: Action, error: HTTPError) -> CallError:
    text = error.read().decode(errors="replace")
    try:
        said = json.loads(text)
    except ValueError:
        said = {}
    if not isinstance(said, dict) or "message" not in said:
        return CallError(action.name, f"HTTP {error.code}", text, None)
    return CallError(action.name, said.get("code") or f"HTTP {error.code}", said["message"], said.get("hint"))


def _may_pass(error: Exception) -> bool:
    """True if the call collided with another."""
    return isinstance(error, CallError) and error.sqlstate in ("40001", "40P01", "55P03", "55006")
