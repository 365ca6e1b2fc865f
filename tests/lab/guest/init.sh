#!/bin/sh
# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PID 1 of a user-mode Linux guest.  Stage 1 lays a writable overlay over the host's own files (read-only hostfs).
# Stage 2, inside of it: network, sshd, then the script of the role.
# Kernel arguments: lab.role=isp|router lab.mgmt=ADDRESS/LENGTH lab.share=FOLDER (of the host, read by hostfs), and the
# two variables that keep AVX out (guest_kernel.py): the kernel puts them into this environment.

PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
export PATH HOME
if [ "${1:-}" != stage2 ]; then
  mount -t proc proc /proc
  read -r words </proc/cmdline
  for word in $words; do
    case $word in
    lab.role=*) role=${word#*=} ;;
    lab.mgmt=*) address=${word#*=} ;;
    lab.share=*) share=${word#*=} ;;
    esac
  done
  mount -t tmpfs -o mode=755 tmpfs /mnt
  mkdir /mnt/up /mnt/work /mnt/new /mnt/mod
  mount -t hostfs -o /usr/lib/uml/modules none /mnt/mod
  read -r release </proc/sys/kernel/osrelease
  insmod "/mnt/mod/$release/kernel/fs/overlayfs/overlay.ko"
  mount -t overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work overlay /mnt/new || exit 1
  cd /mnt/new || exit 1
  mkdir -p lib/modules proc sys dev run share tmp root etc/ppp
  mount -t hostfs -o /usr/lib/uml/modules none lib/modules
  mount -t proc proc proc
  mount -t sysfs sysfs sys
  mount -n --move /dev dev
  mkdir -p dev/pts
  mount -t devpts -o ptmxmode=0666,mode=620,gid=5 devpts dev/pts
  mount -t tmpfs -o mode=755 tmpfs run
  mount -t tmpfs -o mode=1777 tmpfs tmp
  mount -t tmpfs -o mode=700 tmpfs root # not the host's .bashrc and the like
  mount -t tmpfs -o mode=755 tmpfs etc/ppp
  mount -t hostfs -o "$share" none share
  exec chroot . /bin/sh /share/guest/init.sh stage2 "$role" "$address" </dev/console >/dev/console 2>&1
fi

role=$2
printf '%s\n' "$role" >/proc/sys/kernel/hostname
ip -batch - <<NETWORK
link set lo up
link set vec0 up
link set vec1 up
addr add $3 dev vec1
NETWORK
[ -L /var/run ] || { rm -rf /var/run && ln -s /run /var/run; }
mkdir -p /run/sshd /run/lock /root/.ssh
: >/etc/motd
printf '127.0.0.1 localhost\n%s %s\n' "${3%/*}" "$role" >/etc/hosts
cp /share/ssh/id.pub /root/.ssh/authorized_keys
cp /share/ssh/hostkey /run/hostkey
chmod 600 /root/.ssh/authorized_keys /run/hostkey
chown 0:0 / /root /root/.ssh /root/.ssh/authorized_keys /run/hostkey
printf 'root:*:19000:0:99999:7:::\nsshd:*:19000:0:99999:7:::\n' >/etc/shadow
cat >/run/sshd_config <<SSHD
ListenAddress ${3%/*}
HostKey /run/hostkey
UsePAM no
UseDNS no
PermitRootLogin prohibit-password
PasswordAuthentication no
Subsystem sftp internal-sftp
MaxSessions 50
MaxStartups 50
SetEnv GLIBC_TUNABLES=${GLIBC_TUNABLES:-} OPENSSL_ia32cap=${OPENSSL_ia32cap:-}
SSHD
echo >/proc/sys/kernel/modprobe # one that the kernel starts has another environment, and AVX with it
modprobe pppoe
[ -c /dev/ppp ] || mknod /dev/ppp c 108 0
chmod 755 /etc/ppp
mkdir -p /etc/ppp/peers
cp -r "/share/$role/." /etc/ppp/
chown -R 0:0 /etc/ppp
for file in /etc/ppp/chap-secrets /etc/ppp/pap-secrets; do
  [ -e "$file" ] || : >"$file"
done
chmod 600 /etc/ppp/*-secrets
. "/share/guest/$role.sh"
(
  [ -z "${sshd_cgroup:-}" ] || echo 0 >"$sshd_cgroup/cgroup.procs"
  if [ "${sshd:-}" = dropbear ]; then # with this environment (-e), as SetEnv above
    exec dropbear -e -s -m -p "${3%/*}:22" -r /run/hostkey.dropbear -P /run/dropbear.pid -E 2>/run/sshd.log
  fi
  exec /usr/sbin/sshd -f /run/sshd_config -E /run/sshd.log
)
read -r seconds rest </proc/uptime
echo "LAB-READY $role $seconds"
[ "${keeper:-}" != supervisor ] || exec sh /share/guest/manager.sh "${unit:-}" "/usr/sbin/pppd call ${peer:-} nodetach"
# Wait for children, for ever: the guest is never shut down, it is ended from outside.
while :; do
  sleep 3600 &
  wait "$!"
done
