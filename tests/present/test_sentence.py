import re

import pytest

from sanjeh.errors import Issue, Place, QuestionError, load_messages
from sanjeh.present.bidi import LRI, PDI
from sanjeh.present.sentence import issue_sentence, message


def test_numbers_of_a_sentence_are_in_the_languages_digits() -> None:
    assert message("bad_rate", "fa", rate=-1.5, currency="USD", day=1403).replace("\u200e", "") == (
        "نرخ −۱٫۵ برای USD در ۱۴۰۳ عددی مثبت نیست."
    )


def test_four_digits_have_no_separator_and_five_do() -> None:
    assert "1403" in message("bad_rate", "en", rate=1403, currency="USD", day="x")
    assert "12,500" in message("bad_rate", "en", rate=12_500, currency="USD", day="x")
    assert "۱۲٬۵۰۰" in message("bad_rate", "fa", rate=12_500, currency="USD", day="x")


def test_an_unknown_code_is_an_error_with_the_nearest_one() -> None:
    with pytest.raises(QuestionError) as caught:
        message("bad_rat", "en")
    assert caught.value.issues[0].suggestion == "bad_rate"


def test_data_that_a_sentence_needs_must_be_given() -> None:
    with pytest.raises(KeyError):
        message("bad_rate", "en", rate=1)


def test_the_place_of_an_issue_stays_left_to_right_in_persian() -> None:
    issue = Issue("unknown_name", {"kind": "KPI", "name": "x"}, Place("kpis/a.yaml", 12, 3), suggestion="y")
    assert issue_sentence(issue, "fa") == f"{LRI}kpis/a.yaml:12:3{PDI}: KPI با نام «x» وجود ندارد. منظورتان «y» بود؟"
    assert issue_sentence(issue, "en").startswith("kpis/a.yaml:12:3: There is no KPI")


def test_a_number_chooses_between_one_and_many() -> None:
    told = [issue_sentence(Issue("rows_set_aside", {"count": count}), "en") for count in (1, 2, 0)]
    assert [sentence.split(" set aside")[0] for sentence in told] == ["1 row was", "2 rows were", "0 rows were"]
    assert Issue("rows_set_aside", {"count": 1}).render().startswith("1 row was set aside")
    assert message("cli.check.done", "en", issues=1, errors=1) == "1 issue, 1 of them an error."


def test_a_share_of_rows_is_in_the_digits_of_the_language() -> None:
    issue = Issue("orders_without_customer", {"count": 133, "rows": 14038, "share": 0.9})
    assert "(۰٫۹٪)" in issue_sentence(issue, "fa")
    assert "(0.9 %)" in issue_sentence(issue, "en")


def test_every_slot_for_one_and_many_can_be_filled() -> None:
    slots = [slot for text in load_messages("en")[0].values() for slot in re.findall(r"\{[^{}]*\|[^{}]*\}", text)]
    assert len(slots) > 20
    for slot in slots:
        name, one, many = slot[1:-1].split("|")
        assert f"{{{name}}}" in str(load_messages("en")[0].values())
        assert not set(":!.[") & set(one + many), slot
