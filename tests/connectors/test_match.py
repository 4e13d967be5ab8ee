"""Recognising what a file holds: names of files, names of columns, what the values say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.connectors.workshop import Workshop

from sanjeh.connectors import ImportSettings, Proposal
from sanjeh.connectors.assignment import assign
from sanjeh.connectors.file_pattern import build_pattern, build_slug, name_words, takes
from sanjeh.connectors.propose import build_proposal, profile_columns
from sanjeh.connectors.reading import find_sources, read
from sanjeh.connectors.vocabulary import build_vocabulary

Propose = Callable[..., Proposal]


@pytest.fixture
def propose(shop: Workshop) -> Iterator[Propose]:
    """The proposal for a file of this name and content."""
    settings: ImportSettings = shop.settings
    with duckdb.connect() as connection:

        def build(name: str, content: str, as_entity: str | None = None) -> Proposal:
            [source] = find_sources(shop.write(name, content))
            raw = read(source, connection, "staging")
            profiles = profile_columns(connection, raw, settings)
            vocabulary = build_vocabulary(settings.catalogue)
            return build_proposal(connection, raw, profiles, vocabulary, settings, as_entity=as_entity)

        yield build


def _columns(proposal: Proposal) -> dict[str, str]:
    assert proposal.mapping is not None
    return {each.target: each.column or "" for each in proposal.mapping.tables[0].fields}


def _entity(proposal: Proposal) -> str:
    assert proposal.mapping is not None
    return proposal.mapping.tables[0].entity


@pytest.mark.parametrize(
    ("name", "content", "entity", "columns"),
    [
        (
            "wc-orders-export-2024-05.csv",
            "Order Number,Order Date,Order Total,Order Status,Customer Email,Shipping City\n"
            "1001,2024-05-01 10:20,120.5,wc-completed,a@b.ir,Tehran\n",
            "orders",
            {"order_id": "Order Number", "ordered_at": "Order Date", "net_amount": "Order Total",
             "status": "Order Status", "customer_id": "Customer Email", "region": "Shipping City"},
        ),
        (
            "فاکتور فروش خرداد.csv",
            "شماره فاکتور,تاريخ فاکتور,جمع كل (ريال),نام مشتری,استان\n77,1403/03/01,1200000,علی,تهران\n",
            "orders",
            {"order_id": "شماره فاکتور", "ordered_at": "تاريخ فاکتور", "net_amount": "جمع كل (ريال)",
             "customer_id": "نام مشتری", "region": "استان"},
        ),
        (
            "HubSpot Deals.csv",
            "Deal ID,Create Date,Close Date,Deal Stage,Amount,Deal Owner\nD1,2024-01-05,2024-02-01,won,100,Sara\n",
            "deals",
            {"deal_id": "Deal ID", "created_at": "Create Date", "closed_at": "Close Date", "value": "Amount",
             "salesperson": "Deal Owner"},
        ),
        (
            "مشتریان.csv",
            "کد مشتری,نام,تاریخ ثبت,استان\n12,علی,1403/03/01,تهران\n",
            "customers",
            {"customer_id": "کد مشتری", "name": "نام", "created_at": "تاریخ ثبت", "region": "استان"},
        ),
    ],
)  # fmt: skip
def test_exports_of_known_systems_are_recognised(
    propose: Propose, name: str, content: str, entity: str, columns: dict[str, str]
) -> None:
    proposal = propose(name, content)
    assert _entity(proposal) == entity
    found = _columns(proposal)
    assert {target: found.get(target) for target in columns} == columns
    assert proposal.is_sufficient


def test_names_that_are_the_models_own_leave_no_doubt(propose: Propose) -> None:
    proposal = propose("cpi.csv", "date,index\n2023-03-21,100\n2023-04-21,101\n")
    assert (_entity(proposal), proposal.confidence, proposal.questions) == ("cpi", 1.0, ())


def test_a_missing_required_column_is_asked_for(propose: Propose) -> None:
    proposal = propose("orders.csv", "ordered_at,net_amount (IRR),zorp\n2024-03-01,10,A1\n", as_entity="orders")
    [question] = [question for question in proposal.questions if question.kind == "header"]
    assert (question.target, [choice.value for choice in question.choices]) == ("order_id", ["zorp"])
    assert not proposal.is_sufficient


def test_values_recognise_a_status_whatever_it_is_called(propose: Propose) -> None:
    content = "order_id,ordered_at,net_amount,zorp\n1,2024-03-01,10,پرداخت شده\n2,2024-03-01,10,لغو شده\n"
    assert _columns(propose("orders-1.csv", content))["status"] == "zorp"


def test_a_column_of_words_is_no_amount_whatever_it_is_called(propose: Propose) -> None:
    content = "order_id,ordered_at,total,amount due\n1,2024-03-01,10,later\n2,2024-03-01,12,soon\n"
    assert _columns(propose("orders-1.csv", content))["net_amount"] == "total"


def test_a_line_export_is_order_lines_and_not_orders(propose: Propose) -> None:
    content = "شماره سفارش,کد کالا,تعداد,مبلغ خالص\n1,A,2,10\n1,B,1,20\n"
    assert _entity(propose("اقلام.csv", content)) == "order_lines"


@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_an_assignment_is_the_best_of_all(height: int, width: int, data: st.DataObject) -> None:
    rows, columns = "abcd"[:height], "wxyz"[:width]
    score = st.one_of(st.none(), st.integers(1, 100))
    scores = {
        (row, column): value / 100 for row in rows for column in columns if (value := data.draw(score)) is not None
    }
    chosen = assign(scores)
    assert len(set(chosen.values())) == len(chosen)
    places = [*columns, *[""] * height]
    best = max(
        sum(scores.get((row, column), 0.0) for row, column in zip(rows, order, strict=True))
        for order in permutations(places, height)
    )
    assert sum(scores[pair] for pair in chosen.items()) == pytest.approx(best)


def test_a_pattern_takes_the_file_it_was_made_of_and_its_sisters() -> None:
    for name, sister, stranger in [
        ("orders-1403-05.csv", "orders-1403-06.csv", "refunds-1403-05.csv"),
        ("گزارش فروش مهر ۱۴۰۲.xlsx", "گزارش فروش آبان ۱۴۰۲.xlsx", "گزارش خرید مهر ۱۴۰۲.xlsx"),
        ("Sales_Jan_2024.csv.gz", "Sales_Feb_2024.csv.gz", "Sales_Jan_2024.xlsx"),
        ("orders [1].csv", "orders [2].csv", "order.csv"),
    ]:
        pattern = build_pattern(name)
        assert takes(pattern, name) and takes(pattern, sister) and not takes(pattern, stranger), pattern
    assert build_pattern("1403.csv") == "1403.csv"


def test_a_files_words_say_what_is_in_it() -> None:
    assert name_words("گزارش فروش مهر ۱۴۰۲.xlsx") == ("فروش",)
    assert (build_slug("فروش مهر.xlsx", "orders"), build_slug("Web Sessions 2024", "x")) == ("orders", "web_sessions")


def test_no_name_of_the_model_is_lost_in_the_vocabulary(shop: Workshop, tmp_path: Path) -> None:
    vocabulary = build_vocabulary(shop.settings.catalogue)
    for entity in shop.settings.catalogue.entities.values():
        for column in entity.columns.values():
            for name in (column.name, column.title.fa):
                if name and not entity.derived_only:
                    assert (entity.id, column.name) in vocabulary.names_of(name), (entity.id, name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", "date,amount\n2024-03-01,10\n2024-03-02,20\n"),
        ("x.csv", "تاریخ,مبلغ\n1403/01/05,10\n1403/01/06,20\n"),
        ("sales.csv", "date,amount,customer\n2024-03-01,10,a\n"),
    ],
)
def test_a_date_and_an_amount_are_never_taken_for_anything_unasked(propose: Propose, name: str, content: str) -> None:
    proposal = propose(name, content)
    assert not proposal.is_sufficient
    [question] = [question for question in proposal.questions if question.kind == "entity"]
    assert question.default is None
    assert name != "sales.csv" or "orders" in [choice.value for choice in question.choices]
