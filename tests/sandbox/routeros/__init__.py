# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for a MikroTik router: its API over TLS, its users, and one PPPoE client or more.

wire.py speaks the protocol, router.py is what the router knows and does, server.py puts both on a port.
"""

from __future__ import annotations
