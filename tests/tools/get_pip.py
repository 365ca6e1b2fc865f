# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for ansible-test's get-pip script: installs pip from the wheel that lies beside it."""

from __future__ import annotations

import os
import runpy
import sys

WHEEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "@WHEEL@")

if __name__ == "__main__":
    wanted = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
    sys.path.insert(0, WHEEL)
    sys.argv = ["pip", "install", "--upgrade", *wanted]
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
