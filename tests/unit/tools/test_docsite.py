# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of the docs site, as they are laid out for Sphinx: their links, and that none of them is left out."""

from __future__ import annotations

import sys
import zlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

# E402: found on the path that is set just above.
import docsite  # noqa: E402

PLACES = {"README.md": "README.md", "docs/README.md": "index.md", "docs/routers/x.md": "docs/routers/x.md"}


def led(text, page):
    return docsite.led(text, page, PLACES, lambda path: path in ("tests/sandbox", "Makefile"))


@pytest.mark.parametrize(
    ("text", "page", "becomes"),
    [
        ("[a](docs/README.md)", "README.md", "[a](index.md)"),
        ("[a](../README.md)", "docs/routers/x.md", "[a](../../index.md)"),
        ("[a](routers/x.md#part)", "docs/README.md", "[a](docs/routers/x.md#part)"),
        ("[a](../../tests/sandbox)", "docs/routers/x.md", f"[a]({docsite.BLOB}tests/sandbox)"),
        ("[a](#here) [b](https://example.net/x)", "README.md", "[a](#here) [b](https://example.net/x)"),
        (
            "```yaml\n[a](nowhere)\n```\n[b](Makefile)",
            "README.md",
            f"```yaml\n[a](nowhere)\n```\n[b]({docsite.BLOB}Makefile)",
        ),
    ],
)
def test_links(text, page, becomes):
    assert led(text, page) == becomes


@pytest.mark.parametrize("link", ["gone.md", "../../out", "docs/routers/y.md"])
def test_a_link_that_leads_nowhere_is_an_error(link):
    with pytest.raises(ValueError, match="leads nowhere"):
        led(f"[a]({link})", "README.md")


def test_each_page_of_the_docs_is_in_the_site():
    found = docsite.places(ROOT)
    pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")} - {docsite.CONTENTS}
    assert pages | set(docsite.PAGES) == set(found) and len(found) > 20
    assert found[docsite.FIRST] == "index.md"


def test_the_contents_name_each_page():
    """Each by its name, in an order that is chosen; the routers by their folder."""
    text = (ROOT / docsite.CONTENTS).read_text(encoding="utf-8")
    for name in docsite.places(ROOT):
        folder = name.rpartition("/")[0]
        listed = f"{folder}/*" if folder == "docs/routers" else name.removesuffix(".md")
        assert listed in text.splitlines() or f"<{name.removesuffix('.md')}>" in text or name == docsite.FIRST, name


def test_the_list_of_other_places():
    head, _mark, packed = docsite.inventory({"a_b": "c.html#a-b"}).partition(b"zlib.\n")
    assert head.startswith(b"# Sphinx inventory version 2\n")
    assert zlib.decompress(packed) == b"a_b std:label -1 c.html#a-b a b\n"
