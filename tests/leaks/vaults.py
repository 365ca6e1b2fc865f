# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vault file of a test, and ansible-vault to look into it."""

from __future__ import annotations

import subprocess

import yaml
from role.lab import Lab


class Vault:
    """The vault file of a test, and ansible-vault to look into it."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.path = lab.top / "secrets" / "pppoe.vault.yml"
        self.path.parent.mkdir()
        for label in ("office", "other"):
            (lab.top / f"{label}.pass").write_text(f"{label} password\n", encoding="utf-8")
        self.words = ("-e", f"router_pppoe_store_vault_file={self.path}", *self.identity("office"))

    def identity(self, label: str) -> tuple[str, str]:
        return ("--vault-id", f"{label}@{self.lab.top / label}.pass")

    def command(self, *words: str, label: str = "office", text: str = "") -> str:
        done = subprocess.run(
            ["ansible-vault", words[0], *self.identity(label), *words[1:]],
            env=self.lab.environment(),
            cwd=self.lab.top,
            input=text,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def text(self, label: str = "office") -> str:
        return self.command("view", str(self.path), label=label)

    def entries(self, label: str = "office") -> dict[str, dict[str, str]]:
        """All that is kept, by line."""
        text = self.text(label).replace("!unsafe ", "")
        found: dict[str, dict[str, str]] = yaml.safe_load(text)["router_pppoe_stored"]
        return found

    def stored(self, label: str = "office") -> object:
        """Logins and passwords, by line."""
        both = ("login", "password")
        return {line: {name: kept[name] for name in both} for line, kept in self.entries(label).items()}
