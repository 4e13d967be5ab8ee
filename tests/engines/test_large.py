"""Large companies take other ways to the same numbers: pairs instead of bits, sweeps instead of comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanjeh.calendars import Span
from sanjeh.definitions import load_catalogue
from sanjeh.engines import load_engine
from sanjeh.engines.size import is_large, is_small, mask_type, set_bytes
from sanjeh.engines.terms import Terms
from sanjeh.plan import Answer, Block, Held, Holdings, Need, Strategy
from sanjeh.series import Condition, Mode

CATALOGUE = load_catalogue()
FIRST = date(2024, 1, 1)
SPANS = tuple(Span(FIRST + timedelta(10 * n), FIRST + timedelta(10 * n + 10)) for n in range(4))
SPANS = tuple(sorted((*SPANS, Span(FIRST, FIRST + timedelta(40)))))
Rows = Mapping[str, Sequence[Mapping[str, str]]]


def answers(
    rows: Rows,
    measures: Sequence[str],
    strategy: Strategy,
    *,
    large: bool,
    mask: str | None = None,
    by: tuple[str, ...] = (),
    where: str = "",
) -> list[Answer]:
    """The answers of one block, by the quick way or the large one."""
    memory = load_engine("memory").build_memory(CATALOGUE, rows)
    runner = load_engine("duckdb").build(
        memory.connection, CATALOGUE, CATALOGUE.settings(), memory.holdings, date(2025, 1, 1)
    )
    conditions = (Condition("region", (where,)),) if where else ()
    modes = (Mode.OPENING, Mode.CLOSING) if strategy is Strategy.BALANCE else (Mode.FLOW,)
    known = [CATALOGUE.measures[name] for name in measures]
    needs = tuple(Need(m, m.bindings[0], mode, conditions, by) for m in known for mode in modes)
    first = needs[0].binding
    block = Block(strategy, first.entity, first.times, needs, SPANS)
    found = {}
    runner._own()
    pairs = load_engine("compile").compile_block(block, runner.relations, large=large, mask=mask)
    runner._prepare([(block.spans, item.query) for item in pairs])
    runner._lay(block.spans)
    for statement in pairs:
        found.update(load_engine("duckdb")._read(statement, block.spans, runner._fetch(statement.query)))
    return [Answer({key: value for key, value in found[need.key].values.items() if value[1]}) for need in needs]


DAYS = st.integers(-5, 45).map(lambda n: str(FIRST + timedelta(n)))
REGIONS = st.sampled_from(["north", "south", ""])
INVOICES = st.lists(
    st.fixed_dictionaries(
        {
            "issued_at": DAYS,
            "paid_at": st.one_of(st.just(""), DAYS),
            "amount": st.integers(1, 9).map(str),
            "region": REGIONS,
            "is_credit": st.sampled_from(["true", "false", ""]),
        }
    ),
    min_size=1,
    max_size=8,
)
ORDERS = st.lists(
    st.fixed_dictionaries(
        {
            "ordered_at": DAYS,
            "net_amount": st.integers(1, 9).map(str),
            "customer_id": st.sampled_from(["A", "B", "C", ""]),
            "region": REGIONS,
            "status": st.sampled_from(["paid", "cancelled"]),
        }
    ),
    min_size=1,
    max_size=8,
)
FEW = settings(max_examples=25, deadline=None)


@given(INVOICES, st.sampled_from([(), ("region",)]), st.sampled_from(["", "north"]))
@FEW
def test_a_sweep_counts_what_is_open_as_the_comparison_does(
    invoices: list[dict[str, str]], by: tuple[str, ...], where: str
) -> None:
    """Also where a row was paid before it was issued (never open), on the day itself, or before all spans."""
    rows = {"invoices": [{"invoice_id": str(n), **row} for n, row in enumerate(invoices)]}
    ways = [
        answers(rows, ("receivables",), Strategy.BALANCE, large=large, by=by, where=where) for large in (False, True)
    ]
    assert ways[0] == ways[1]


def test_a_filter_that_moves_with_the_instant_is_not_swept() -> None:
    """Neglected deals depend on the instant: both ways ask every row at every instant."""
    rows = {
        "deals": [{"deal_id": "1", "created_at": "2024-01-01"}],
        "deal_contacts": [{"deal_id": "1", "contacted_at": "2024-01-05"}],
    }
    ways = [answers(rows, ("neglected_deals", "open_deals"), Strategy.BALANCE, large=large) for large in (False, True)]
    assert ways[0] == ways[1]
    assert any(answer.values for answer in ways[0][:2])


@given(ORDERS, st.sampled_from([(), ("region",), ("region", "status")]))
@FEW
def test_pairs_count_keys_as_bits_do(orders: list[dict[str, str]], by: tuple[str, ...]) -> None:
    """Overall and by members, with sums beside them."""
    rows = {"orders": [{"order_id": str(n), **row} for n, row in enumerate(orders)]}
    names = ("buyers", "revenue", "orders", "repeat_buyers")
    shapes: tuple[tuple[bool, str | None], ...] = ((False, None), (True, None), (True, "BIGINT"), (True, "HUGEINT"))
    ways = [answers(rows, names, Strategy.FLOW, large=large, mask=mask, by=by) for large, mask in shapes]
    assert all(way == ways[0] for way in ways)


def terms(rows: int, keys: int, regions: int = 0) -> Terms:
    """A company of so many orders, customers and regions."""
    held = {"orders": Held(frozenset({"ordered_at"}), rows), "invoices": Held(frozenset(), rows)}
    codes = {"customer_id": keys, **({"region": regions} if regions else {})}
    return Terms(CATALOGUE, CATALOGUE.settings(), Holdings(held, codes=codes), date(2025, 1, 1))


def block_of(measure: str, spans: int, by: tuple[str, ...] = ()) -> Block:
    """A block of one need over so many days."""
    known = CATALOGUE.measures[measure]
    need = Need(known, known.bindings[0], Mode.FLOW, (), by)
    strategy = Strategy.BALANCE if measure == "receivables" else Strategy.FLOW
    days = tuple(Span(FIRST + timedelta(n), FIRST + timedelta(n + 1)) for n in range(spans))
    return Block(strategy, known.bindings[0].entity, known.bindings[0].times, (need,), days)


@pytest.mark.parametrize(
    ("block", "given", "large"),
    [
        (block_of("buyers", 24), terms(100_000_000, 5_000_000), False),
        (block_of("buyers", 24, ("region",)), terms(100_000_000, 5_000_000, 31), True),
        (block_of("buyers", 24, ("region",)), terms(26_000, 4_400, 40), False),
        (block_of("revenue", 400, ("region",)), terms(100_000_000, 5_000_000, 31), False),
        (block_of("receivables", 24), terms(100_000, 0), False),
        (block_of("receivables", 400), terms(1_000_000, 0), True),
    ],
)
def test_the_large_way_is_taken_where_memory_or_comparisons_would_run_out(
    block: Block, given: Terms, large: bool
) -> None:
    """Decided from rows, spans and dictionaries, without looking at the data."""
    assert is_large(block, given) is large


def test_a_mask_has_a_bit_for_each_atom_and_one_to_spare() -> None:
    """62 days are 62 atoms in a number of 64 bits, 126 in one of 128; beyond that keys are grouped by span."""
    assert [mask_type(block_of("buyers", n)) for n in (1, 62, 63, 126, 127)] == [
        *("BIGINT", "BIGINT", "HUGEINT", "HUGEINT", None)
    ]


def test_sets_take_an_eighth_of_a_byte_for_each_key_atom_and_member() -> None:
    """80 000 keys in 10 spans: at most 20 atoms and 10 spans of 10 000 bytes; fewer rows than atoms, fewer sets."""
    assert set_bytes(block_of("buyers", 10), terms(1000, 80_000), 1000) == 30 * 10_000
    assert set_bytes(block_of("buyers", 10), terms(5, 80_000), 5) == 15 * 10_000


def test_rows_are_kept_only_while_they_are_few() -> None:
    """Half a million lines of ten columns are kept for the statements that follow, a hundred million are not."""
    assert is_small("orders", terms(540_000, 1), 10)
    assert not is_small("orders", terms(100_000_000, 1), 3)
