# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The docs site: every page of docs/ with the reference of modules, role, inventory and filters, as HTML."""

from __future__ import annotations

import posixpath
import re
import shutil
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

PAGES = ("README.md", "CONTRIBUTING.md", "TESTING.md")
BLOB = "https://github.com/ownrouter/ovhcloud/blob/main/"
LINK = re.compile(r"(?<=\]\()([^)\s#:]+)(#[^)\s]*)?(?=\))")
BLOCK = re.compile(r"(?ms)^```.*?^```$\n?")
#: The page that is the site's first, and what stands below it: the list of all others.
FIRST, CONTENTS = "docs/README.md", "docs/docsite/contents.md"
#: Places in Ansible's own documentation that the generated reference leads to.
ANSIBLE = {
    "action_plugins": "plugins/action.html#action-plugins",
    "ansible_configuration_settings": "reference_appendices/config.html#ansible-configuration-settings",
    "common_return_values": "reference_appendices/common_return_values.html#common-return-values",
}


def places(collection: Path) -> dict[str, str]:
    """The Markdown pages by their path in the collection, and where each stands in the site."""
    found = [*(collection / name for name in PAGES), *sorted((collection / "docs").rglob("*.md"))]
    names = [path.relative_to(collection).as_posix() for path in found]
    return {name: "index.md" if name == FIRST else name for name in names if name != CONTENTS}


def led(text: str, page: str, places: Mapping[str, str], exists: Callable[[str], bool]) -> str:
    """The page with its links as they are in the site: to another page, or to a file of the repository.

    :param exists: whether the collection has a file or folder of that path
    :raises ValueError: for a link that leads nowhere
    """

    def leads(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), found[1]))
        if target in places:
            here = posixpath.dirname(places[page]) or "."
            return f"{posixpath.relpath(places[target], here)}{found[2] or ''}"
        if not exists(target):
            raise ValueError(f"{page}: {found[0]} leads nowhere")
        return f"{BLOB}{target}{found[2] or ''}"

    kept = BLOCK.findall(text)
    parts = BLOCK.split(text)
    return "".join(LINK.sub(leads, part) + block for part, block in zip(parts, [*kept, ""], strict=True))


def inventory(labels: Mapping[str, str]) -> bytes:
    """A list of places of another site, as Sphinx keeps it (objects.inv, version 2)."""
    head = "# Sphinx inventory version 2\n# Project: Ansible\n# Version: latest\n"
    lines = "".join(f"{name} std:label -1 {place} {name.replace('_', ' ')}\n" for name, place in labels.items())
    zipped = "# The remainder of this file is compressed using zlib.\n"
    return f"{head}{zipped}".encode() + zlib.compress(lines.encode())


def sources(collection: Path, site: Path) -> int:
    """Lay out what Sphinx reads: the pages where they stand in the collection, and the settings.

    :return: how many pages there are
    """
    found = places(collection)
    for page, place in found.items():
        text = led((collection / page).read_text("utf-8"), page, found, lambda path: (collection / path).exists())
        if page == FIRST:
            text += (collection / CONTENTS).read_text("utf-8")
        target = site / "rst" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    shutil.copy(collection / "docs" / "docsite" / "conf.py", site / "conf.py")
    shutil.copytree(collection / "docs" / "docsite" / "static", site / "static")
    (site / "rst" / "ansible.inv").write_bytes(inventory(ANSIBLE))
    return len(found)


def build(collection: Path, site: Path, command: Callable[..., str]) -> tuple[Path, str]:
    """Build it; a warning is an error.

    :param command: runs a program with its words, and returns what it printed
    :return: the folder of HTML, and how much there is
    """
    written = sources(collection, site)
    reference = site / "rst" / "reference"
    reference.mkdir(mode=0o755)
    options = ("--use-current", "--squash-hierarchy", "--fail-on-error", "--cleanup", "everything")
    command("antsibull-docs", "collection", *options, "--dest-dir", reference, "ownrouter.ovhcloud")
    for page in reference.glob("*.rst"):  # the dashes of its titles: the site leaves `--check` as it is, and so these
        page.write_text(page.read_text("utf-8").replace(" -- ", " – "), encoding="utf-8")
    command("sphinx-build", "-q", "-W", "--keep-going", "-b", "html", "-c", site, site / "rst", site / "html")
    made = list((site / "html").rglob("*.html"))
    return site / "html", f"{written} pages, {len(list(reference.glob('*.rst')))} of reference, {len(made)} as HTML"
