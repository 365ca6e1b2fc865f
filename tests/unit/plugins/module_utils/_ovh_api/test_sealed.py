# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is sealed is read by whoever has the key's secrets, and by nobody else."""

from __future__ import annotations

import sys

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.sealed import Seal

pytest.importorskip("cryptography")
SECRETS = ("application-secret", "consumer-key")
VALUE = [{"ip": "198.51.100.7", "date": "2026-11-27T12:00:00Z", "path": "/me"}, None]


def test_the_same_secrets_open_it():
    kept = Seal(SECRETS).closed(VALUE)
    assert isinstance(kept, str) and "198.51" not in kept
    assert Seal(SECRETS).opened(kept) == VALUE


def test_it_is_another_text_each_time():
    assert Seal(SECRETS).closed(VALUE) != Seal(SECRETS).closed(VALUE)


@pytest.mark.parametrize("others", [("application-secret", "other"), ("application-secret",), (), SECRETS[::-1]])
def test_other_secrets_do_not(others):
    assert Seal(others).opened(Seal(SECRETS).closed(VALUE)) is None


@pytest.mark.parametrize("kept", [None, "", "x", "é", 7, [], VALUE, "[" * 3000])
def test_what_was_never_sealed_is_nothing(kept):
    assert Seal(SECRETS).opened(kept) is None


def test_what_was_changed_is_nothing():
    kept = Seal(SECRETS).closed(VALUE)
    assert Seal(SECRETS).opened(kept[:-9] + ("A" if kept[-9] != "A" else "B") + kept[-8:]) is None


def test_without_secrets_nothing_is_kept():
    assert Seal(()).closed(VALUE) is None


def test_without_the_library_nothing_is_kept(monkeypatch):
    kept = Seal(SECRETS).closed(VALUE)
    monkeypatch.setitem(sys.modules, "cryptography.fernet", None)
    seal = Seal(SECRETS)
    assert seal.closed(VALUE) is None and seal.opened(kept) is None
