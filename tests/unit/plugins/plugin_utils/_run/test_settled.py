# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A renewal that store and journal show as done is not prepared; whatever is not surely so does."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.settled import settled
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept

LINE = "xdsl-ab12345-1"
NOW = datetime.datetime.now(datetime.timezone.utc)


def kept(days):
    at = NOW - datetime.timedelta(days=days)
    return Kept("me@isp", "x", mail_id="1", mail_date=at, requested_at=at, kept_at=at)


def options(tmp_path, **more):
    given = {"renew": True, "max_age": "90d", "store_vault_file": "/x.yml", "state_dir": str(tmp_path)}
    return Options({"service_name": LINE, **given, **more})


def test_a_password_that_is_young_enough(tmp_path):
    assert settled(options(tmp_path), "main", lambda: kept(10))
    assert settled(options(tmp_path), "credentials", lambda: kept(10))


@pytest.mark.parametrize(
    "more",
    [{"renew": False}, {"store_vault_file": ""}, {"max_age": "5d"}, {"login": "me@isp", "password": "by hand"}],
    ids=",".join,
)
def test_what_does_not_settle_it(tmp_path, more):
    assert not settled(options(tmp_path, **more), "main", lambda: kept(10))


def test_neither_an_empty_store_nor_another_entry(tmp_path):
    assert not settled(options(tmp_path), "main", lambda: None)
    assert not settled(options(tmp_path), "preflight", lambda: kept(10))


def test_a_store_that_cannot_be_read_is_met_again_later(tmp_path):
    def fails():
        raise Failure("store", "It cannot be opened.")

    assert not settled(options(tmp_path), "main", fails)
