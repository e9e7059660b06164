from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from psycopg.rows import tuple_row


@dataclass(frozen=True)
class Context:
    """Who calls, and when: what actions see as `@caller`, `@txid` and so on.

    What `0x..` of the caller spells is `@signer`, else its text in bytes. Without a txid each call has a new one, without
    a block timestamp (in seconds) it is now.
    """

    caller: str
    txid: str | None = None
    height: int = 1
    block_timestamp: int | None = None
    authenticator: str = "local"


@dataclass(frozen=True)
class Action:
    """A call as it is sent."""

    name: str
    dataset: str
    reads: bool
    sql: str
    defaults: tuple[str | None, ...]


_PIN = "__PIN__"
_ROLES = (
    "SELECT (pg_catalog.pg_get_userbyid(n.nspowner) = 'kf_owner')::text "
    "FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'kf'"
)
# True for connections to databases with the roles kf_public and so on.
_roles: WeakKeyDictionary[psycopg.Connection[Any], bool] = WeakKeyDictionary()


class Session:
    """Calls as one caller.

    Each call is a transaction of its own. The login has to be `kf_engine` or one with its rights; the connection must be
    in no transaction, and belong to one thread.
    """

    def __init__(self, connection: psycopg.Connection[Any], context: str | Context) -> None:
        self._connection = connection
        self._context = Context(context) if isinstance(context, str) else context
        if not self._context.caller:
            raise ValueError("the caller is empty")

    def call(self, action: Action, given: Sequence[Raw | Unset]) -> list[tuple[Raw, ...]]:
        """Calls `action` with `given`, and gives rows as they came."""
        if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            raise RuntimeError(f"{action.name} is a transaction of its own, and the connection is in one")
        values = [default if isinstance(value, Unset) else value for value, default in zip(given, action.defaults)]
        try:
            return _settled(lambda: self._attempt(action, values), _may_pass)
        except psycopg.Error as error:
            if error.sqlstate is None:
                raise
            message = error.diag.message_primary or str(error)
            raise CallError(action.name, error.sqlstate, message, error.diag.message_hint) from error

    def _attempt(self, action: Action, values: Sequence[Raw]) -> list[tuple[Raw, ...]]:
        apart = self._has_roles(action)
        with self._connection.transaction(), psycopg.RawCursor(self._connection, row_factory=tuple_row) as cursor:
            cursor.execute(_beginning(action, apart).encode())
            cursor.execute(action.sql.encode(), [*self._bound(), *values])
            return cursor.fetchall()

    def _has_roles(self, action: Action) -> bool:
        known = _roles.get(self._connection)
        if known is None:
            with self._connection.transaction(), psycopg.RawCursor(self._connection, row_factory=tuple_row) as cursor:
                row = cursor.execute(_ROLES.encode()).fetchone()
            if row is None:
                raise CallError(action.name, "3F000", "no dataset is deployed", None)
            known = _roles[self._connection] = row[0] == "true"
        return known

    def _bound(self) -> tuple[object, ...]:
        it = self._context
        timestamp = int(time.time()) if it.block_timestamp is None else it.block_timestamp
        return (it.caller, _signer(it.caller), it.txid or secrets.token_hex(32), it.height, timestamp, it.authenticator)


def _signer(caller: str) -> bytes:
    if caller[:2] in ("0x", "0X") and len(caller) > 2:
        try:
            return bytes.fromhex(caller[2:]) if caller[2:].isalnum() else caller.encode()
        except ValueError:
            pass
    return caller.encode()


def _beginning(action: Action, apart: bool) -> str:
    statements = ["SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", _PIN, f"SELECT kf.hold('{action.dataset}')"]
    if action.reads:
        statements.append("SET TRANSACTION READ ONLY")
    if apart:
        statements.append("SET LOCAL ROLE kf_public")
    return "; ".join(statements)


def _may_pass(error: Exception) -> bool:
    """True if the call collided with another, or what it calls was replaced since its snapshot."""
    if not isinstance(error, psycopg.Error):
        return False
    gone = error.sqlstate in ("42883", "3F000") and not error.diag.context
    return error.sqlstate in ("40001", "40P01", "55P03", "55006") or gone
