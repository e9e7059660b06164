"""What every language's scenario does, over a connection or a gateway."""

from decimal import Decimal
from typing import Callable
from uuid import UUID

from client._kf import CallError
from client.class_ import Class, GetXRow, GetXRow_, ListRow, TypeRow
from client.gallery import Gallery, ManyRow, WhoamiRow

LARGEST = 2**256 - 1
SMALLEST = -(2**63)
MARK = UUID("67e55044-10b1-426f-9247-bb680e5fe0c8")
WORDS = "it's \"quoted\" \\ 🦀 ẞ\n\ttab $1 {},"
BYTES = bytes([0, 1, 0, 255, 92])
PRICE = Decimal("-1234567890123456789012345678901234567890.12345678901234567890")


def every_type(gallery: Gallery) -> None:
    gallery.put_thing(
        SMALLEST, WORDS, True, BYTES, MARK, PRICE, LARGEST, [2**63 - 1, None, SMALLEST], [WORDS, None, "null", ""],
        [PRICE, None], [LARGEST, None, 0], [MARK, None], [True, None, False], [BYTES, None, b""],
    )
    gallery.put_bare(1)
    gallery.put_bare(2, "", Decimal("2.5"), note="noted")
    full, left, given = gallery.list_things(SMALLEST)
    assert (full.id, full.words, full.yes, full.bytes_) == (SMALLEST, WORDS, True, BYTES)
    assert (full.mark, str(full.price), full.supply) == (MARK, str(PRICE), LARGEST)
    assert (full.maybe_id, full.maybe_words, full.maybe_yes, full.maybe_bytes) == (SMALLEST, WORDS, True, BYTES)
    assert (full.maybe_mark, full.maybe_price, full.maybe_supply) == (MARK, PRICE, LARGEST)
    assert (full.ints, full.texts) == ([2**63 - 1, None, SMALLEST], [WORDS, None, "null", ""])
    assert (full.prices, full.supplies) == ([PRICE, None], [LARGEST, None, 0])
    assert (full.marks, full.flags, full.blobs) == ([MARK, None], [True, None, False], [BYTES, None, b""])
    assert (left.words, left.yes, left.bytes_, left.ints) == ("it's \"left\" out", False, b"", [])
    assert (str(left.price), left.supply, left.texts, left.blobs) == ("0.50000000000000000000", 0, None, None)
    assert (left.maybe_id, left.maybe_words, left.maybe_bytes, left.maybe_price) == (None, None, None, None)
    assert (given.words, given.price, given.maybe_words) == ("", Decimal("2.5"), "noted")


def results(gallery: Gallery) -> None:
    many = gallery.many(5000)
    assert len(many) == 5000 and many[-1] == ManyRow(5000, 25000000)
    assert gallery.first_words(1) == "it's \"left\" out"
    assert gallery.first_words(77) is None
    assert gallery.whoami() == WhoamiRow("0xAb", b"\xab")


def fault(work: Callable[[], object]) -> CallError:
    try:
        work()
    except CallError as error:
        return error
    raise AssertionError("it was not refused")


def faults(gallery: Gallery, owner: Gallery) -> None:
    raised = fault(lambda: gallery.refuse(WORDS))
    assert (raised.code, raised.message, raised.is_raised, raised.action) == ("KF001", WORDS, True, "gallery.refuse")
    twice = fault(lambda: gallery.put_bare(1))
    assert (twice.code, twice.sqlstate, twice.is_raised) == ("KF0801", "23505", False)
    assert fault(lambda: gallery.put_bare(3, price=Decimal("0.123456789012345678901"))).code == "KF0802"
    for wrong in (lambda: gallery.put_bare(3, price=Decimal("NaN")), lambda: gallery.many(2**63)):
        try:
            wrong()
        except ValueError:
            continue
        raise AssertionError("it was not refused")
    assert fault(gallery.clear).code == "KF002"
    owner.clear()
    assert gallery.list_things(None) == []


def words(names: Class) -> None:
    assert names.type(1, 2) == TypeRow(1, "f", 2, 1, "str", 1)
    assert names.then(1, 2) == 3
    assert names.list_() == [ListRow(1, UUID(int=1), Decimal("1.50"))]
    assert (names.get__x(), names.get_x()) == (GetXRow(3, 4), GetXRow_(1, 2))
    assert names.constructor() == 5


def scenario(gallery: Gallery, owner: Gallery, names: Class) -> None:
    """All of it as 0xAb, and as 0xaa, to whom the gallery belongs."""
    every_type(gallery)
    results(gallery)
    faults(gallery, owner)
    words(names)
