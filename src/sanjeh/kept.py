"""What is kept is an answer already worked out: it is given again until the data, or the day, have changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Answer = TypeVar("Answer")
MOST = 64


@dataclass(slots=True)
class Kept(Generic[Answer]):
    """At most ``most`` answers, those asked for longest ago forgotten first.

    >>> kept = Kept(most=1)
    >>> kept.get("a", lambda: 1), kept.get("a", lambda: 2), kept.get("b", lambda: 3), kept.get("a", lambda: 4)
    (1, 1, 3, 4)
    """

    most: int = MOST
    _answers: OrderedDict[Hashable, Answer] = field(default_factory=OrderedDict)

    def get(self, question: Hashable, work: Callable[[], Answer]) -> Answer:
        """The answer to ``question``: the one kept, else what ``work`` returns."""
        if question in self._answers:
            self._answers.move_to_end(question)
            return self._answers[question]
        answer = work()
        self._answers[question] = answer
        if len(self._answers) > self.most:
            self._answers.popitem(last=False)
        return answer

    def clear(self) -> None:
        """Forget everything."""
        self._answers.clear()
