"""Access is where a company's database is and where the password comes from; neither is ever shown."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from sanjeh.errors import Issue, WorkspaceError

# Scheme, user and password, hosts with ports, database, options. A password with a sign that should have been escaped
# fits nowhere, or leaves an @ behind: nothing of such an address is shown.
_HOST = r"(?:[\w.\-%]+|\[[\w:.%]+\])?(?::\d+)?"
_IN_ADDRESS = re.compile(rf"(\w+://)(?:[^/?#@]*@)?({_HOST}(?:,{_HOST})*)(/[^?#@]*)?(?:[?][^#@]*)?")


@dataclass(frozen=True, slots=True)
class Access:
    """Where the server is and where its password comes from; ``address`` is never shown (see ``label``).

    ``password_env`` names an environment variable, ``password_file`` a file with nothing but the password. Without
    them the address, the variable that the engine's own programs read and, where it is installed, keyring are asked.
    ``folder`` is the workspace's, from which a path in the address is named.
    """

    HIDDEN: ClassVar[str] = "…"  # an address that cannot be read
    VARIABLE: ClassVar[str] = ""  # the environment variable that the engine's own programs read

    address: str = field(repr=False)
    password_env: str = ""
    password_file: str = ""
    timeout_seconds: float = 60.0
    folder: str = ""

    @property
    def label(self) -> str:
        """The address without user, password and options."""
        found = _IN_ADDRESS.fullmatch(self.address)
        return self.HIDDEN if found is None else f"{found[1]}{found[2]}{found[3] or ''}"

    def password(self) -> str | None:
        """The password that a setting names, or None where the driver looks for it itself.

        Raises WorkspaceError (``no_password``) where what is named is not there.
        """
        if self.password_env:
            value = os.environ.get(self.password_env)
            if value is None:
                raise WorkspaceError(Issue("no_password", {"place": f"${self.password_env}"}))
            return value
        if self.password_file:
            try:
                return Path(self.password_file).expanduser().read_text(encoding="utf-8").strip("\r\n")
            except (OSError, UnicodeError):
                raise WorkspaceError(Issue("no_password", {"place": self.password_file})) from None
        return None if self.is_in_address or os.environ.get(self.VARIABLE) else self._in_keyring()

    @property
    def is_in_address(self) -> bool:
        """Whether the address itself has a password."""
        parts = urlsplit(self.address)
        return bool(parts.password) or any(name == "password" for name, _ in parse_qsl(parts.query))

    def _in_keyring(self) -> str | None:
        """What the keyring has under the label and the user's name; a keyring that does not work has nothing."""
        user = urlsplit(self.address).username
        if not user:
            return None
        try:
            import keyring

            found = keyring.get_password(self.label, unquote(user))
        except Exception:  # not installed, locked, or without a backend, which raises what it pleases
            return None
        return str(found) if found is not None else None
