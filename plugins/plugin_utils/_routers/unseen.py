# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible shows and logs of its own doing while it carries a secret: nothing."""

from __future__ import annotations

import contextlib
import typing as t

from ansible import constants
from ansible.utils.display import Display


@contextlib.contextmanager
def unseen() -> t.Iterator[None]:
    """Let this worker show and log nothing of what it sends and gets.

    Under -vvv ansible.builtin.ssh shows what a command printed, and under ANSIBLE_DEBUG each chunk of it; ANSIBLE_DEBUG
    shows the arguments and the answer of every module, too (ansible-core 2.19 to 2.21, plugins/connection/ssh.py and
    plugins/action/__init__.py). Here that can be a file full of passwords, or the key. A task's worker is a process of
    its own, so nobody else's output is less for it.
    """
    display = Display()
    before = (display.verbosity, display.log_verbosity, constants.DEFAULT_DEBUG)
    display.verbosity, display.log_verbosity, constants.DEFAULT_DEBUG = 0, 0, False
    try:
        yield
    finally:
        display.verbosity, display.log_verbosity, constants.DEFAULT_DEBUG = before
