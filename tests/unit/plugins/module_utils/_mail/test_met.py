# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reader over mails as programs and people make them; and these mails over readers that lack a rule."""

from __future__ import annotations

import re

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import (
    grammar,
    markup,
    older,
    prose,
    reader,
    shapes,
    value,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import (
    met,
    met_letters,
    met_older,
    met_pages,
    met_raw,
    met_values,
    met_whole,
)

MAILS = [
    *(*met_older.OLDER, *met_values.VALUES, *met_pages.PAGES, *met_whole.WHOLE, *met_raw.RAW_MAILS),
    *met_letters.LETTERS,
]
NEVER = re.compile(r"(?!)")


def test_the_mails_as_they_are_met():
    assert len(MAILS) > 1990 and len({mail.name for mail in MAILS}) == len(MAILS)
    assert not list(met.faults(MAILS))


@pytest.mark.parametrize(
    ("module", "name", "without"),
    [
        (older, "_OLDER_RE", re.compile(f"{older.QUOTE_HEAD}|{older.QUOTE_TAIL}", re.I | re.M)),
        (older, "_HEADER_RE", NEVER),
        (markup, "ENTITY_LEFT_RE", NEVER),
        (markup, "UNSEEN", frozenset()),
        (prose, "ENDED_RE", re.compile("")),
        (prose, "VOID_RE", NEVER),
        (prose, "OPENING", frozenset()),
        (shapes, "OTHER_THINGS_RE", NEVER),
        (grammar, "speaks_of_another", lambda _text: False),
        (value, "_goes_on", lambda _page, _span: False),
        (reader, "_GREETING", frozenset()),
        (reader, "_speaks_of_former", lambda _text: False),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_rule_that_is_missing_is_noticed(module, name, without, monkeypatch):
    monkeypatch.setattr(module, name, without)
    assert any(met.faults(MAILS))
