# shellcheck shell=sh
# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The access provider: a PPPoE access concentrator whose pppd asks a RADIUS server (the test's, on the management
# network) about every CHAP response, and one address beyond it to ping.

modprobe dummy
ip -batch - <<NETWORK
link add world type dummy
link set world up
addr add 198.51.100.1/32 dev world
NETWORK
echo 1 >/proc/sys/net/ipv4/ip_forward
modprobe ppp_async # this pppoe-server has no kernel mode
chmod 600 /etc/ppp/radius/servers
pppoe-server -I vec0 -C isp-ac -S internet -L 100.64.0.1 -R 100.64.0.10 -N 16 -O /etc/ppp/server-options
