"""Recognising a file is making a mapping for it: proposed, its questions answered, confirmed, named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sanjeh.connectors.answer import answer_question, default_answer
from sanjeh.connectors.asking import ask_question, said_answer
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.known_mapping import KnownMappings
from sanjeh.connectors.mapping import SourceMapping
from sanjeh.connectors.propose import Proposal, build_proposal, profile_columns
from sanjeh.connectors.question import Question
from sanjeh.connectors.reading import RawTable, Source
from sanjeh.connectors.vocabulary import Vocabulary
from sanjeh.errors import Issue, Severity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Recognised:
    """The mapping that a file is read by, or None with the issues that say why there is none."""

    mapping: SourceMapping | None
    issues: tuple[Issue, ...]
    is_new: bool = False


def recognise(
    connection: DuckDBPyConnection,
    raw: RawTable,
    vocabulary: Vocabulary,
    settings: ImportSettings,
    known: KnownMappings,
    *,
    as_entity: str | None = None,
    fields: Mapping[str, str] | None = None,
    replaces: str | None = None,
    ask: Callable[[Question], str | None] | None = None,
    confirm: Callable[[Source, Proposal], bool] | None = None,
) -> Recognised:
    """The new mapping of ``raw``; none where a question stays open, nothing fits well enough, or nobody confirms it.

    ``replaces`` is the name of the mapping whose place the new one takes.
    """
    profiles = profile_columns(connection, raw, settings)
    proposal = build_proposal(connection, raw, profiles, vocabulary, settings, as_entity=as_entity, fields=fields)
    entity_question = next((each for each in proposal.questions if each.kind == "entity"), None)
    if entity_question is not None and ask is not None:
        chosen = ask_question(ask, entity_question)
        if chosen is None:
            return Recognised(None, (_unrecognised(raw, proposal),))
        proposal = build_proposal(connection, raw, profiles, vocabulary, settings, as_entity=chosen, fields=fields)
    if proposal.mapping is None or (ask is None and confirm is None and not proposal.is_sufficient):
        return Recognised(None, (_unrecognised(raw, proposal), *_open(proposal, settings)))
    tables = proposal.mapping.tables
    issues = list(proposal.issues)
    for question in proposal.questions:
        if question.kind == "entity":
            if ask is None:
                data = {**question.issue.data, "answer": tables[0].entity}
                issues.append(Issue("assumed_entity", data, severity=Severity.WARNING))
            continue
        said = said_answer(question, settings)
        answer = said or (ask_question(ask, question) if ask is not None else default_answer(question, settings))
        if answer is None:
            others = (each for each in _open(proposal, settings) if each != question.issue)
            asked = () if ask is not None else tuple(others)
            return Recognised(None, (_unrecognised(raw, proposal), question.issue, *asked))
        if ask is None and said is None:
            data = {**question.issue.data, "answer": answer}
            issues.append(Issue(f"assumed_{question.kind}", data, severity=Severity.WARNING))
        tables = answer_question(tables, question, answer, profiles, settings.catalogue)
    name = replaces or known.free_name(proposal.mapping.source)
    mapping = replace(proposal.mapping, source=name, tables=tables)
    settled = replace(proposal, mapping=mapping)
    if confirm is not None and not confirm(raw.source, settled):
        return Recognised(None, (Issue("mapping_declined", {"file": raw.source.name}, raw.source.place),))
    return Recognised(mapping, tuple(issues), is_new=True)


def _open(proposal: Proposal, settings: ImportSettings) -> tuple[Issue, ...]:
    """What is unsure about a file: the questions that have no answer unless somebody gives one."""
    unanswered = [
        each
        for each in proposal.questions
        if default_answer(each, settings) is None and said_answer(each, settings) is None
    ]
    return tuple(each.issue for each in unanswered)


def _unrecognised(raw: RawTable, proposal: Proposal) -> Issue:
    if proposal.mapping is None:
        return Issue("unrecognised_nothing", {"file": raw.source.name}, raw.source.place)
    best = ", ".join(match.entity for match in proposal.matches[:3])
    return Issue("unrecognised_file", {"file": raw.source.name, "entities": best}, raw.source.place)
