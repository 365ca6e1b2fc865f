# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps on a pppd router: POSIX shell that tells facts, compares for equality, and takes bytes. It decides nothing.

:data:`VARIABLES` are set before each step: the folders of the options and of the pid files, the seconds for a lock.
"""

from __future__ import annotations

VARIABLES = "e={} r={} m={} j='' h='' q='' k=''\n"
#: z [PID]: each pppd of our namespaces, its pid files and their addresses; with $k, behind a "+", who keeps it. Of one
#: that was seen before its words are left out: its number and the time of its start are its own.
#: u SECONDS COMMAND WAS: wait until the command prints something else, which is in $v then.
#: What the shell itself can tell starts no process: they are what a look costs on a small router. dash, bash and
#: busybox have "-ef"; in a shell without it, each pppd counts as ours: one that is not seen would be started again.
STATE = r"""
s() { sleep 0.25 2>/dev/null || sleep 1; }
c() { exec tr '\000\n' '\t ' 2>/dev/null <"/proc/$1/cmdline"; }
z() {
  g=' ' d=${1-} a=''
  for i in ${1:-$(grep -ls pppd /proc/[0-9]*/cmdline)}; do
    i=${i#/proc/} i=${i%/cmdline}
    [ -e "/proc/$i" ] || continue
    for x in net pid; do
      [ ! -e "/proc/$i/ns/$x" ] || [ "/proc/$i/ns/$x" -ef "/proc/self/ns/$x" ] || ! [ / -ef / ] || continue 2
    done
    [ "$d" ] || { a=$(c "$i"); case $a in pppd"	"*|*/pppd"	"*) ;; *) continue ;; esac; }
    o=$(ls -l "/proc/$i/fd" 2>/dev/null) x=idle g="$g$i "
    while read -r _ _ _ _ _ _ _ _ f; do case $o in */dev/ppp*|*"socket:[$f]"*) x=link ;; esac; done </proc/net/packet
    kill -0 "$i" 2>/dev/null || x=$x,barred
    read -r l 2>/dev/null <"/proc/$i/stat" && set -- ${l##*) } || continue
    printf '%s\n' "pid $i $2 ${20} $x" ${a:+"argv	$a"}
    [ "$k" ] || continue
    x='' y=''
    while [ -z "$x" ] && read -r l; do
      case $l in */*.service*) x=${l%.service*}.service x=${x##*/} ;; esac
    done 2>/dev/null <"/proc/$i/cgroup"
    [ -z "$x" ] || y=$(systemctl show -p MainPID "$x" 2>/dev/null)
    printf '+parent\t%s\n+unit %s\n' "$(c "$2")" "$x $y"
  done
  for f in "$r"/*.pid "$r"/pppd/*.pid; do
    a='' o='' i=${f##*/} i=${i%.pid}
    [ ! -r "$f" ] || { read -r a; read -r o; } <"$f"
    case $g in *" $a "*) ;; *) continue ;; esac
    x=$(ip -4 -o addr show dev "$i" 2>/dev/null)
    printf '%s\n' "file	$a	$i	$o	$(stat -c '%Y %i %y' "$f" 2>/dev/null)	${x%%valid_lft*}"
  done
}
u() {
  read -r y _ </proc/uptime
  while v=$($2); [ "$v" = "$3" ] && read -r x _ </proc/uptime && [ $((${x%.*} - ${y%.*})) -lt "$1" ]; do s; done
}
"""
#: a FILE...: what is in them; which of them, and of their folders, may not be written; which are links.
FILES = r"""
a() {
  f "$@"; for x; do
    y=$x; [ ! -L "$x" ] || { t link "$x"; y=$(readlink -f "$x"); }
    [ -w "$y" ] || t fixed "$x"; [ -w "${y%/*}" ] || t walled "$x"
  done
}
"""
#: Who we are, what is missing, who keeps pppd, on what its files lie.
LOOK = r"""
for x in "$e"/options.*; do [ ! -e "$x" ] || a "$x"; done
for x in stat ip readlink sha256sum mktemp; do type $x >/dev/null 2>&1 || t missing $x; done
for x in "$e" "$e/peers"; do [ ! -d "$x" ] || { [ -r "$x" ] && [ -x "$x" ]; } || t closed "$x"; done
t printf "$(type printf)"; t peers; ls -1 "$e/peers" 2>/dev/null
read -r x _ </proc/uptime; t own "$(id -un) $x $(date +%s)"
t mounts; cat /proc/self/mountinfo
k=all; t state; z
"""
#: The units of systemd that could start a pppd, which of them are in use, and what ifupdown starts.
UNITS = r"""
t units; cd /etc/systemd/system 2>/dev/null && grep -sH '^ExecStart=.*\(pppd\|pon \)' *.service *.wants/*.service \
  /run/systemd/system/*.service /usr/lib/systemd/system/*.service
t providers; grep -sh '^[ 	]*provider[ 	]' /etc/network/interfaces /etc/network/interfaces.d/*
t loaded; systemctl list-units --all --plain --no-legend --type=service 2>/dev/null
"""
#: When a pppd last said something, in seconds since 1970 at the beginning of a line: each does so when it starts and
#: when it ends, to the system's log, and to its file if it has one (2.4.9 and 2.5.2 on the line: tests/lab). One that
#: was killed outright says nothing, but leaves its pid file: that counts as just now.
SPOKE = """\
t spoke; journalctl -q -b -t pppd -n 1 -o short-unix 2>/dev/null; stat -L -c %Y {} 2>/dev/null
for x in "$r"/ppp*.pid "$r"/pppd/*.pid; do
  [ ! -r "$x" ] || {{ read -r y _ <"$x"; [ -e "/proc/$y" ] || date +%s; }}
done
"""
#: l NAME: take a lock, or wait for it. k FILE SEEN: is it still as it was seen? y FILE FILE: are both our own, as a
#: shell can tell itself? w FILE MODE OWNER SUM HOW: write the next line of descriptor 3, or put back the one behind it.
#: d COUNT COMMAND: dial, if there are as many pppd as were seen. e: 1 until process $q has ended.
WRITE = r"""
exec 3<&0; trap 'exit 1' HUP INT TERM PIPE
trap '[ -z "$h" ] || rm -f "$h"; for x in $j; do rm -f "$r/$x"; done' EXIT
l() {
  [ -w "$r" ] || return 0
  read -r y _ </proc/uptime
  until ln -s "$$" "$r/$1" 2>/dev/null; do
    o=$(readlink "$r/$1"); read -r x _ </proc/uptime
    if [ "$o" ] && ! grep -qs ownrouter "/proc/$o/cmdline"; then rm -f "$r/$1"
    elif [ $((${x%.*} - ${y%.*})) -ge "$m" ]; then t held "$o $r/$1"; return 1
    else s; fi
  done
  j="$1 $j"
}
k() { [ "$(stat -L -c '%d %i %s %a %u %g %Y' "$1" 2>/dev/null) $(sha256sum 2>/dev/null <"$1")" = "$2" ]; }
y() { [ -O "$1" ] && [ -G "$1" ] && [ -O "$2" ] && [ -G "$2" ]; } 2>/dev/null
p() { printf %b "$2" >"$1" && [ "$(sha256sum <"$1")" = "$3" ]; }
w() {
  IFS= read -r b <&3; IFS= read -r o <&3
  if [ "$5" ]; then p "$1" "$b" "$4" || { printf %b "$o" >"$1"; false; }; return; fi
  h=${1%/*}/.${1##*/}.ownrouter
  for x in "$h"*; do [ ! -e "$x" ] && [ ! -L "$x" ] || rm -f "$x"; done
  h=$h.$$
  p "$h" "$b" "$4" && { [ -z "$3" ] || y "$1" "$h" || chown "$3" "$h"; } && chmod "$2" "$h" && mv -f "$h" "$1" \
    || ! rm -f "$h"
}
e() { grep -cs pppd "/proc/$q/cmdline"; }; n() { z | grep -c ^pid; [ -z "$h" ] || cat "$h"; }
d() {
  h=''; [ "$(n)" = "$1" ] && h=$(mktemp "$r/ownrouter.XXXXXX" 2>/dev/null || mktemp) || { t unlike; return; }
  (sh -c "$2" ownrouter; x=$?; [ ! -e "$h" ] || echo "$x" >"$h") </dev/null >/dev/null 2>&1 3<&- &
  u 5 n "$1"; t dialled "$(cat "$h")"
}
"""
#: Ends a step: the state, and the time.
TELL = 't state; z; t now "$(date +%s)"\n'
