"""Importing files: recognised, typed, written, and every row accounted for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.connectors.workshop import Workshop, only

from sanjeh.connectors import Outcome, Proposal, import_sources, load_mapping
from sanjeh.connectors.import_history import list_faults, list_imports, undo_import
from sanjeh.connectors.reading import Source
from sanjeh.errors import DefinitionError, QuestionError
from sanjeh.warehouse import open_snapshot

PERSIAN = """شماره سفارش;تاريخ سفارش;مبلغ (تومان);وضعیت;کد مشتری
۱۰۰۱;۱۴۰۳/۰۱/۰۵;۱۲۰٬۰۰۰;پرداخت شده;C1
1002;1403/1/6;95000;لغو شده;C2
1003;1403/13/06;95000;پرداخت شده;C3
1004;1403/01/07;استعلام شود;پرداخت شده;C3
1005;;70000;پرداخت شده;C3
1002;1403/1/6;95000;لغو شده;C2
"""


def test_a_persian_export_becomes_orders_in_rial_and_gregorian_days(shop: Workshop) -> None:
    # The code page has neither Persian ی nor Persian digits.
    plain = PERSIAN.translate(str.maketrans("یک۰۱۲۳۴۵۶۷۸۹٬", "يك0123456789,"))
    shop.write("سفارش‌ها.csv", plain.encode("windows-1256"))
    table = only(shop.run())
    assert (table.entity, table.read, table.loaded, table.duplicate, table.quarantined) == ("orders", 6, 2, 1, 3)
    assert shop.rows("orders", "order_id, ordered_at, net_amount, status") == [
        ("1001", datetime(2024, 3, 24), Decimal("1200000"), "paid"),
        ("1002", datetime(2024, 3, 25), Decimal("950000"), "cancelled"),
    ]


def test_what_is_set_aside_names_its_file_row_column_value_and_reason(shop: Workshop) -> None:
    shop.write("سفارش‌ها.csv", PERSIAN)
    table = only(shop.run())
    assert [(fault.row, fault.column, fault.value, fault.reason) for fault in table.faults] == [
        (4, "تاريخ سفارش", "1403/13/06", "cell_not_a_date"),
        (5, "مبلغ (تومان)", "استعلام شود", "cell_not_a_number"),
        (6, "تاريخ سفارش", None, "missing_value"),
    ]
    assert list_faults(shop.settings.warehouse) == table.faults
    assert table.faults[0].file == "سفارش‌ها.csv"
    assert all(fault.issue().render(language) != fault.reason for fault in table.faults for language in ("en", "fa"))


def test_the_same_file_twice_changes_nothing(shop: Workshop) -> None:
    shop.write("orders.csv", "order_id,ordered_at,net_amount\n1,2024-03-01,10\n2,2024-03-02,20\n")
    shop.run()
    before = shop.rows("orders", "*", "order_id")
    table = only(shop.run())
    assert (table.loaded, table.replaced, table.duplicate) == (0, 0, 2)
    assert shop.rows("orders", "*", "order_id") == before


def test_rows_without_a_key_are_known_by_content_and_occurrence(shop: Workshop) -> None:
    shop.write("user_activity.csv", "user_id,active_at\nu1,2024-03-20\nu1,2024-03-20\nu2,2024-03-20\n")
    assert only(shop.run()).loaded == 3
    shop.write("user_activity.csv", "user_id,active_at\nu1,2024-03-20\nu1,2024-03-20\nu2,2024-03-20\nu2,2024-03-21\n")
    table = only(shop.run())
    assert (table.loaded, table.duplicate) == (1, 3)


def test_a_corrected_row_replaces_by_key(shop: Workshop) -> None:
    shop.write("orders-1.csv", "order_id,ordered_at,net_amount\n1,2024-03-01,10\n2,2024-03-02,20\n")
    shop.run()
    shop.write("orders-2.csv", "order_id,ordered_at,net_amount\n2,2024-03-02,25\n3,2024-03-03,30\n")
    report = shop.run(shop.inbox / "orders-2.csv")
    assert (only(report).loaded, only(report).replaced) == (1, 1)
    assert shop.rows("orders", "order_id, net_amount") == [("1", 10), ("2", 25), ("3", 30)]


def test_next_months_file_is_taken_by_its_pattern_without_a_question(shop: Workshop) -> None:
    shop.write("فروش فروردین ۱۴۰۳.csv", "شماره سفارش,تاریخ,مبلغ\n1,1403/01/05,100\n2,1403/01/06,200\n")
    first = shop.run(answers={"currency": "میلیون تومان", "entity": "orders"})
    [question] = [question for question in shop.asked if question.kind == "currency"]
    assert (question.issue.code, question.default) == ("currency_unknown", "IRR")
    shop.asked.clear()
    path = shop.write("فروش تیر ۱۴۰۳.csv", "شماره سفارش,تاریخ,مبلغ\n3,1403/04/05,300\n")
    second = shop.run(path, answers={})
    assert not shop.asked
    assert first.files[0].is_new and not second.files[0].is_new
    assert second.files[0].mapping == first.files[0].mapping == "orders"
    assert shop.rows("orders", "order_id, net_amount")[-1] == ("3", 300 * 10**6 * 10)


def test_without_anybody_to_ask_the_company_currency_is_taken_and_said(shop: Workshop) -> None:
    shop.write("orders.csv", "order_id,ordered_at,net_amount\n1,2024-03-01,10\n")
    report = shop.run()
    assert [issue.code for issue in report.issues] == ["assumed_currency"]


def test_an_ambiguous_day_is_asked_and_never_guessed(shop: Workshop) -> None:
    content = "order_id,ordered_at,net_amount (IRR)\n1,03/04/2024,10\n2,05/06/2024,20\n"
    shop.write("orders.csv", content)
    report = shop.run()
    assert report.files[0].outcome is Outcome.SKIPPED
    assert "ambiguous_date_order" in [issue.code for issue in report.issues]
    assert not report.is_complete
    shop.run(answers={"date": "gregorian mdy"})
    assert shop.rows("orders", "ordered_at") == [(datetime(2024, 3, 4),), (datetime(2024, 5, 6),)]
    choices = next(question for question in shop.asked if question.kind == "date").choices
    assert {choice.value: choice.example for choice in choices}["gregorian dmy"] == "2024-04-03"


def test_a_file_that_is_nothing_known_is_left_out_with_its_reason(shop: Workshop) -> None:
    shop.write("notes.csv", "alpha,beta\nx,y\n")
    shop.write("orders.csv", "order_id,ordered_at,net_amount\n1,2024-03-01,10\n")
    report = shop.run()
    assert [file.outcome for file in report.files] == [Outcome.SKIPPED, Outcome.IMPORTED]
    assert report.files[0].issues[-1].code in ("unrecognised_file", "unrecognised_nothing")
    assert not (shop.settings.sources / "notes.yaml").exists()


def test_a_broken_file_leaves_the_others_importable(shop: Workshop) -> None:
    shop.write("a.csv", b"\x00\x01\x02" * 500)
    shop.write("orders.csv", "order_id,ordered_at,net_amount\n1,2024-03-01,10\n")
    report = shop.run()
    assert (report.files[0].outcome, report.files[0].issues[0].code) == (Outcome.FAILED, "not_text")
    assert report.version == 1 and shop.rows("orders", "order_id") == [("1",)]


def test_broken_records_are_set_aside_with_their_rows(shop: Workshop) -> None:
    shop.write("orders.csv", "order_id,ordered_at,net_amount\n1,2024-03-01,10\n2,2024-03-02\n3,2024-03-03,30,x\n")
    table = only(shop.run())
    assert (table.read, table.loaded, table.quarantined) == (3, 1, 2)
    assert [(fault.row, fault.reason) for fault in table.faults] == [(3, "ragged"), (4, "ragged")]


def test_values_outside_their_range_are_set_aside(shop: Workshop) -> None:
    shop.write("survey_responses.csv", "response_id,answered_at,nps\n1,2024-03-01,10\n2,2024-03-01,11\n3,2024-03-02,\n")
    table = only(shop.run())
    assert (table.loaded, table.quarantined) == (2, 1)
    assert (table.faults[0].column, table.faults[0].reason) == ("nps", "out_of_range")


def test_tomans_and_rials_of_a_currency_column_meet_and_dollars_stay_dollars(shop: Workshop) -> None:
    content = (
        "order_id,ordered_at,net_amount,currency\n1,2024-03-01,10,تومان\n2,2024-03-01,10,IRR\n3,2024-03-01,10,USD\n"
    )
    shop.write("orders.csv", content + "4,2024-03-01,10,\n5,2024-03-01,10,nonsense\n")
    table = only(shop.run())
    assert shop.rows("orders", "order_id, net_amount, currency") == [
        ("1", 100, "IRR"),
        ("2", 10, "IRR"),
        ("3", 10, "USD"),
        ("4", 10, None),
    ]
    assert table.faults[0].reason == "cell_unknown_currency"


def test_a_dollar_header_keeps_dollars_and_says_so(shop: Workshop) -> None:
    shop.write("orders.csv", "order_id,ordered_at,net_amount (USD)\n1,2024-03-01,10.5\n")
    shop.run()
    assert shop.rows("orders", "net_amount, currency") == [(Decimal("10.5"), "USD")]


def test_unknown_statuses_are_kept_and_named(shop: Workshop) -> None:
    shop.write("orders.csv", "order_id,ordered_at,net_amount,status\n1,2024-03-01,10,Shipped\n2,2024-03-01,5,weird\n")
    table = only(shop.run())
    [issue] = [issue for issue in table.issues if issue.code == "unknown_values"]
    assert (issue.data["values"], issue.data["rows"]) == ("weird", 1)
    assert shop.rows("orders", "status") == [("shipped",), ("weird",)]


def test_a_jump_of_about_ten_between_months_or_files_is_warned_of(shop: Workshop) -> None:
    def lines(month: int, amount: int) -> str:
        return "".join(f"{month}{at},2024-0{month}-0{at},{amount + at}\n" for at in range(1, 7))

    shop.write("orders-1.csv", "order_id,ordered_at,net_amount\n" + lines(1, 1000) + lines(2, 10000))
    assert "money_jump" in [issue.code for issue in shop.run().issues]
    shop.write("orders-2.csv", "order_id,ordered_at,net_amount\n" + lines(3, 100000))
    report = shop.run(shop.inbox / "orders-2.csv")
    assert "money_jump" in [issue.code for issue in report.issues]


def test_lines_of_one_order_are_asked_about_and_added_up(shop: Workshop) -> None:
    shop.write("orders.csv", "order_id,ordered_at,net_amount\nA,2024-03-01,10\nA,2024-03-01,15\nB,2024-03-02,7\n")
    assert shop.run().files[0].outcome is Outcome.SKIPPED
    report = shop.run(answers={"currency": "IRT", "repeated": "sum"})
    assert (only(report).read, only(report).folded, only(report).loaded) == (3, 1, 2)
    assert shop.rows("orders", "order_id, net_amount") == [("A", 250), ("B", 70)]


def test_few_repeated_keys_are_corrections_of_which_the_last_counts(shop: Workshop) -> None:
    lines = "".join(f"{at},2024-03-01,{at}\n" for at in range(1, 11))
    shop.write("orders.csv", "order_id,ordered_at,net_amount\n" + lines + "3,2024-03-01,33\n")
    table = only(shop.run())
    assert (table.read, table.loaded, table.superseded) == (11, 10, 1)
    assert "rows_superseded" in [issue.code for issue in table.issues]
    assert shop.rows("orders", "net_amount", "order_id")[3] == (33,)


def test_a_natural_key_known_in_part_still_lets_corrections_replace(shop: Workshop) -> None:
    shop.write("ad_daily.csv", "date,cost,platform\n2024-03-01,10,google\n2024-03-01,5,meta\n")
    shop.run()
    assert load_mapping(shop.settings.sources / "ad_daily.yaml").tables[0].key == ("date", "platform")
    shop.write("ad_daily.csv", "date,cost,platform\n2024-03-01,12,google\n2024-03-01,5,meta\n")
    table = only(shop.run())
    assert (table.replaced, table.duplicate) == (1, 1)


def test_stated_numbers_take_the_dimensions_of_other_entities_into_their_key(shop: Workshop) -> None:
    shop.write(
        "observations.csv",
        "measure,date,value,platform\nmedia_cost,2024-03-01,10,google\nmedia_cost,2024-03-01,5,meta\n",
    )
    assert only(shop.run()).loaded == 2
    shop.write("observations.csv", "measure,date,value,platform,grain\nmedia_cost,2024-03-01,11,google,month\n")
    # A month is the length that is meant where none is written, so this corrects the first row.
    assert only(shop.run(as_entity="observations")).replaced == 1
    assert shop.rows("observations", "platform, value") == [("google", 11.0), ("meta", 5.0)]


def test_an_import_is_listed_and_can_be_undone(shop: Workshop) -> None:
    shop.write("orders.csv", "order_id,ordered_at,net_amount\n1,2024-03-01,10\n2,2024-03-02,20\n")
    report = shop.run()
    [record] = list_imports(shop.settings.warehouse)
    assert (record.id, record.entity, record.loaded) == (only(report).import_id, "orders", 2)
    assert undo_import(shop.settings.warehouse, record.id) == 2
    assert open_snapshot(shop.settings.warehouse).entities["orders"].rows == 0
    with pytest.raises(QuestionError):
        undo_import(shop.settings.warehouse, 99)


def test_every_tiny_file_is_recognised_by_name_and_columns(shop: Workshop, shared: Path) -> None:
    rows = shared / "spec" / "tiny" / "rows"
    report = shop.run(rows)
    assert report.is_complete and len(report.files) == len(list(rows.glob("*.csv")))
    for file, table in zip(report.files, report.tables, strict=True):
        assert file.file == f"{table.entity}.csv"
        assert (table.loaded, table.quarantined) == (table.read, 0), file.file
        mapping = load_mapping(shop.settings.sources / f"{file.mapping}.yaml").tables[0]
        assert not mapping.ignore
        assert all(each.target == each.column for each in mapping.all_fields)
    again = shop.run(rows)
    assert (again.total("duplicate"), again.total("loaded")) == (report.total("loaded"), 0)


def test_a_file_without_rows_says_that_there_were_none(shop: Workshop) -> None:
    shop.write("orders.csv", "order_id,ordered_at,net_amount\n")
    report = shop.run()
    assert (only(report).read, report.files[0].outcome) == (0, Outcome.IMPORTED)
    assert open_snapshot(shop.settings.warehouse).entities["orders"].rows == 0


def test_a_damaged_mapping_is_reported_and_the_files_are_still_imported(shop: Workshop) -> None:
    shop.map("source: a\ntables: [{entity: orders, feilds: {}}]\n")
    shop.write("orders.csv", "order_id,ordered_at,net_amount\n1,2024-03-01,10\n")
    report = shop.run()
    assert [file.outcome for file in report.files] == [Outcome.FAILED, Outcome.IMPORTED]
    with pytest.raises(DefinitionError):
        shop.run(maps=(shop.settings.sources / "own.yaml",))


def test_an_entity_that_is_none_is_refused(shop: Workshop) -> None:
    shop.write("orders.csv", "a\n1\n")
    with pytest.raises(QuestionError):
        shop.run(as_entity="ordres")


def test_the_day_for_which_files_are_complete_reaches_the_warehouse(shop: Workshop) -> None:
    shop.map(
        "source: a\nmatch: ['*.csv']\ntables:\n- entity: orders\n  covers_from: 1399-01-01\n"
        "  fields: {order_id: No, ordered_at: Date, net_amount: {column: Sum, currency: IRR}}\n"
    )
    shop.write("x.csv", "No,Date,Sum\n1,2024-03-01,10\n")
    shop.run()
    assert open_snapshot(shop.settings.warehouse).entities["orders"].covers_from == date(2020, 3, 20)


def test_headers_may_be_named_and_the_mapping_then_keeps_what_was_said(shop: Workshop) -> None:
    shop.write("orders.csv", "order_id,ordered_at,net_amount,zorp,banner\n1,2024-03-01,10,Ali,X\n")
    settings = shop.settings
    import_sources(settings, [shop.inbox], fields={"zorp": "salesperson", "banner": "banner"})
    assert shop.rows("orders", "salesperson, banner") == [("Ali", "X")]
    mapping = load_mapping(settings.sources / "orders.yaml").tables[0]
    assert [each.target for each in mapping.dimensions] == ["banner"]
    assert import_sources(settings, [shop.inbox]).total("duplicate") == 1
    # Said otherwise later, the same mapping is written anew instead of a second one beside it.
    import_sources(settings, [shop.inbox], fields={"zorp": "region"})
    assert [path.name for path in settings.sources.iterdir()] == ["orders.yaml"]
    assert shop.rows("orders", "region, salesperson") == [("Ali", None)]


def test_a_renamed_header_is_recognised_anew_unless_the_mapping_was_written_by_hand(shop: Workshop) -> None:
    shop.write("orders-1.csv", "order_id,ordered_at,net_amount (IRR)\n1,2024-03-01,10\n")
    shop.run()
    path = shop.write("orders-2.csv", "order_id,ordered_at,total (IRR)\n2,2024-03-01,10\n")
    report = shop.run(path)
    assert (report.files[0].mapping, report.files[0].issues[0].code) == ("orders_2", "header_missing")
    shop.map(
        "source: own\nmatch: ['own*.csv']\ntables:\n- entity: orders\n  where: \"No <> ''\"\n"
        "  fields: {order_id: No, ordered_at: Date, net_amount: {column: Sum, currency: IRR}}\n"
    )
    path = shop.write("own-1.csv", "order_id,ordered_at,net_amount\n9,2024-03-01,10\n")
    assert shop.run(path).files[0].outcome is Outcome.SKIPPED


def test_columns_that_the_mapping_does_not_know_are_named(shop: Workshop) -> None:
    shop.write("orders-1.csv", "order_id,ordered_at,net_amount (IRR)\n1,2024-03-01,10\n")
    shop.run()
    path = shop.write("orders-2.csv", "order_id,ordered_at,net_amount (IRR),banner\n2,2024-03-01,10,x\n")
    [issue] = shop.run(path).issues
    assert (issue.code, issue.data["headers"]) == ("headers_new", "banner")


def test_progress_is_told_by_file(shop: Workshop) -> None:
    shop.write("orders.csv", "order_id,ordered_at,net_amount\n1,2024-03-01,10\n")
    told: list[tuple[str, int, int | None]] = []
    import_sources(shop.settings, [shop.inbox], progress=lambda file, done, total: told.append((file, done, total)))
    assert told[-1] == ("orders.csv", 1, 1)


def test_a_declined_mapping_leaves_the_file_out(shop: Workshop) -> None:
    shop.write("orders.csv", "order_id,ordered_at,net_amount\n1,2024-03-01,10\n")
    shown: list[str] = []

    def decline(_: Source, proposal: Proposal) -> bool:
        assert proposal.mapping is not None
        shown.append(proposal.mapping.tables[0].entity)
        return False

    report = import_sources(shop.settings, [shop.inbox], confirm=decline)
    assert (shown, report.files[0].issues[-1].code) == (["orders"], "mapping_declined")
