"""The house rules that a program can check: these tests walk the tree."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from tools.errors_in_code import find_beginnings, find_codes, find_words
from tools.lock import canonical_name

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "sanjeh"
MESSAGES = SOURCE / "messages" / "parts"
FOLDERS = ("src", "tests", "tools", "docs", "examples", "benchmarks", "requirements", ".ci")
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "base", "misc", "manager", "handler", "core", "shared"}
VAGUE_VERBS = ("process_", "handle_", "manage_")
PERSIAN = "آ-یئؤأةهۀ"


@cache
def modules() -> tuple[tuple[Path, ast.Module], ...]:
    """Every module of the library with its tree."""
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(SOURCE.rglob("*.py")))


@cache
def written_files() -> tuple[Path, ...]:
    """Every file that a person or a generator wrote into the repository."""
    inside = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    files = [*inside, *(path for path in ROOT.iterdir() if path.name not in {".git", ".coverage"})]
    return tuple(p for p in files if p.is_file() and "__pycache__" not in p.parts and not p.name.endswith(".pyc"))


def text_of(path: Path) -> str:
    """The file's text, or nothing where it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_our_own_code_is_imported_at_the_top_of_a_module_only() -> None:
    inside = []
    for path, tree in modules():
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        for node in (inner for function in functions for inner in ast.walk(function)):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if (isinstance(node, ast.ImportFrom) and node.level) or any(
                name.split(".")[0] == "sanjeh" for name in names
            ):
                inside.append(f"{path}:{node.lineno}")
    assert inside == []


def test_only_the_two_registries_import_by_name() -> None:
    users = {
        path.relative_to(SOURCE).as_posix() for path, tree in modules() for name in _called(tree) if "import_" in name
    }
    assert users == {"engines/registry.py", "part.py"}


def _called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"import_module", "__import__"}:
                yield name


def test_a_module_is_read_in_a_sitting() -> None:
    code = [path for folder in ("src", "tests", "tools", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    assert len(code) > 100
    lengths = {str(path.relative_to(ROOT)): len(text_of(path).splitlines()) for path in code}
    assert {path: length for path, length in lengths.items() if length > 600} == {}


def test_most_functions_fit_a_screen() -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    lengths = sorted(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    )
    assert lengths[int(len(lengths) * 0.9)] <= 30


def test_every_module_begins_with_a_docstring() -> None:
    assert [str(path) for path, tree in modules() if not ast.get_docstring(tree)] == []


def test_every_public_function_and_class_says_what_it_is() -> None:
    silent = []
    for path, tree in modules():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                silent += [] if ast.get_docstring(node) else [f"{path}:{node.lineno} {node.name}"]
    assert silent == []


def test_a_package_says_what_it_is_and_re_exports_and_holds_no_code() -> None:
    for path, tree in modules():
        if path.name != "__init__.py":
            continue
        for node in tree.body[1:]:
            is_names = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"__all__", "__version__"}
            assert isinstance(node, ast.Import | ast.ImportFrom) or is_names, f"{path}:{node.lineno} is code"


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for path, _ in modules()}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {part for path, _ in modules() for part in (path.stem, path.parent.name)}
    assert names & VAGUE_NAMES == set()


def test_no_function_has_a_verb_that_says_nothing() -> None:
    names = {node.name for _, tree in modules() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    of_the_parser_in_the_standard_library = {"handle_starttag", "handle_endtag", "handle_data"}
    vague = {name for name in names if name.lstrip("_").startswith(VAGUE_VERBS)}
    assert vague - of_the_parser_in_the_standard_library == set()


def test_nothing_is_left_to_do_in_a_comment() -> None:
    marks = re.compile("|".join(rf"\b{word}\b" for word in ("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")))
    assert [str(path) for path in written_files() if path.suffix == ".py" and marks.search(text_of(path))] == []


@cache
def messages(language: str) -> tuple[dict[str, str], dict[str, str]]:
    """The sentences and hints of one language; a key may stand in one file only."""
    sentences: dict[str, str] = {}
    hints: dict[str, str] = {}
    for path in sorted(MESSAGES.glob(f"*.{language}.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for key, hint in table.pop("hint", {}).items():
            assert key not in hints, f"{path}: hint of {key} twice"
            hints[key] = hint
        for key, sentence in table.items():
            assert key not in sentences, f"{path}: {key} twice"
            sentences[key] = sentence
    return sentences, hints


def codes(language: str) -> set[str]:
    """The codes of one language's sentences; a key with a dot is a label and no code."""
    return {key for key in messages(language)[0] if "." not in key}


def test_both_languages_know_the_same_codes_and_hints() -> None:
    assert codes("en") ^ codes("fa") == set()
    assert messages("en")[1].keys() ^ messages("fa")[1].keys() == set()
    assert messages("en")[1].keys() - messages("en")[0].keys() == set()


def test_both_languages_use_the_same_data_in_a_sentence() -> None:
    slots = re.compile(r"\{(\w+)[^}]*\}")
    for place in (0, 1):
        english, persian = messages("en")[place], messages("fa")[place]
        for key in english.keys() & codes("en"):
            assert set(slots.findall(english[key])) == set(slots.findall(persian[key])), key


def test_every_code_that_is_raised_has_a_sentence() -> None:
    raised = find_codes(SOURCE)
    assert {code: place for code, place in raised.items() if code not in codes("en")} == {}


def test_every_sentence_has_code_that_can_say_it() -> None:
    never = codes("en") - find_codes(SOURCE).keys() - find_words(SOURCE)
    assert {code for code in never if not code.startswith(find_beginnings(SOURCE))} == set()


def test_the_reference_of_errors_has_every_code_and_no_other() -> None:
    page = text_of(ROOT / "docs" / "reference" / "errors.md")
    assert set(re.findall(r"^## `(\w+)`$", page, re.MULTILINE)) ^ (codes("en") - {"did_you_mean"}) == set()


def test_the_configuration_page_tells_of_every_variable_of_the_environment() -> None:
    page = text_of(ROOT / "docs" / "reference" / "configuration.md")
    ours = {word for word in find_words(SOURCE) if re.fullmatch(r"(SANJEH|XDG)_[A-Z_]+", word)}
    assert ours
    assert {name for name in ours if f"`{name}`" not in page} == set()


def persian_files() -> list[Path]:
    """Every file whose Persian is written by hand to be read by people."""
    data = [path for path in SOURCE.rglob("*") if path.suffix in {".yaml", ".toml"}]
    return [*data, *(path for path in written_files() if path.name.endswith(".fa.md"))]


def persian_texts() -> Iterator[tuple[str, str]]:
    """Every text with Persian in it, with its file; an example's rows are data and no text."""
    for path in persian_files():
        if path.suffix == ".yaml":
            texts = _texts_in(yaml.load(text_of(path), yaml.CSafeLoader))
        elif path.suffix == ".toml":
            texts = _texts_in(tomllib.loads(text_of(path)))
        else:
            texts = iter(text_of(path).splitlines())
        yield from ((f"{path.name}: {text}", text) for text in texts if re.search(f"[{PERSIAN}]", text))


def _texts_in(node: object) -> Iterator[str]:
    match node:
        case str():
            yield node
        case list():
            for item in node:
                yield from _texts_in(item)
        case dict():
            for key, item in node.items():
                if key != "rows":
                    yield from _texts_in(item)


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        ("an Arabic letter for a Persian one", "[يكى]"),
        ("an Arabic digit for a Persian one", "[٠-٩]"),
        ("a word with Persian and Latin digits", r"[۰-۹][0-9]|[0-9][۰-۹]"),
        ("Latin punctuation after a Persian word", f"[{PERSIAN}][;?]"),
        ("a comma of the Latin script in a sentence", f"[{PERSIAN}], [{PERSIAN}]"),
        ("می without its half-space", rf"(?<![{PERSIAN}\u200c])ن?می [{PERSIAN}]"),
        ("a plural cut from its word", rf"[{PERSIAN}] ها(?:ی|یی|یم|یت|یش)?(?![{PERSIAN}\u200c])"),
    ],
)
def test_persian_is_written_with_its_own_letters_and_marks(fault: str, pattern: str) -> None:
    assert [place for place, text in persian_texts() if re.search(pattern, text)] == [], fault


def test_nothing_names_the_machine_it_was_written_on() -> None:
    places = re.compile("|".join(("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/tm" + "p/", r"\.\./sha" + "red")))
    found = [path for path in written_files() if places.search(text_of(path))]
    assert [str(path.relative_to(ROOT)) for path in found] == []


def test_no_file_holds_the_address_of_a_package_index() -> None:
    addresses = re.compile(
        r"(?:https?|file)://\S*(?:py"
        + r"pi|/simple\b|devpi|artifactory|nexus)|py"
        + r"pi\.org|pythonhos"
        + r"ted|--(?:extra-)?index-url"
    )
    found = [path for path in written_files() if path.name != "test_house.py" and addresses.search(text_of(path))]
    assert [str(path.relative_to(ROOT)) for path in found] == []


def test_the_repository_holds_no_file_of_the_reference_data(shared: Path) -> None:
    theirs: dict[int, list[Path]] = {}
    for path in (shared / "data").rglob("*"):
        if path.is_file() and path.stat().st_size > 200:
            theirs.setdefault(path.stat().st_size, []).append(path)
    assert theirs
    for ours in written_files():
        for other in theirs.get(ours.stat().st_size, ()):
            assert ours.read_bytes() != other.read_bytes(), f"{ours} is {other}"


def test_the_changelog_tells_of_this_version() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    assert f"## {project['version']}" in text_of(ROOT / "CHANGELOG.md")


def test_the_lock_pins_every_requirement_to_a_version_that_meets_it() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    pins = {
        canonical_name(name): version
        for file in ("lock.txt", "lock-dev.txt", "lock-heavy.txt")
        for name, version in re.findall(r"^([\w.-]+)==(\S+)$", text_of(ROOT / "requirements" / file), re.MULTILINE)
    }
    wanted = [
        *project["project"]["dependencies"],
        *(text for group in project["dependency-groups"].values() for text in group),
        *project["build-system"]["requires"],
    ]
    wanted += [text for group in project["project"]["optional-dependencies"].values() for text in group]
    for requirement in map(Requirement, wanted):
        assert requirement.specifier.contains(pins[canonical_name(requirement.name)]), requirement


def test_the_tests_run_with_the_locked_versions() -> None:
    pins = re.findall(r"^([\w.-]+)==(\S+)$", text_of(ROOT / "requirements" / "lock.txt"), re.MULTILINE)
    assert pins
    assert {name: metadata.version(name) for name, _ in pins} == dict(pins)
