"""A whole number is a parameter that counts days or periods."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sanjeh.definitions import ParameterValue
from sanjeh.errors import Issue, QuestionError


def read_whole_number(settings: Mapping[str, ParameterValue], name: str, default: int = 0) -> int:
    """The parameter ``name`` as a whole number; raises QuestionError (``bad_parameter``) for any other value.

    >>> read_whole_number({"lost_after_days": 90.0}, "lost_after_days")
    90
    """
    value = settings.get(name, default)
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        value = int(value)
    if not isinstance(value, int) or abs(value) > _MOST:
        raise QuestionError(Issue("bad_parameter", {"name": name, "value": str(value)}))
    return value


# A hundred thousand days or periods reach beyond every date that data can have.
_MOST = 100_000
