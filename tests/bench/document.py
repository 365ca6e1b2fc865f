# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of the docs that hold what is measured."""

from __future__ import annotations

from pathlib import Path

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def put(figures: str, page: Path) -> None:
    """Put figures in the place of those that the page has."""
    document = page.read_text(encoding="utf-8")
    head, tail = document.split(BEGIN)[0], document.split(END)[1]
    page.write_text(f"{head}{BEGIN}\n\n{figures}\n{END}{tail}", encoding="utf-8")
