# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for an OpenWrt router: a folder to chroot into, with busybox as its shell and its programs.

uci.py and netifd.py are what "uci" and "ubus" know and do, box.py is the folder and the port behind its programs.
"""

from __future__ import annotations
