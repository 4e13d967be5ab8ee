"""Random trees of formulas, as ``parse`` could give them."""

from __future__ import annotations

from hypothesis import strategies as st

from sanjeh.formula import (
    FUNCTIONS,
    REDUCTIONS,
    Binary,
    Call,
    Filtered,
    Name,
    Negative,
    Node,
    Number,
    Takes,
    VariantName,
    Word,
)
from sanjeh.series import Condition

names = st.sampled_from(["revenue", "orders", "churn_rate", "days", "lag_days", "unheard_of"])
numbers = st.floats(0, 1e300, allow_nan=False) | st.integers(0, 10**18).map(float)
members = st.lists(st.none() | st.text(max_size=8), max_size=3).map(tuple)
conditions = st.builds(Condition, st.sampled_from(["region", "is_online", "nowhere"]), members, st.booleans())
leaves = st.builds(Number, numbers) | st.builds(Name, names) | st.just(VariantName("retention_rate", "exact"))


def _call(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    given = {
        Takes.DIMENSION: st.builds(Name, st.just("region")),
        Takes.REDUCTION: st.builds(Word, st.sampled_from([*REDUCTIONS])),
    }
    calls = [
        st.builds(Call, st.just(name), st.tuples(*(given.get(takes, inner) for takes in function.takes)))
        for name, function in FUNCTIONS.items()
    ]
    return st.one_of(calls)


def _grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return (
        st.builds(Binary, st.sampled_from("+-*/"), inner, inner)
        | st.builds(Negative, inner)
        | st.builds(Filtered, inner, conditions)
        | _call(inner)
    )


trees: st.SearchStrategy[Node] = st.recursive(leaves, _grow, max_leaves=12)
