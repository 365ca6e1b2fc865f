# shellcheck shell=sh
# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The customer's router: Debian's pppd with its kernel PPPoE plugin.  Its peer file and secrets are in /share/router,
# its kind in /share/kind (kinds.py writes it): keeper, sshd, busybox, unit, peer.
# Nothing is dialled yet: that is a command of the test, or of whoever sets up a new router.

sshd=openssh keeper='' busybox=''
[ ! -e /share/kind ] || . /share/kind # without it: what Debian has, and nothing kept
for package in /share/packages/*; do
  [ -d "$package" ] || continue
  case $package in */ppp-*) rm -rf /usr/lib/pppd ;; esac
  cp -a --remove-destination "$package/usr/." /usr/ # at once: C library and loader belong together
  [ ! -d "$package/sbin" ] || cp -a "$package/sbin/." /usr/sbin/
  case $package in */ifupdown)
    rm -rf /etc/network # with the hooks of what else this machine has
    cp -a "$package/etc/network" /etc/network
    cp /share/interfaces /etc/network/interfaces
    mkdir -p /run/network
    ;;
  esac
done
# ifup's commands get an environment of its own, and pppd needs what keeps AVX out (guest_kernel.py).
sed -i "1a export GLIBC_TUNABLES='${GLIBC_TUNABLES:-}' OPENSSL_ia32cap='${OPENSSL_ia32cap:-}'" /usr/bin/pon /usr/bin/poff
chown 0:30 /usr/sbin/pppd # dip, as the package has it
chmod 4754 /usr/sbin/pppd
chmod 640 /etc/ppp/peers/*
chgrp dip /etc/ppp/peers/* 2>/dev/null
# As on a machine with systemd, where what a shell over SSH starts is in its cgroup (without PAM's sessions).
mount -t cgroup2 cgroup2 /sys/fs/cgroup
sshd_cgroup=/sys/fs/cgroup/system.slice/${sshd#open}.service
mkdir -p "$sshd_cgroup" /sys/fs/cgroup/init.scope
echo 1 >/sys/fs/cgroup/init.scope/cgroup.procs
if [ "$keeper" = supervisor ]; then
  mkdir -p /run/systemd/system
  cp /share/guest/systemctl.sh /usr/bin/systemctl
  chmod 755 /usr/bin/systemctl
fi
if [ "$sshd" = dropbear ]; then
  dropbearconvert openssh dropbear /run/hostkey /run/hostkey.dropbear >/dev/null 2>&1
  rm -f /usr/lib/sftp-server
fi
if [ "$busybox" = yes ]; then
  # Nothing but busybox where commands are looked for, and what a pppd router cannot do without; poff alone has the ps
  # that Debian's ppp depends on.  (Busybox's shell takes its own applets first, whatever PATH says.)
  mkdir /run/bin /usr/lib/poff
  cp /usr/bin/ps /usr/lib/poff/ps
  sed -i 's|(ps |(/usr/lib/poff/ps |' /usr/bin/poff
  busybox --install -s /run/bin
  for program in busybox pppd pon poff dropbear systemctl; do
    file=$(command -v "$program") && cp --remove-destination "$file" "/run/bin/$program"
  done
  for folder in /usr/bin /usr/sbin; do mount --bind /run/bin "$folder"; done
  mount -t tmpfs tmpfs /usr/local
  sed -i 's|^\(root:.*:\)[^:]*$|\1/bin/sh|' /etc/passwd
fi
:
