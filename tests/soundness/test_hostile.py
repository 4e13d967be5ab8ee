"""Whatever stands in a member, a dimension or a company's own SQL, it reads what was asked and does nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from asking import CATALOGUE, Company, company, reading_of
from hypothesis import given, settings
from hypothesis import strategies as st

from sanjeh.compute import Question, compute
from sanjeh.definitions import Catalogue, Join
from sanjeh.engines.duckdb import connect
from sanjeh.errors import DefinitionError, QuestionError, SanjehError
from sanjeh.series import Condition

WORDS = (
    "o'reilly",
    "'; drop table raw_orders; --",
    "north' or '1'='1",
    '"quoted"',
    "$p0",
    ":successful_statuses",
    "?",
    "%",
    "تهران «شمال»",
    "\\",
    "line\nbreak",
    "true",
    "null",
)


def shop_of(*members: str) -> Company:
    """A company with one order in each region."""
    records = [
        {"order_id": str(n), "ordered_at": "2024-01-05", "net_amount": str(2**n), "region": member}
        for n, member in enumerate(members)
    ]
    return company({"orders": records})


def asked(shop: Company, condition: Condition) -> float | None:
    """Orders under a condition given as a value, not as text."""
    question = Question((reading_of("orders"),), shop.periods("2024-01"), (), (condition,))
    (point,) = compute(question, shop.ground).points()
    return point.value


@pytest.mark.parametrize("word", WORDS)
def test_a_members_value_is_only_ever_a_value(word: str) -> None:
    """It finds the row that has it, alone, and both kinds of row are still there afterwards."""
    shop = shop_of(word, "north")
    assert asked(shop, Condition("region", (word,))) == 1
    assert asked(shop, Condition("region", (word,), negated=True)) == 1
    found = shop.ask("orders", "2024-01", by="region")
    assert found == {("2024-01", word): 1, ("2024-01", "north"): 1}


@given(st.text(max_size=20).filter(lambda text: "\x00" not in text))
@settings(max_examples=40, deadline=None)
def test_any_text_may_be_asked_for(text: str) -> None:
    """A member that no row has is nothing, whatever its letters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert asked(PLAIN, Condition("region", (text,))) == (1 if text == "north" else 0)


PLAIN = shop_of("north")

NAMES = (
    "region; drop table raw_orders",
    'region" or 1=1 --',
    "order_id) from raw_orders --",
    "raw_orders.region",
    "customer..region",
    "..",
    "",
    "region__code",
    "_row_key",
    "1",
    "منطقه",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_dimension_that_is_no_column_is_an_error_and_never_sql(name: str) -> None:
    """Its name is looked up among the columns that are held, and nowhere else."""
    question = Question((reading_of("orders"),), PLAIN.periods("2024-01"), (name,))
    with pytest.raises(QuestionError) as caught:
        compute(question, PLAIN.ground)
    assert caught.value.issues[0].code in ("unknown_dimension", "unreachable_dimension")
    question = Question((reading_of("orders"),), PLAIN.periods("2024-01"), (), (Condition(name, ("x",)),))
    with pytest.raises(QuestionError):
        compute(question, PLAIN.ground)


EXPRESSIONS = (
    "getenv('HOME')",
    "(select count(*) from raw_customers)",
    "exists(select 1)",
    "read_text('/etc/hostname')",
    "1 from raw_orders",
    "net_amount, status",
    "net_amount; drop table raw_orders",
    "current_date",
    "now()",
    "random()",
    "nextval('s')",
    "current_setting('home_directory')",
    "pragma_version()",
    "columns('.*')",
    "list_transform([1], x -> x)",
    "net_amount[1]",
    "cast(net_amount as struct(a int))",
    "sum(net_amount)",
    "query('select 1')",
    "not " * 400 + "true",
    "(" * 400 + "1" + ")" * 400,
    "1" + " + 1" * 3000,
    "",
)


def own(expression: str = "1", where: str | None = None) -> Catalogue:
    """The catalogue in which the measure ``orders`` is a company's own."""
    measure = CATALOGUE.measures["orders"]
    binding = replace(measure.bindings[0], expression=expression, where=where)
    return replace(CATALOGUE, measures={**CATALOGUE.measures, "orders": replace(measure, bindings=(binding,))})


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda text: text[:20])
def test_an_own_measure_is_made_of_columns_and_plain_functions(expression: str) -> None:
    """Nothing that reads elsewhere, tells the time or runs a query of its own."""
    for catalogue in (own(expression), own(where=expression or "()")):
        with pytest.raises(DefinitionError) as caught:
            company({"orders": ROWS}, catalogue=catalogue).one("orders", "2024-01")
        assert caught.value.issues[0].code == "bad_sql"


ROWS = "order_id, ordered_at, net_amount, status\n1, 2024-01-05, 5, paid\n2, 2024-01-05, 7, cancelled"


def test_what_a_measure_may_say_is_said() -> None:
    """Arithmetic, comparisons, case, text and the functions of the model."""
    allowed = {
        "case when status = 'paid' then net_amount else 0 end": 5,
        "coalesce(net_amount, 0) + abs(-1)": 14,
        "round(net_amount / 2)": 7,
        "greatest(net_amount, 6)": 13,
        "length(lower(status) || 'x')": 15,
    }
    for expression, value in allowed.items():
        assert company({"orders": ROWS}, catalogue=own(expression)).one("orders", "2024-01") == value
    assert (
        company({"orders": ROWS}, catalogue=own(where="status like 'p%' and status <> 'order.x'")).one(
            "orders", "2024-01"
        )
        == 1
    )


QUERIES = (
    "select * from read_csv('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from information_schema.tables",
    "select * from duckdb_settings()",
    "select order_id, 1 as amount from raw_orders",
    "select order_id, amount from refunds limit 1",
    "with x as (select 1) select * from x",
    "select 1; delete from raw_orders",
    "delete from refunds",
    "copy refunds to 'x.csv'",
    "select * from refunds, pragma_version()",
    "select * from unnest([1])",
    "select * from range(10)",
    "select getenv('HOME') as order_id from refunds",
)


@pytest.mark.parametrize("query", QUERIES)
def test_an_own_entity_reads_entities_and_nothing_else(query: str) -> None:
    """Neither what replaces its rows nor what is folded into them."""
    orders = CATALOGUE.entities["orders"]
    folded = replace(orders.derived["refunded_amount"], joins=(Join("refunded", query, ("order_id",), ("refunds",)),))
    changed = (replace(orders, rows=query), replace(orders, derived={**orders.derived, "refunded_amount": folded}))
    for entity in changed:
        catalogue = replace(CATALOGUE, entities={**CATALOGUE.entities, "orders": entity})
        rows = {"orders": ROWS, "refunds": "refund_id, refunded_at, amount, order_id\n1, 2024-01-06, 1, 1"}
        with pytest.raises(SanjehError) as caught:
            company(rows, catalogue=catalogue).one("revenue", "2024-01")
        assert caught.value.issues[0].code == "bad_sql"


def test_a_comment_in_a_snippet_does_not_reach_the_database() -> None:
    """What is not part of the tree is not printed."""
    shop = company({"orders": ROWS}, catalogue=own(where="status = 'paid' /* */ -- */ or true"))
    assert shop.one("orders", "2024-01") == 1
    assert not any("--" in text or "/*" in text for text in _sql(shop))


def _sql(shop: Company) -> Iterator[str]:
    for _, statement in shop.ground.engine.statements:  # type: ignore[attr-defined]
        yield statement.sql


def test_the_connection_loads_no_extension() -> None:
    """Neither by name nor by itself: what a database file may ask for is not fetched."""
    connection = connect()
    for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
        assert connection.execute(f"select current_setting('{setting}')").fetchone() == (False,)
