# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the reader of a page does, on pages of a few lines: each change of a text is seen."""

from __future__ import annotations

import pytest
from role.site import Site

from .page import PAGES, Command, File, Reader, parts, shown, text_of

PAGE = """\
# A page

```yaml
# notes/one.yml
a: 1
```

```console
$ mkdir -p notes/more && cd notes
$ cat one.yml
# notes/one.yml
a: …
$ read -rp 'Who? ' who; echo "hello $who, 17 files"
hello somebody, 3 files
```

## For somebody else

```console
$ exit 1
```

```text
Nobody tries this.
```
"""


def reader(site: Site, **more: object) -> Reader:
    return Reader(site, answers={"Who? ": "somebody"}, without=["For somebody else"], **more)  # type: ignore[arg-type]


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A home, and no API."""
    made = Site()
    made.url = "http://127.0.0.1:9"
    return made


def test_a_page_is_followed(site: Site) -> None:
    one = reader(site)
    one.follow(PAGE)
    assert [words.partition(" ")[0] for words, _run in one.runs] == ["mkdir", "cat", "read"]
    assert one.folder == site.top / "notes"
    site.close()


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("cat one.yml", "cat two.yml", "No such file"),
        ("# notes/one.yml\na: 1", "# notes/uno.yml\na: 1", "No such file"),
        ("a: …", "b: …", "does not print: b: …"),
        ("hello somebody, 3", "hello nobody, 3", "does not print"),
        ("cd notes", "cd nots", "nots"),
    ],
)
def test_a_page_that_is_wrong_is_seen(site: Site, was: str, now: str, said: str) -> None:
    assert was in PAGE
    with pytest.raises(AssertionError, match=said):
        reader(site).follow(PAGE.replace(was, now, 1))
    site.close()


def test_a_command_that_is_not_given_is_named_exactly(site: Site) -> None:
    with pytest.raises(AssertionError, match="not in the page"):
        reader(site, untried=["sudo apt-get install nothing"]).follow(PAGE)
    site.close()


def test_a_block_that_nobody_tries_is_refused() -> None:
    for block in ("```yaml\na: 1\n```\n", "```shell\nls\n```\n", "```\nls\n```\n"):
        with pytest.raises(ValueError, match="neither a file nor a command"):
            list(parts(block))


def test_numbers_may_differ_and_words_may_not() -> None:
    assert shown("home : ok=… changed=0 failed=0", "home   : ok=12 changed=0\n  failed=0")
    assert shown("up for 3 days", "it is up for 17 days.")
    assert not shown("changed=0", "changed=")
    assert not shown("could renew now: yes", "could renew now: NO")


@pytest.mark.parametrize("page", sorted(path.name for path in PAGES.glob("*.md")))
def test_each_page_says_how_it_was_tried(page: str) -> None:
    text = text_of(page)
    found = list(parts(text))
    assert any(isinstance(one, File) for one in found) and any(isinstance(one, Command) for one in found)
    assert "## How this page was tried" in text and "TESTING.md" in text
