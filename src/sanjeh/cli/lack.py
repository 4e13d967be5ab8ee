"""A lack is what a workspace has not got yet: any rows at all, or an entity or field that a KPI needs."""

from __future__ import annotations

from sanjeh.cli.output import say
from sanjeh.present import message
from sanjeh.workspace import Workspace


def say_nothing_imported(space: Workspace) -> None:
    """That the workspace is empty, and the step that comes first."""
    language = space.settings.language
    say(message("cli.nothing_imported", language))
    say(message("cli.next_import", language, folder=str(space.folder)))


def what_name(space: Workspace, what: str, language: str) -> str:
    """An entity or field with its title: "Customer id (orders.customer_id)"."""
    entity, _, field = what.partition(".")
    definition = space.catalogue.entities.get(entity)
    if definition is None:
        return what
    if not field:
        return f"{definition.title.get(language)} ({what})"
    column = definition.columns.get(field)
    return f"{column.title.get(language)} ({what})" if column else what
