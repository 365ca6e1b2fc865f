#!/bin/sh
# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A stand-in for systemd, which does not run in a guest: PID 1 that keeps one service with Restart=always, RestartSec=1.
# What it has of systemd: the service is a child of PID 1, in the cgroup of UNIT, in a session of its own and
# without a terminal; systemctl (systemctl.sh) asks for start, stop, restart, and reads the unit's state.  No limit of
# starts, no notification, no journal.
# Usage: manager.sh UNIT COMMAND.  An order is a file /run/manager/order; it is gone when it is done.

unit=$1 command=$2
slice=/system.slice/system-${unit%%@*}.slice # where systemd has the instances of a template
cgroup=/sys/fs/cgroup$slice/$unit
pid='' state=inactive sub=dead restarts=0
mkdir -p "$cgroup" /run/manager

tell() {
  state=$1 sub=$2
  printf '%s\n' "Id=$unit" LoadState=loaded "ActiveState=$state" "SubState=$sub" "MainPID=${pid:-0}" \
    "ControlGroup=$slice/$unit" Restart=always RestartUSec=1s Type=simple "NRestarts=$restarts" \
    "ExecStart=$command" >/run/manager/new
  mv /run/manager/new /run/manager/state
}

start() {
  # shellcheck disable=SC2086 # its words
  (
    echo 0 >"$cgroup/cgroup.procs"
    exec setsid $command
  ) </dev/null >/dev/null 2>&1 &
  pid=$!
  tell active running
}

# Does the process still run?  A zombie does not.
runs() {
  [ -n "$pid" ] && read -r _number _name mark _rest <"/proc/$pid/stat" && [ "$mark" != Z ]
} 2>/dev/null

stop() {
  if runs; then
    kill "$pid"
    turns=0
    while runs; do
      turns=$((turns + 1))
      [ "$turns" -lt 450 ] || kill -KILL "$pid"
      sleep 0.2
    done
  fi
  [ -z "$pid" ] || wait "$pid"
  pid=''
  tell inactive dead
}

tell inactive dead
while sleep 0.2; do
  order=''
  [ ! -f /run/manager/order ] || read -r order </run/manager/order
  case $order in
  start) [ -n "$pid" ] || start ;;
  stop) stop ;;
  restart)
    stop
    start
    ;;
  esac
  [ -z "$order" ] || rm /run/manager/order
  if [ "$sub" = auto-restart ]; then
    read -r now _rest </proc/uptime
    [ "${now%.*}${now#*.}" -lt "$due" ] || {
      restarts=$((restarts + 1))
      start
    }
  elif [ "$sub" = running ] && ! runs; then
    wait "$pid"
    pid=''
    read -r now _rest </proc/uptime
    due=$((${now%.*}${now#*.} + 100))
    tell activating auto-restart
  fi
done
