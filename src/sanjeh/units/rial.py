"""The rial family is the rial, the toman of ten and the new rial of ten thousand: fixed by law, converted exactly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sanjeh.units.currency import NEW_RIAL, RIAL, TOMAN, load_currencies

# How many zeros each has over the rial.
_ZEROS = {RIAL: 0, TOMAN: 1, NEW_RIAL: 4}


def convert_constant(
    amount: Decimal, source: str, target: str, day: date, *, new_rial_from: date | None = None
) -> Decimal | None:
    """``amount`` of ``source`` in ``target``, exactly; None when no constant ties the two on ``day``.

    ``new_rial_from`` is the first day on which the new rial (IRX) counts; default: the date in the currency table. An
    old amount keeps its worth after that day, so rials and tomans are converted on any day.

    >>> convert_constant(Decimal(25), "IRT", "IRR", date(2024, 3, 20))
    Decimal('250')
    >>> convert_constant(Decimal(25000), "IRR", "IRX", date(2024, 3, 20)) is None
    True
    >>> convert_constant(Decimal(25000), "IRR", "IRX", date(2027, 3, 21))
    Decimal('2.5000')
    """
    if source == target:
        return amount
    if source not in _ZEROS or target not in _ZEROS:
        return None
    if NEW_RIAL in (source, target) and day < (new_rial_from or load_currencies().redenomination.starts):
        return None
    return _shifted(amount, _ZEROS[source] - _ZEROS[target])


def _shifted(amount: Decimal, zeros: int) -> Decimal:
    """``amount`` times ten to ``zeros``, by its exponent: multiplying would round beyond the context's 28 digits."""
    sign, digits, exponent = amount.as_tuple()
    if not isinstance(exponent, int):
        return amount
    moved = exponent + zeros
    if moved > 0:
        digits, moved = digits + (0,) * moved, 0
    return Decimal((sign, digits, moved))
