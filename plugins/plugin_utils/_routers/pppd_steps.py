# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps on a pppd router: POSIX shell that tells facts, compares for equality, and takes bytes. It decides nothing.

``e``, ``r`` and ``m`` are set before each step: the folders of the options and of the pid files, seconds for a lock.
"""

from __future__ import annotations

#: z [all|PID]: each pppd of our namespaces, its pid files and their addresses; "all" adds behind a "+" who keeps it.
#: u SECONDS COMMAND WAS: wait until the command prints something else, which is in $v then.
STATE = r"""
z() {
  g=' ' k=${1-} y=$(readlink /proc/self/ns/net /proc/self/ns/pid)
  for q in $(grep -ls pppd /proc/[0-9]*/cmdline); do
    q=${q%/cmdline} i=${q#/proc/} i=${i%/*}
    case $k in ''|all|"$i") ;; *) continue ;; esac
    case $(readlink "$q/ns/net" "$q/ns/pid" 2>/dev/null) in ''|"$y") ;; *) continue ;; esac
    a=$(tr '\000\n' '\t ' 2>/dev/null <"$q/cmdline") && [ "$a" ] && IFS= read -r c 2>/dev/null <"$q/stat" || continue
    case $a in pppd"	"*|*/pppd"	"*) ;; *) continue ;; esac
    o=$(ls -l "$q/fd" 2>/dev/null) x=idle g="$g$i "
    while read -r _ _ _ _ _ _ _ _ f; do
      case $o in */dev/ppp*|*"socket:[$f]"*) x=link ;; esac
    done </proc/net/packet
    kill -0 "$i" 2>/dev/null || x=$x,barred
    set -- ${c##*) }
    printf '%s\n' "pid $i $2 ${20} $x" "argv	$a"
    [ "$k" = all ] || continue
    printf '+parent\t%s\n' "$(tr '\000\n' '\t ' 2>/dev/null <"/proc/$2/cmdline")"
    tr '\000' '\n' 2>/dev/null <"$q/environ" | sed -n 's/^METHOD=/+method /p'
    x=$(sed -n 's,.*/\([^/]*\.service\).*,\1,p' "$q/cgroup" 2>/dev/null | head -n 1)
    [ -z "$x" ] || echo "+unit $x $(systemctl show -p MainPID "$x" 2>/dev/null)"
  done
  for q in "$r"/*.pid "$r"/pppd/*.pid; do
    a='' c='' i=${q##*/} i=${i%.pid}
    [ ! -r "$q" ] || { read -r a; read -r c; } <"$q"
    case $g in *" $a "*) ;; *) continue ;; esac
    o=$(ip -4 -o addr show dev "$i" 2>/dev/null) || o=''
    printf '%s\n' "file	$a	$i	$c	$(stat -c '%Y %i %y' "$q" 2>/dev/null)	${o%%valid_lft*}"
  done
}
u() {
  read -r y _ </proc/uptime
  while v=$($2); [ "$v" = "$3" ] && read -r x _ </proc/uptime && [ $((${x%.*} - ${y%.*})) -lt "$1" ]; do
    sleep 0.25 2>/dev/null || sleep 1
  done
}
"""
#: a FILE...: what is in them, and which of them and of their folders may be written.
FILES = r"""
a() {
  f "$@"
  for x; do
    c=$(readlink -f "$x") || c=
    t access "$([ ! -w "$c" ] || printf file,; [ ! -w "${c%/*}" ] || printf folder,; [ ! -L "$x" ] || printf link)" "$x"
  done
}
"""
#: Who we are, what is missing, by which way we are reached, who could start a pppd.
LOOK = r"""
for x in "$e"/options.*; do [ ! -e "$x" ] || a "$x"; done
read -r x _ </proc/uptime
t own "$(id -un) $x $(date +%s)"
t printf "$(type printf)"
for x in stat tr sed grep mv chmod chown ip date ln readlink sha256sum mktemp; do
  type $x >/dev/null 2>&1 || t missing $x
done
for x in "$e" "$e/peers"; do [ ! -d "$x" ] || { [ -r "$x" ] && [ -x "$x" ]; } || t closed "$x"; done
t peers; ls -1 "$e/peers" 2>/dev/null
t state; z all
t mounts; cat /proc/self/mountinfo
x=$$ c=${SSH_CONNECTION-}
while [ -z "$c" ] && [ "$x" -gt 1 ]; do
  c=$(tr '\000' '\n' 2>/dev/null <"/proc/$x/environ" | sed -n 's/^SSH_CONNECTION=//p')
  read -r k <"/proc/$x/stat"; k=${k##*) }; k=${k#* }; x=${k%% *}
done
t route "$([ -z "$c" ] || ip -o route get "${c%% *}" 2>/dev/null)"
t counters; cd /sys/class/net && for x in *; do
  read -r k <"$x/statistics/rx_bytes" && read -r c <"$x/statistics/tx_bytes" && echo "$x $k $c"
done 2>/dev/null
"""
#: The units of systemd that could start a pppd, and which of them are in use.
UNITS = r"""
t units; grep -sH '^ExecStart=.*\(pppd\|pon \)' /etc/systemd/system/*.service /etc/systemd/system/*.wants/*.service \
  /run/systemd/system/*.service /usr/lib/systemd/system/*.service
t loaded; systemctl list-units --all --plain --no-legend --type=service 2>/dev/null
"""
#: l NAME: take a lock, or wait for it. k FILE SEEN: is it still as it was seen? w FILE MODE OWNER SUM HOW: write the
#: next line of descriptor 3, or put back the one behind it. d COUNT COMMAND: dial, if there are as many pppd as were
#: seen. e: 1 until process $q has ended.
WRITE = r"""
j='' h='' q=''
exec 3<&0
trap '[ -z "$h" ] || rm -f "$h"; for x in $j; do rm -f "$r/$x"; done' EXIT
trap 'exit 1' HUP INT TERM PIPE
l() {
  [ -w "$r" ] || return 0
  read -r y _ </proc/uptime
  until ln -s "$$" "$r/$1" 2>/dev/null; do
    c=$(readlink "$r/$1")
    read -r x _ </proc/uptime
    if [ "$c" ] && ! grep -qs ownrouter "/proc/$c/cmdline"; then rm -f "$r/$1"
    elif [ $((${x%.*} - ${y%.*})) -ge "$m" ]; then t held "$c $r/$1"; return 1
    else sleep 0.25 2>/dev/null || sleep 1; fi
  done
  j="$1 $j"
}
k() { [ "$(stat -L -c '%d %i %s %a %u %g %Y' "$1" 2>/dev/null) $(sha256sum 2>/dev/null <"$1")" = "$2" ]; }
w() {
  IFS= read -r b <&3; IFS= read -r o <&3
  if [ "$5" ]; then
    printf %b "$b" >"$1" && [ "$(sha256sum <"$1")" = "$4" ] || { printf %b "$o" >"$1"; false; }
    return
  fi
  h=${1%/*}/.${1##*/}.ownrouter
  rm -f "$h"*
  h=$h.$$
  printf %b "$b" >"$h" && [ "$(sha256sum <"$h")" = "$4" ] && { [ -z "$3" ] || chown "$3" "$h"; } &&
    chmod "$2" "$h" && mv -f "$h" "$1"
}
e() { grep -cs pppd "/proc/$q/cmdline"; }
n() { z | grep -c ^pid; [ -z "$h" ] || cat "$h"; }
d() {
  h=''
  [ "$(n)" = "$1" ] && h=$(mktemp "$r/ownrouter.XXXXXX" 2>/dev/null || mktemp) || { t unlike; return; }
  (sh -c "$2"; x=$?; [ ! -e "$h" ] || echo "$x" >"$h") </dev/null >/dev/null 2>&1 3<&- &
  u 5 n "$1"
  t dialled "$(cat "$h")"
}
"""
#: Ends a step: the state, and the time.
TELL = 't state; z; t now "$(date +%s)"\n'
