# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines of progress: what is waited for, and why it cannot be looked for."""

from __future__ import annotations

import time

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process import progress as progress_lines


def test_a_line_says_what_is_so(monkeypatch):
    lines = []
    monkeypatch.setattr(progress_lines, "PROGRESS", 1.0)
    monkeypatch.setattr(progress_lines, "say", lambda host, text: lines.append((host, text)))

    def next_line():
        count, end = len(lines), time.monotonic() + 20
        while len(lines) < count + 2 and time.monotonic() < end:
            time.sleep(0.05)
        return lines[-1][1]

    with progress_lines.shown("router1", "the mail", 900, "Note.", "Take another uplink.") as hear:
        assert next_line().startswith("waiting for the mail: ")
        hear("OVHcloud could not be reached.")
        said = next_line()
        assert said.startswith("the mail cannot be looked for, this is tried again: ")
        assert said.endswith(" s of at most 900 s. OVHcloud could not be reached. Take another uplink.")
        assert "waiting" not in said
        hear("")
        hear(None)
        monkeypatch.setattr(progress_lines, "SLOW", 0.0)
        said = next_line()
        assert said.startswith("the mail cannot be looked for, this is tried again: ")
        assert "There is no answer for " in said
        hear("")
        assert next_line().endswith(" s of at most 900 s. Note.")
    assert {host for host, _text in lines} == {"router1"}
