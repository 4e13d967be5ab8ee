"""What is answered, by default, beforehand or by a person, is what the mapping then says."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from tests.connectors.workshop import Workshop

from sanjeh.connectors import ImportReport, Outcome, Question, import_sources, load_mapping

MILLIONS = "Order ID,Order Date,Customer ID,Sales ($ million)\n1,2024-03-01,C1,1.5\n2,2024-03-02,C2,2\n"
DATES = "order_id,ordered_at,net_amount\n1,04/05/2024,10\n2,06/07/2024,20\n"
DECIMALS = "order_id,ordered_at,net_amount (USD)\n1,2024-03-01,1.500\n2,2024-03-02,2.750\n"


@pytest.mark.parametrize("answers", [None, {"currency": "USD"}], ids=["by default", "by a person"])
def test_a_header_in_millions_keeps_its_million_when_only_the_currency_is_answered(
    shop: Workshop, answers: dict[str, str | None] | None
) -> None:
    shop.set(currency="USD")
    shop.write("orders.csv", MILLIONS)
    shop.run(answers=answers)
    assert shop.rows("orders", "order_id, net_amount") == [("1", Decimal(1_500_000)), ("2", Decimal(2_000_000))]
    field = load_mapping(shop.settings.sources / "orders.yaml").tables[0].field_of("net_amount")
    assert field is not None and (field.currency, field.unit) == ("USD", 1_000_000)


def test_a_header_in_millions_is_stored_in_dollars_where_the_company_counts_in_rial(shop: Workshop) -> None:
    shop.write("orders.csv", MILLIONS)
    shop.run()
    assert shop.rows("orders", "net_amount, currency") == [(1_500_000, "USD"), (2_000_000, "USD")]


def test_an_answer_with_a_scale_of_its_own_is_not_multiplied_by_that_of_the_header(shop: Workshop) -> None:
    shop.set(currency="USD")
    shop.write("orders.csv", MILLIONS)
    shop.run(answers={"currency": "million USD"})
    assert shop.rows("orders", "net_amount") == [(1_500_000,), (2_000_000,)]


@pytest.mark.parametrize(("order", "day"), [("dmy", "2024-05-04"), ("mdy", "2024-04-05")])
def test_an_order_of_dates_said_beforehand_answers_and_is_kept(shop: Workshop, order: str, day: str) -> None:
    shop.write("orders.csv", DATES)
    assert shop.run().files[0].outcome is Outcome.SKIPPED
    shop.set(dates=order)
    assert shop.run().files[0].outcome is Outcome.IMPORTED
    assert (day,) in shop.rows("orders", "CAST(CAST(ordered_at AS DATE) AS VARCHAR)")
    field = load_mapping(shop.settings.sources / "orders.yaml").tables[0].field_of("ordered_at")
    assert field is not None and field.order == order
    shop.set(dates=None)
    assert shop.run().total("duplicate") == 2


def test_an_order_of_dates_said_beforehand_does_not_speak_against_what_is_sure(shop: Workshop) -> None:
    shop.set(dates="mdy")
    shop.write("orders.csv", DATES + "3,25/07/2024,30\n")
    shop.run()
    assert shop.rows("orders", "CAST(CAST(ordered_at AS DATE) AS VARCHAR)", "order_id")[0] == ("2024-05-04",)


@pytest.mark.parametrize(("mark", "amount"), [(",", Decimal(1500)), (".", Decimal("1.5"))])
def test_a_decimal_mark_said_beforehand_answers_and_is_kept(shop: Workshop, mark: str, amount: Decimal) -> None:
    shop.set(currency="USD")
    shop.write("orders.csv", DECIMALS)
    assert shop.run().files[0].outcome is Outcome.SKIPPED
    shop.set(decimal=mark)
    assert shop.run().files[0].outcome is Outcome.IMPORTED
    assert shop.rows("orders", "net_amount")[0] == (amount,)
    shop.set(decimal=None)
    assert shop.run().total("duplicate") == 2


def test_what_is_said_beforehand_also_settles_a_mapping_that_leaves_it_open(shop: Workshop) -> None:
    shop.set(currency="USD", dates="dmy", decimal=",")
    shop.map(
        "source: own\nmatch: ['*.csv']\ntables: [{entity: orders, fields: {order_id: order_id, ordered_at: ordered_at,"
        " net_amount: {sql: 'number(\"net_amount\") * 2'}}}]"
    )
    shop.write("orders.csv", 'order_id,ordered_at,net_amount\n1,04/05/2024,"1,500"\n')
    shop.run()
    assert shop.rows("orders", "CAST(CAST(ordered_at AS DATE) AS VARCHAR), net_amount") == [("2024-05-04", Decimal(3))]


def asked(shop: Workshop, given: Iterator[str | None]) -> tuple[ImportReport, list[Question]]:
    put: list[Question] = []

    def ask(question: Question) -> str | None:
        put.append(question)
        return next(given) if question.kind == "date" else question.default

    return import_sources(shop.settings, [shop.inbox], ask=ask), put


def test_a_wrong_answer_is_asked_for_again_with_the_answers_that_are_possible(shop: Workshop) -> None:
    shop.write("orders.csv", DATES)
    report, put = asked(shop, iter(["yes", "gregorian mdy"]))
    assert report.files[0].outcome is Outcome.IMPORTED
    first, second = [question for question in put if question.kind == "date"]
    assert (first.issue.code, second.issue.code) == ("ambiguous_date_order", "bad_answer")
    assert second.issue.data["answer"] == "yes" and "gregorian dmy" in str(second.issue.data["choices"])


def test_three_wrong_answers_leave_the_file_out(shop: Workshop) -> None:
    shop.write("orders.csv", DATES)
    report, put = asked(shop, iter(["a", "b", "c"]))
    assert len([question for question in put if question.kind == "date"]) == 3
    assert [issue.code for issue in report.errors] == ["bad_answer"]
    assert report.total("loaded") == 0


def test_a_year_that_is_none_is_asked_for_again(shop: Workshop) -> None:
    shop.write("orders.csv", "order_id,ordered_at,net_amount\n1,Sat-Oct-11,10\n2,Sun-Oct-12,20\n")
    report, put = asked(shop, iter(["last", "2024"]))
    assert [question.issue.code for question in put if question.kind == "date"][1] == "bad_answer_year"
    assert report.total("loaded") == 2
