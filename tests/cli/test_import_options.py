"""What an import is told beforehand, and the exit code by which a script notices."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import type_in

DATES = "order_id,ordered_at,net_amount\n1,04/05/2024,1.500\n2,06/07/2024,2.750\n"
REPEATED = "order_id,ordered_at,net_amount\n1,2024-03-01,10\n2,2024-03-01,20\n3,2024-03-01,5\n4,2024-03-01,5\n"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An empty workspace."""
    assert type_in("new", tmp_path / "shop", "--language", "en", "--currency", "EUR").code == 0
    return tmp_path / "shop"


def test_ambiguous_dates_and_numbers_are_answered_by_options_that_the_refusal_names(made: Path) -> None:
    file = made.parent / "orders.csv"
    file.write_text(DATES, encoding="utf-8")
    refused = type_in("import", file, "--yes", "-w", made)
    assert refused.code == 1 and "--dates dmy" in refused.err
    refused = type_in("import", file, "--yes", "--dates", "dmy", "-w", made)
    assert refused.code == 1 and "--decimal ," in refused.err
    assert type_in("import", file, "--yes", "--dates", "dmy", "--decimal", ",", "-w", made).code == 0
    text = (made / "sources" / "orders.yaml").read_text(encoding="utf-8")
    assert "order: dmy" in text and "decimal: ','" in text
    assert type_in("import", file, "--yes", "-w", made).code == 0


def test_a_key_twice_in_one_file_ends_in_exit_code_one_and_is_counted_on_its_own(made: Path) -> None:
    file = made.parent / "orders.csv"
    file.write_text(REPEATED + "1,2024-03-01,12\n", encoding="utf-8")
    said = type_in("import", file, "--yes", "--format", "json", "-w", made)
    assert (said.code, said.data["superseded"], said.data["duplicate"]) == (1, 1, 0)
    assert "rows_superseded" in {issue["code"] for issue in said.data["files"][0]["tables"][0]["issues"]}


def test_a_file_with_nothing_but_a_total_set_aside_is_no_failure(made: Path) -> None:
    file = made.parent / "orders.csv"
    file.write_text("order_id,ordered_at,net_amount\n1,2024-03-01,10\nTotal,2024-03-31,10\n", encoding="utf-8")
    said = type_in("import", file, "--yes", "-w", made)
    assert said.code == 0 and "1 row that adds up others was left out, such as 'Total' in orders.csv, row 3" in said.err
    assert "a total row" in type_in("quarantine", "-w", made).out
    report = type_in("import", file, "--yes", "--format", "json", "-w", made).data
    assert (report["quarantined"], report["totals"], report["blanks"]) == (1, 1, 0)


@pytest.mark.parametrize(("answer", "amount"), [("sum", "30"), ("first", "10"), ("last", "20")])
def test_repeated_keys_are_answered_by_an_option_that_the_refusal_names(made: Path, answer: str, amount: str) -> None:
    file = made.parent / "orders.csv"
    file.write_text("order_id,ordered_at,net_amount\n1,2024-03-01,10\n1,2024-03-01,20\n", encoding="utf-8")
    refused = type_in("import", file, "--yes", "-w", made)
    assert refused.code == 1 and "--repeated sum" in refused.err
    assert type_in("import", file, "--yes", "--repeated", answer, "-w", made).code == 0
    march = ("--since", "2024-03", "--until", "2024-03", "--calendar", "gregorian")
    said = type_in("compute", "revenue", *march, "-w", made, "--format", "csv")
    assert f",{amount}.0," in said.out
    assert type_in("import", file, "--yes", "-w", made).code == 0


def test_repeated_keys_of_a_file_with_a_mapping_are_answered_too_and_what_was_written_in_it_stays(made: Path) -> None:
    file, own = made.parent / "orders.csv", made / "sources" / "orders.yaml"
    file.write_text(REPEATED, encoding="utf-8")
    assert type_in("import", file, "--yes", "--repeated", "last", "-w", made).code == 0
    own.write_text(
        own.read_text(encoding="utf-8").replace("  repeated: last\n", "").replace("currency: EUR", "currency: USD")
    )
    assert "repeated" not in own.read_text(encoding="utf-8")
    file.write_text(REPEATED + "1,2024-03-01,12\n", encoding="utf-8")
    assert type_in("import", file, "--yes", "-w", made).code == 1
    assert type_in("import", file, "--yes", "--repeated", "last", "-w", made).code == 0
    assert "repeated: last" in own.read_text(encoding="utf-8")


def test_what_is_unsure_about_a_file_is_named_with_the_option_that_answers_it(made: Path) -> None:
    file = made.parent / "x.csv"
    file.write_text("شماره فاکتور,تاریخ,کد مشتری,مبلغ (تومان)\n1,1403/01/15,a,1000\n", encoding="utf-8")
    refused = type_in("import", file, "--yes", "-w", made)
    assert refused.code == 1 and "--as invoices" in refused.err and "orders" in refused.err
    assert type_in("import", file, "--yes", "--as", "orders", "-w", made).code == 0


def test_headers_that_only_one_entity_has_are_taken_whatever_the_file_is_called(made: Path) -> None:
    file = made.parent / "a.csv"
    heads = "ردیف,شماره سفارش,تاریخ ثبت,نام مشتری,موبایل,مبلغ قابل پرداخت,وضعیت\n"
    states = ("تکمیل شده", "نامشخص", "دیگر", "نو", "کهنه", "میانه")
    rows = "".join(f"{n},SO-{n},1403/01/0{n},علی {n},0912000000{n},{n}000 تومان,{s}\n" for n, s in enumerate(states, 1))
    file.write_text(heads + rows, encoding="utf-8")
    said = type_in("import", file, "--yes", "-w", made)
    assert said.code == 0 and "it was taken for 'orders'" in said.err


def test_a_message_calls_a_file_by_its_own_name(made: Path) -> None:
    file = made.parent / "orders-2024-03.csv"
    file.write_text("order_id,ordered_at,net_amount\n1,2024-03-01,10\n", encoding="utf-8")
    said = type_in("import", file, "--yes", "-w", made)
    assert "orders-2024-03.csv was taken for" in said.out + said.err
    assert "{date}" not in said.out + said.err
