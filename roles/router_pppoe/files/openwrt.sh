#!/bin/sh
# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The PPPoE interface of an OpenWrt router (uci, netifd), seen from the role router_pppoe.
#
#   openwrt.sh probe  INTERFACE
#   openwrt.sh apply  INTERFACE PASSWORD_AGE          (login and password: two lines on stdin)
#   openwrt.sh status INTERFACE WAIT SINCE
#   openwrt.sh provision INTERFACE DEVICE VLAN MTU    (login: a line on stdin; VLAN 0 is none)
#
# PASSWORD_AGE: seconds since the request for the password, or nothing.  SINCE: applied_at of "apply", or nothing.
# Answers with key=value lines.  The login and the password go to "uci batch" on its standard input: never an argument
# of a process, never in an environment.  Times are of the router's uptime: its clock jumps when the line comes back.

set -u
umask 077
# A core dump of this shell would hold the password. Not in POSIX, but in dash, busybox and bash.
# shellcheck disable=SC3045
ulimit -c 0 2>/dev/null || :
LC_ALL=C
export LC_ALL
PATH="${PATH:-/usr/bin:/bin}:/usr/sbin:/sbin:/usr/bin:/bin"
export PATH
command=$1 interface=$2
check=${ROUTER_CHECK_MODE:-0}

say() { printf '%s=%s\n' "$1" "$2"; }
die() {
  say error "$1"
  exit 1
}

case $(type printf 2>/dev/null) in
*builtin*) ;;
*) die "/bin/sh on this router has no printf of its own: a password would show in the process list" ;;
esac

# What $json has at the path $1 -> stdout; nothing when it has none.
json_at() { printf '%s\n' "$json" | jsonfilter -e "$1" 2>/dev/null; }

# Seconds since the router was started.
uptime() {
  json=$(ubus call system info 2>/dev/null) || return 1
  json_at '@.uptime'
}

need_openwrt() {
  case $interface in '' | *[!A-Za-z0-9_]*) die "not the name of an interface: $interface" ;; esac
  for tool in uci ubus jsonfilter; do
    type "$tool" >/dev/null 2>&1 || die "the command $tool is missing: this is not an OpenWrt router"
  done
}

# The option $1 of the interface -> stdout
option() { uci -q get "network.$interface.$1"; }

read_interface() {
  need_openwrt
  if [ "$(uci -q get "network.$interface")" != interface ]; then
    # "uci show" holds passwords: only the names of the PPPoE interfaces come out of it.
    others=$(uci -q show network | sed -n "s/^network\.\([A-Za-z0-9_]*\)\.proto='pppoe'\$/\1/p" | tr '\n' ' ')
    die "there is no interface $interface in /etc/config/network. PPPoE interfaces of this router: ${others:-none}"
  fi
  protocol=$(uci -q get "network.$interface.proto")
  [ "$protocol" = pppoe ] || die "the interface $interface has the protocol ${protocol:-none}, not pppoe"
}

# Somebody else's uncommitted changes, whose commit ours would be as well -> $foreign; ours of a killed run -> $pending
read_changes() {
  foreign='' pending=''
  changes=$(uci changes network) || die "the command 'uci changes network' failed: nothing was written"
  while IFS= read -r line; do
    case $line in
    '') ;;
    "network.$interface.username="* | "network.$interface.password="*) pending=1 ;;
    *) foreign="$foreign ${line%%=*}" ;; # the name alone: the value may be a secret
    esac
  done <<CHANGES
$changes
CHANGES
  changes='' line=''
}

refuse_foreign() {
  [ -z "$foreign" ] ||
    die "somebody's changes of /etc/config/network are not committed, and ${what:-writing the password} would commit them:$foreign. On the router: 'uci commit network' keeps them, 'uci revert network' drops them"
}

# The session -> up (true/false), address, age, protocol (what netifd runs), errors
read_session() {
  up=false address='' age='' errors=''
  json=$(ubus call "network.interface.$interface" status 2>/dev/null) || return 1
  protocol=$(json_at '@.proto')
  address=$(json_at '@["ipv4-address"][0].address')
  errors=$(json_at '@.errors[*].code' | tr '\n' ' ')
  age=$(json_at '@.uptime')
  if [ "$protocol" = pppoe ] && [ "$(json_at '@.up')" = true ] && [ -n "$address" ] && [ -n "$age" ]; then
    up=true
  else
    address='' age=''
  fi
}

say_session() {
  say up "$up"
  say address "$address"
  say uptime "$age"
}

probe() {
  read_interface
  read_session || die "netifd does not know the interface $interface: on the router, 'ubus call network reload' shows it /etc/config/network"
  [ "$protocol" = pppoe ] || die "the router cannot dial: the package that makes the protocol pppoe is missing (ppp-mod-pppoe)"
  read_changes
  refuse_foreign
  writable=true why=''
  if [ "$(uci -q get "network.$interface.disabled")" = 1 ]; then
    writable=false why="The interface $interface is disabled, and this role does not enable it."
  elif [ ! -w /etc/config/network ] || [ ! -w /etc/config ]; then
    writable=false why="/etc/config/network is not writable for $(id -un)."
  fi
  uptime >/dev/null || die "the command 'ubus call system info' failed"
  say login "$(uci -q get "network.$interface.username")"
  say writable "$writable"
  say why "$why"
  say_session
}

# $1 as a word of uci, in single quotes -> $quoted
quote() {
  quoted='' left=$1
  while :; do
    case $left in
    *\'*) quoted=$quoted${left%%\'*}"'\\''" left=${left#*\'} ;;
    *) break ;;
    esac
  done
  quoted="'$quoted$left'"
}

# "uci batch" ends with 0 whatever happened: what was written is read back.
write() {
  quote "$login"
  quoted_login=$quoted
  quote "$password"
  printf 'set network.%s.username=%s\nset network.%s.password=%s\ncommit network\n' \
    "$interface" "$quoted_login" "$interface" "$quoted" | uci -q batch >/dev/null 2>&1
  quoted='' left=''
  read_changes
  [ -z "$pending" ] && [ "$(uci -q get "network.$interface.username")" = "$login" ] &&
    [ "$(uci -q get "network.$interface.password")" = "$password" ] ||
    die "uci did not take the new password: is the flash full? The router still runs with the old one"
}

apply() {
  password_age=$1
  IFS= read -r login || die "no login on standard input"
  IFS= read -r password || die "no password on standard input"
  if [ -z "$login" ] || [ -z "$password" ]; then die "the login or the password is empty: nothing was written"; fi
  read_interface
  # An interface that netifd does not know was just provisioned: the reload below makes it known.
  read_session
  read_changes
  # A run for another line of this router may be at it, and commits in a moment.
  turns=0
  while [ -n "$foreign" ] && [ "$turns" -lt 3 ]; do
    sleep 1
    read_changes
    turns=$((turns + 1))
  done
  refuse_foreign

  written=false
  if [ -n "$pending" ] || [ "$(uci -q get "network.$interface.username")" != "$login" ] ||
    [ "$(uci -q get "network.$interface.password")" != "$password" ]; then
    written=true
  fi
  # Without a write: a run that was killed before the reload left netifd with the old password.  The reload dials only
  # when netifd runs with another one, so that a session on the right password is never cut.
  dial=$written
  if [ "$up" = false ] || { [ -n "$password_age" ] && [ "$age" -gt "$((password_age + 2))" ]; }; then
    dial=true
  fi
  if [ "$check" != 1 ]; then
    [ "$written" = false ] || write
    password=''
    applied_at=$(uptime) || die "the new password is written, but the command 'ubus call system info' failed"
    if [ "$dial" = true ]; then
      ubus call network reload >/dev/null 2>&1 ||
        die "the new password is written, but netifd was not told: on the router, 'ubus call network reload'"
    fi
    say applied_at "$applied_at"
  fi
  say written "$written"
  say dialled "$dial"
  say changed "$dial"
}

# Of the option $1 to be $2: what is to be done, for "uci batch" -> $batch, and for people.
want() {
  have=$(option "$1")
  [ "$have" != "$2" ] || return 0
  [ -z "$have" ] || say diff "-network.$interface.$1='$have'"
  say diff "+network.$interface.$1='$2'"
  quote "$2"
  batch="${batch}set network.$interface.$1=$quoted
"
}

# The port $1 carries nothing but the line.
need_port() {
  case $1 in '' | *[!A-Za-z0-9_.-]*) die "not the name of a port: $1" ;; esac
  [ -e "/sys/class/net/$1" ] ||
    die "the router has no port $1. It has: $(cd /sys/class/net && echo *). Correct router_pppoe_provision_device"
  bridge=$(uci -q show network | sed -n "s/^\(.*\)\.ports=.*'$1'.*/\1/p")
  [ -z "$bridge" ] ||
    die "the port $1 belongs to a bridge, and this role changes no other section. On the router: uci del_list $bridge.ports='$1'; uci commit network; ubus call network reload"
}

# All of the interface but its password.  Committed is not dialled: without a password, netifd is not told.
provision() {
  port=$1 device=$1 mtu=$3
  [ "$2" = 0 ] || device=$1.$2
  IFS= read -r login || die "no login on standard input"
  [ -n "$login" ] || die "the login is empty: nothing was written"
  need_openwrt
  need_port "$port"
  json=$(ubus call network get_proto_handlers 2>/dev/null) || die "the command 'ubus call network get_proto_handlers' failed"
  [ -n "$(json_at '@.pppoe')" ] ||
    die "the router cannot dial: the package that makes the protocol pppoe is missing (ppp-mod-pppoe)"
  if [ ! -w /etc/config/network ] || [ ! -w /etc/config ]; then
    die "/etc/config/network is not writable for $(id -un)"
  fi
  read_changes
  what='provisioning the interface'
  refuse_foreign

  batch=''
  case $(uci -q get "network.$interface") in
  interface)
    protocol=$(option proto)
    [ "$protocol" = pppoe ] ||
      die "the interface $interface exists with the protocol ${protocol:-none}, and this role does not take it over. If it may go: uci delete network.$interface; uci commit network; ubus call network reload. Or give the line another interface (router_pppoe_interface)"
    [ "$(option disabled)" != 1 ] || die "the interface $interface is disabled, and this role does not enable it: uci delete network.$interface.disabled; uci commit network"
    have=$(option username)
    [ -z "$have" ] || [ "$have" = "$login" ] ||
      die "the interface $interface dials with the login $have, but the line has the login $login. This is another line: set router_pppoe_interface, or correct router_pppoe_service_name"
    ;;
  '')
    batch="set network.$interface=interface
"
    say diff "+network.$interface=interface"
    want proto pppoe
    ;;
  *) die "/etc/config/network has a section $interface that is no interface: set router_pppoe_interface" ;;
  esac
  # Releases before 21.02 know "ifname" alone, and their configuration says so.
  if [ -n "$(uci -q get network.loopback.ifname)" ]; then want ifname "$device"; else want device "$device"; fi
  want mtu "$mtu"
  # "1" is IPv6 with an interface of one's own for the prefix.
  [ "$(option ipv6)" = 1 ] || want ipv6 auto
  want username "$login"

  waiting=false
  if [ -z "$(option password)" ] || ! read_session; then
    waiting=true
  fi
  changed=false
  [ -z "$batch" ] || changed=true
  if [ "$check" != 1 ] && [ "$changed" = true ]; then
    printf '%scommit network\n' "$batch" | uci -q batch >/dev/null 2>&1
    [ "$(uci changes network)$(option proto) $(option mtu) $(option username)" = "pppoe $mtu $login" ] ||
      die "uci did not take the interface: is the flash full? Look on the router: uci show network.$interface"
    if [ "$waiting" = false ]; then
      ubus call network reload >/dev/null 2>&1 ||
        die "the interface is written, but netifd was not told: on the router, 'ubus call network reload'"
    fi
  fi
  say waiting "$waiting"
  say changed "$changed"
}

status() {
  wait=$1 since=$2
  read_interface
  now=$(uptime) || die "the command 'ubus call system info' failed"
  end=$((now + wait))
  while :; do
    read_session || die "netifd does not know the interface $interface any more"
    now=$(uptime) || die "the command 'ubus call system info' failed"
    if [ "$up" = true ] && { [ -z "$since" ] || [ "$((now - age))" -ge "$since" ]; }; then
      break
    fi
    if [ "$now" -ge "$end" ]; then
      error="the interface $interface has no session"
      if [ "$up" = true ]; then
        error="the session of $interface is still the one from before the change"
        up=false
      fi
      # An error stays listed while netifd dials again: it explains, it does not decide.
      case $errors in
      *AUTH*) error="$error; netifd says that the provider refused the login and password ($errors)" ;;
      ?*) error="$error; netifd says $errors" ;;
      esac
      say error_detail "$error"
      break
    fi
    sleep 1
  done
  say_session
}

shift 2
case $command in
probe) probe ;;
apply) apply "$1" ;;
status) status "$1" "$2" ;;
provision) provision "$@" ;;
*) die "unknown sub-command $command" ;;
esac
