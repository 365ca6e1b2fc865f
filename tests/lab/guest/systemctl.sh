#!/bin/sh
# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A stand-in for systemctl, for the one unit of manager.sh: start, stop, restart, is-active and show, and daemon-reload, with systemd's
# words and exit codes.  Every other use is an error, so that nobody takes it for more.

verb='' unit='' properties='' value='' block=1
while [ $# -gt 0 ]; do
  case $1 in
  -q | --quiet) exec >/dev/null ;;
  -p | --property)
    properties="$properties $2"
    shift
    ;;
  --property=*) properties="$properties ${1#*=}" ;;
  -p*) properties="$properties ${1#-p}" ;;
  --value) value=1 ;;
  --no-block) block='' ;;
  --no-pager | --no-ask-password) ;;
  -*)
    echo "systemctl (stand-in): no option $1" >&2
    exit 1
    ;;
  *) if [ -z "$verb" ]; then verb=$1; else unit="$unit $1"; fi ;;
  esac
  shift
done
unit=${unit# }
case $unit in *.*) ;; *) unit=$unit.service ;; esac
if grep -qx "Id=$unit" /run/manager/state; then known=1; else known=''; fi
case $verb in
daemon-reload) [ -d /etc/systemd/system ] ;; # what it has is given by its caller
start | stop | restart)
  [ -n "$known" ] || {
    echo "Failed to $verb $unit: Unit $unit not found." >&2
    exit 5
  }
  while [ -f /run/manager/order ]; do sleep 0.1; done
  echo "$verb" >/run/manager/order.new
  mv /run/manager/order.new /run/manager/order
  while [ -n "$block" ] && [ -f /run/manager/order ]; do sleep 0.1; done
  ;;
is-active)
  state=inactive
  [ -z "$known" ] || state=$(sed -n 's/^ActiveState=//p' /run/manager/state)
  echo "$state"
  [ "$state" = active ] || exit 3
  ;;
show)
  if [ -n "$known" ]; then lines=$(cat /run/manager/state); else
    lines="Id=$unit
LoadState=not-found
ActiveState=inactive
SubState=dead
MainPID=0"
  fi
  echo "$lines" | while IFS= read -r line; do
    case ",$(echo "$properties" | tr ' ' ',')," in
    ,, | *",${line%%=*},"*) if [ -n "$value" ]; then echo "${line#*=}"; else echo "$line"; fi ;;
    esac
  done
  ;;
*)
  echo "systemctl (stand-in): no verb ${verb:-at all}" >&2
  exit 1
  ;;
esac
