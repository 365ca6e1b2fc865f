# shellcheck shell=sh
# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The customer's router: Debian's pppd with its kernel PPPoE plugin.  Its peer file and secrets are in /share/router.
# Nothing is dialled yet: "pon" is a command of the test, or of whoever sets up a new router.

chmod 640 /etc/ppp/peers/*
chgrp dip /etc/ppp/peers/* 2>/dev/null
[ -f /share/router/dial ] && pon dsl-provider
:
