# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A router with the command line of VyOS over SSH: a stand-in, written after VyOS's public sources, for tests.

It knows the few commands that a PPPoE line needs and refuses all others as VyOS does.
It knows nothing of this collection.
"""
