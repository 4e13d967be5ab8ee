import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.errors import DefinitionError
from sanjeh.units import Unit, UnitMismatch, parse_unit, same_dimension

MONEY, DAYS, NUMBER = parse_unit("money"), parse_unit("days"), parse_unit("number")
POWERS = st.tuples(*[st.integers(-3, 3)] * 4)


def unit_of(powers: tuple[int, int, int, int], display: str = "number") -> Unit:
    return Unit(*powers, display="derived" if any(powers) else display)


UNITS = st.builds(unit_of, POWERS, st.sampled_from(["number", "percentage", "ratio", "score"]))


def test_money_per_order_is_money_and_hours_per_ticket_are_hours() -> None:
    assert MONEY / parse_unit("count") == MONEY
    assert parse_unit("hours") / NUMBER == parse_unit("hours")


def test_money_over_money_is_a_ratio_and_so_of_one_dimension_with_a_percentage() -> None:
    assert (MONEY / MONEY).kind == "ratio"
    assert same_dimension(MONEY / MONEY, parse_unit("percentage"))


def test_a_number_of_scores_is_a_score() -> None:
    assert (NUMBER * parse_unit("score")).kind == "score"
    assert (parse_unit("score") / NUMBER).kind == "score"
    assert (parse_unit("score") * parse_unit("percentage")).kind == "number"


def test_money_and_days_do_not_add_up() -> None:
    for add in (lambda: MONEY + DAYS, lambda: MONEY - NUMBER, lambda: parse_unit("hours") + parse_unit("minutes")):
        with pytest.raises(UnitMismatch) as caught:
            add()
        assert caught.value.code == "unit_mismatch"
    assert MONEY + MONEY == MONEY
    assert (parse_unit("percentage") - parse_unit("percentage")).kind == "percentage"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("money", "money"),
        ("money/days", "money/days"),
        ("1/days", "1/days"),
        ("days*money", "money*days"),
        ("money / count", "money"),
        ("days^2", "days^2"),
        ("days**2/hours", "days^2/hours"),
        ("percentage", "percentage"),
        ("1", "number"),
        ("money/money", "number"),
    ],
)
def test_a_written_unit_is_read(text: str, kind: str) -> None:
    assert parse_unit(text).kind == kind


@pytest.mark.parametrize("text", ["", "mony", "money//days", "money/", "/days", "2", "Money days", "weeks"])
def test_what_is_no_unit_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_unit(text)
    assert caught.value.code == "unknown_unit"


def test_a_mistyped_unit_is_answered_with_the_nearest() -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_unit("percentige")
    assert caught.value.issues[0].suggestion == "percentage"


def test_a_unit_cannot_be_built_with_a_display_it_cannot_have() -> None:
    for build in (lambda: Unit(money=1), lambda: Unit(display="derived"), lambda: Unit(display="colour")):
        with pytest.raises(DefinitionError):
            build()


@given(UNITS)
def test_printing_and_reading_a_unit_are_inverse(unit: Unit) -> None:
    assert parse_unit(str(unit)) == unit


@given(UNITS, UNITS)
def test_dividing_undoes_multiplying(left: Unit, right: Unit) -> None:
    assert same_dimension(left * right / right, left)
    assert left * right == right * left
    assert same_dimension(left**2, left * left)
