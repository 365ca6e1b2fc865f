# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No core dump of a process that holds a password: it would be a copy of the password on the disk."""

from __future__ import annotations

import contextlib
import sys

#: <linux/prctl.h>
PR_SET_DUMPABLE = 4


def forbid() -> None:
    """Let this process leave no core dump from here on; without an error where the system knows no such setting.

    Two settings, since neither does all (core(5), prctl(2)): RLIMIT_CORE passes to the programs that this process
    starts, such as ssh, and works on every Unix; but a kernel that pipes core dumps to a program (systemd-coredump,
    apport) starts it whatever the limit is. A process that is not dumpable leaves nothing either way, and no other
    process of the same user can read its memory or environment; the next execve makes it dumpable again.
    """
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform.startswith("linux"):
        with contextlib.suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
