"""Settings are written so that they read back the same, and every fault in them is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.definitions import load_catalogue
from sanjeh.errors import WorkspaceError
from sanjeh.settings import FILE, Settings, check_parameters, check_settings, load_settings, write_settings

OURS = Settings(
    name='Shop "A" \\ ۱',
    language="fa",
    calendar="fiscal",
    currency="IRT",
    time_zone="Asia/Tehran",
    week_start="sunday",
    weekend=("friday",),
    holidays="IR",
    fiscal_start_month=7,
    fiscal_base="gregorian",
)


def faults(folder: Path, text: str) -> list[tuple[str, int | None, str | None]]:
    """The code, line and suggestion of each fault in a settings file."""
    (folder / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError) as refused:
        load_settings(folder)
    return [(issue.code, issue.place.line if issue.place else None, issue.suggestion) for issue in refused.value.issues]


def test_settings_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_settings(tmp_path, OURS)
    assert load_settings(tmp_path) == OURS


@given(st.text(max_size=40))
def test_any_name_can_be_written_and_read(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("named")
    write_settings(folder, Settings(name=name))
    read = load_settings(folder).name
    assert read == "".join(sign if sign.isprintable() else " " for sign in name)


def test_what_is_not_said_is_the_default(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('language = "fa"\n', encoding="utf-8")
    assert load_settings(tmp_path) == Settings(language="fa")


def test_all_faults_are_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    text = 'name = "x"\nlangauge = "fa"\ncalendar = "lunar"\nweekend = ["friday", "fryday"]\nfiscal_start_month = 13\n'
    assert faults(tmp_path, text) == [
        ("unknown_setting", 2, "language"),
        ("bad_setting", 3, None),
        ("bad_setting", 4, None),
        ("bad_setting", 5, None),
    ]


@pytest.mark.parametrize(
    "line",
    [
        'currency = "toman"',
        "currency = 3",
        'time_zone = "Mars/Olympus"',
        'time_zone = "../../etc/passwd"',
        'week_start = "someday"',
        'fiscal_base = "lunar"',
        "fiscal_start_month = true",
        "parameters = 3",
        'language = "de"',
    ],
)
def test_a_setting_that_cannot_be_is_refused(tmp_path: Path, line: str) -> None:
    assert faults(tmp_path, f'name = "x"\n{line}\n') == [("bad_setting", 2, None)]


def test_a_file_that_is_no_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    assert faults(tmp_path, 'name = "x"\nlanguage = \n') == [("bad_settings_file", 2, None)]
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(WorkspaceError) as refused:
        load_settings(tmp_path)
    assert refused.value.code == "bad_settings_file"


def test_parameters_must_exist_be_of_their_kind_and_within_bounds(tmp_path: Path) -> None:
    text = '[parameters]\nlost_after_days = -1\nlost_after_dayz = 3\nsuccessful_statuses = 5\ncustomer_basis = "moon"\n'
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    issues = check_parameters(load_settings(tmp_path), load_catalogue(), tmp_path / FILE)
    told = [(issue.code, issue.place.line if issue.place else None) for issue in issues]
    assert told == [("bad_parameter", 2), ("unknown_name", 3), ("bad_parameter", 4), ("bad_parameter", 5)]


def test_parameters_that_fit_are_taken(tmp_path: Path) -> None:
    text = '[parameters]\nlost_after_days = 30\nsuccessful_statuses = ["paid", "sent"]\n'
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    settings = load_settings(tmp_path)
    assert check_parameters(settings, load_catalogue(), tmp_path / FILE) == []
    assert settings.parameters == {"lost_after_days": 30, "successful_statuses": ("paid", "sent")}


def test_the_defaults_can_be() -> None:
    assert check_settings(Settings()) == []
    assert check_settings(OURS) == []


def test_the_calendar_has_the_companys_week_and_year() -> None:
    calendar = OURS.make_calendar()
    assert calendar.code == "fiscal"
    assert OURS.make_calendar("jalali").code == "jalali"


@pytest.mark.parametrize("key", ["currency", "time_zone"])
def test_a_new_file_says_which_changes_need_another_import(tmp_path: Path, key: str) -> None:
    write_settings(tmp_path, OURS)
    comment = [line for line in (tmp_path / FILE).read_text(encoding="utf-8").splitlines() if line.startswith("# (")]
    assert key in comment[0]


def test_what_the_engine_may_take_is_read(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('[engine]\nmemory_limit = "1.5 GB"\nthreads = 3\nspill_folder = "aside"\n')
    engine = load_settings(tmp_path).engine
    assert (engine.megabytes, engine.threads, engine.folder_in(tmp_path)) == (1500, 3, tmp_path / "aside")
    assert (Settings().engine.megabytes, Settings().engine.folder_in(tmp_path)) == (None, None)


@pytest.mark.parametrize(
    ("line", "code", "suggestion"),
    [
        ('memory_limit = "much"', "bad_setting", None),
        ('memory_limit = "20MB"', "bad_setting", None),
        ("memory_limit = 4", "bad_setting", None),
        ("threads = -1", "bad_setting", None),
        ('threads = "2"', "bad_setting", None),
        ("spill_folder = true", "bad_setting", None),
        ('spil_folder = "x"', "unknown_setting", "spill_folder"),
    ],
)
def test_what_the_engine_cannot_take_is_told(tmp_path: Path, line: str, code: str, suggestion: str | None) -> None:
    assert faults(tmp_path, f"[engine]\n{line}\n") == [(code, 2, suggestion)]


def test_an_engine_that_is_no_table_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path, 'engine = "fast"\n') == [("bad_setting", 1, None)]
