

class CallError(Exception):
    """A call that was refused or rolled back.

    `sqlstate` is what the database says: "KF001" where an action raised, else an SQLSTATE. `message` is the text of
    ERROR(..) where an action raised.
    """

    def __init__(self, action: str, sqlstate: str, message: str, hint: str | None) -> None:
        super().__init__(message)
        self.action = action
        self.sqlstate = sqlstate
        self.message = message
        self.hint = hint

    @property
    def code(self) -> str:
        """What `kf explain` explains: "KF001", "KF0801"."""
        if self.sqlstate.startswith("KF"):
            return self.sqlstate
        if self.sqlstate == "23514" and "kf.finite" in self.message:
            return "KF0802"
        return next((code for beginning, code in _CODES if self.sqlstate.startswith(beginning)), "KF0803")

    @property
    def is_raised(self) -> bool:
        """True if the action said ERROR(..), whose text is the message."""
        return self.sqlstate == "KF001"


_CODES = (
    ("PT403", "KF002"), ("25006", "KF006"), ("54001", "KF007"), ("40001", "KF012"), ("40P01", "KF012"),
    ("55P03", "KF012"), ("42501", "KF0502"), ("23", "KF0801"), ("22", "KF0802"), ("53", "KF009"), ("54", "KF009"),
    ("42", "KF0790"), ("0A", "KF0790"), ("XX", "KF0790"), ("2F", "KF0790"), ("34", "KF0790"), ("24", "KF0790"),
)

# A value as it travels: text in PostgreSQL's form, a list of such, or null.
Raw: TypeAlias = "str | list[str | None] | None"


class Unset(Enum):
    """An argument that is left out."""

    UNSET = "unset"


UNSET = Unset.UNSET

_T = TypeVar("_T")

# How often a call that collided with another is tried.
_ATTEMPTS = 8


def _settled(once: Callable[[], _T], may_pass: Callable[[Exception], bool]) -> _T:
    """Runs what is a transaction of its own until it does not collide with another."""
    for attempt in range(1, _ATTEMPTS):
        try:
            return once()
        except Exception as error:
            if not may_pass(error):
                raise
            time.sleep(0.005 * 2**attempt)
    return once()


@dataclass(frozen=True)
class Codec(Generic[_T]):
    """How values of a type travel."""

    write: Callable[[_T], str]
    read: Callable[[str], _T]


def _integer(low: int, high: int, expected: str) -> Callable[[int], str]:
    def write(value: int) -> str:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ValueError(f"{value!r} is not {expected}")
        return str(value)

    return write


def _decimal(value: Decimal) -> str:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueError(f"{value!r} is not a finite Decimal")
    return format(value, "f")


def _text(value: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a str")
    return value


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _blob(value: bytes) -> str:
    return "\\x" + value.hex()


INT: Codec[int] = Codec(_integer(-(2**63), 2**63 - 1, "an int of 64 bits"), int)
UINT256: Codec[int] = Codec(_integer(0, 2**256 - 1, "an int from 0 to 2**256 - 1"), int)
DECIMAL: Codec[Decimal] = Codec(_decimal, Decimal)
TEXT: Codec[str] = Codec(_text, str)
BOOL: Codec[bool] = Codec(_bool, "true".__eq__)
UUIDS: Codec[UUID] = Codec(str, UUID)
BLOB: Codec[bytes] = Codec(_blob, lambda text: bytes.fromhex(text[2:]))


def put(codec: Codec[_T], value: _T | None | Unset) -> Raw | Unset:
    """An argument."""
    return value if value is None or isinstance(value, Unset) else codec.write(value)


def put_list(codec: Codec[_T], values: Sequence[_T | None] | None | Unset) -> Raw | Unset:
    """An argument that is an array."""
    if values is None or isinstance(values, Unset):
        return values
    return [None if value is None else codec.write(value) for value in values]


def get_or_none(codec: Codec[_T], raw: Raw) -> _T | None:
    """A result that may be null."""
    return codec.read(raw) if isinstance(raw, str) else None


def get(codec: Codec[_T], raw: Raw) -> _T:
    """A result that is never null."""
    if not isinstance(raw, str):
        raise ValueError(f"{raw!r} is not a value: make the client anew")
    return codec.read(raw)


def get_list_or_none(codec: Codec[_T], raw: Raw) -> list[_T | None] | None:
    """A result that is an array or null."""
    return [None if it is None else codec.read(it) for it in raw] if isinstance(raw, list) else None


def get_list(codec: Codec[_T], raw: Raw) -> list[_T | None]:
    """A result that is an array."""
    if not isinstance(raw, list):
        raise ValueError(f"{raw!r} is not a list: make the client anew")
    return [None if it is None else codec.read(it) for it in raw]


def only(rows: Sequence[tuple[Raw, ...]]) -> tuple[Raw, ...]:
    """The only row of a result."""
    if len(rows) != 1:
        raise ValueError(f"{len(rows)} rows are not one: make the client anew")
    return rows[0]
