#!/bin/sh
# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The PPPoE client of a Debian or Ubuntu router (pppd), seen from the role router_pppoe.
#
#   linux_pppd.sh probe  PEER PPP_DIR RUN_DIR
#   linux_pppd.sh apply  PEER PPP_DIR RUN_DIR NOW PASSWORD_SINCE DIAL_COMMAND   (login and password: two lines on stdin)
#   linux_pppd.sh status PEER PPP_DIR RUN_DIR WAIT SINCE NOT_SESSION
#
# Answers with key=value lines.  Secrets are handled by shell builtins alone: never an argument of a process,
# never in an environment.  Needs a POSIX shell whose printf is a builtin (dash, busybox, bash), stat, mktemp, tr, grep,
# and ln and readlink.

set -u
umask 077
# A core dump of this shell would hold the password. Not in POSIX, but in dash, busybox and bash.
# shellcheck disable=SC3045
ulimit -c 0 2>/dev/null || :
LC_ALL=C
export LC_ALL
PATH="${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"
export PATH
NL='
'
TAB='	'
CR=$(printf '\r')
command=$1 peer=$2 ppp_dir=$3 run_dir=$4
peer_file=$ppp_dir/peers/$peer
check=${ROUTER_CHECK_MODE:-0}
temporary='' locks=''

say() { printf '%s=%s\n' "$1" "$2"; }
die() {
  say error "$1"
  exit 1
}
trap '[ -z "$temporary" ] || rm -f "$temporary"; while [ -n "$locks" ]; do unlock; done' EXIT
trap 'exit 1' HUP INT TERM PIPE

case $(type printf 2>/dev/null) in
*builtin*) ;;
*) die "/bin/sh on this router has no printf of its own: a password would show in the process list" ;;
esac

# ---- one run at a time --------------------------------------------------------------------------------------

# Take the lock $1, or wait for the run that has it: a symbolic link that names its process, in the folder of the pid
# files.  The lock of a run that was killed is taken over.  A user who may not write there has no lock.
lock() {
  [ -w "$run_dir" ] || return 0
  end=''
  until ln -s "$$" "$run_dir/$1" 2>/dev/null; do
    holder=$(readlink "$run_dir/$1" 2>/dev/null)
    if [ -n "$holder" ] && ! grep -q router_script "/proc/$holder/cmdline" 2>/dev/null; then
      rm -f "$run_dir/$1"
    elif
      now=$(date +%s)
      [ "$now" -ge "${end:=$((now + 60))}" ]
    then
      die "another run (process ${holder:-unknown} on this router, $run_dir/$1) is setting it for a minute now: nothing was written"
    else
      pause
    fi
  done
  locks="$1 $locks"
}

# Give back the newest lock, if any.
unlock() {
  [ -z "$locks" ] || rm -f "$run_dir/${locks%% *}"
  locks=${locks#* }
}

# ---- pppd's words -------------------------------------------------------------------------------------------

# Take one word off $rest as pppd's getword() does.
# Sets: lead (blanks before it), raw (as written), word (its meaning), rest (what follows).  False when none is left.
next_word() {
  lead='' raw='' word='' quote=''
  while :; do
    case $rest in
    [" $TAB$CR"]*) lead=$lead${rest%"${rest#?}"} rest=${rest#?} ;;
    *) break ;;
    esac
  done
  case $rest in '' | '#'*) return 1 ;; esac
  while [ -n "$rest" ]; do
    char=${rest%"${rest#?}"}
    if [ "$char" = \\ ]; then
      rest=${rest#?}
      raw=$raw$char
      [ -n "$rest" ] || break
      char=${rest%"${rest#?}"}
      case $rest in
      [0-7]*)
        octal=$char
        case $rest in [0-7][0-7]*)
          octal=${rest%"${rest#??}"}
          case $rest in [0-3][0-7][0-7]*) octal=${rest%"${rest#???}"} ;; esac
          ;;
        esac
        raw=$raw$octal rest=${rest#"$octal"} octal=000$octal
        octal=${octal#"${octal%???}"}
        meant=$(printf '%b' "\\0$octal.")
        word=$word${meant%.}
        continue
        ;;
      esac
      raw=$raw$char rest=${rest#?}
      case $char in
      a) char=$(printf '\a') ;;
      b) char=$(printf '\b') ;;
      f) char=$(printf '\f') ;;
      n) char=$NL ;;
      r) char=$CR ;;
      s) char=' ' ;;
      t) char=$TAB ;;
      esac
      word=$word$char
      continue
    fi
    if [ -n "$quote" ]; then
      if [ "$char" = "$quote" ]; then quote=''; else word=$word$char; fi
    else
      case $char in
      [" $TAB$CR"]) break ;;
      \" | \') quote=$char ;;
      *) word=$word$char ;;
      esac
    fi
    raw=$raw$char rest=${rest#?}
  done
  return 0
}

# $1 as a word in double quotes -> $quoted
quote_word() {
  quoted='' left=$1
  while [ -n "$left" ]; do
    char=${left%"${left#?}"} left=${left#?}
    case $char in \" | \\) quoted=$quoted\\ ;; esac
    quoted=$quoted$char
  done
  quoted=\"$quoted\"
}

# Read the options file $1: sets the option_* variables.
read_options() {
  while IFS= read -r rest || [ -n "$rest" ]; do
    while next_word; do
      case $word in
      user | name)
        option=$word
        next_word || break
        [ "$option" = name ] || option_user=$word
        [ "$option" = user ] || option_name=$word
        ;;
      password)
        next_word || break
        option_password=$1
        ;;
      logfile)
        next_word || break
        option_logfile=$word
        ;;
      linkname)
        next_word || break
        option_linkname=$word
        ;;
      holdoff)
        next_word || break
        option_holdoff=$word
        ;;
      persist) option_persist=1 ;;
      demand) option_persist=1 option_demand=1 ;;
      nopersist) option_persist='' ;;
      esac
    done
  done <"$1"
  word='' raw='' rest=''
}

read_peer() {
  option_user='' option_name='' option_password='' option_persist='' option_logfile='' option_linkname='' option_holdoff=30 option_demand=''
  case $peer in '' | -* | *..*) die "not the name of a pppd peer: $peer" ;; esac
  [ -f "$peer_file" ] || die "there is no pppd peer $peer: $peer_file does not exist"
  [ -r "$peer_file" ] || die "$peer_file is not readable for $(id -un): become root (become: true)"
  if [ -r "$ppp_dir/options" ]; then read_options "$ppp_dir/options"; fi
  read_options "$peer_file"
  option_login=${option_user:-$option_name}
}

# ---- the session --------------------------------------------------------------------------------------------

# Is process $1 "pppd ... call PEER ..."?
is_pppd() {
  position=0 before='' seen='' called=''
  while IFS= read -r argument; do
    case $position:$argument in 0:pppd | 0:*/pppd | 1:pppd | 1:*/pppd) seen=1 ;; esac
    [ "$before" != call ] || [ "$argument" != "$peer" ] || called=1
    before=$argument position=$((position + 1))
  done <<CMDLINE
$({ tr '\000' '\n' <"/proc/$1/cmdline"; } 2>/dev/null)
CMDLINE
  [ -n "$seen" ] && [ -n "$called" ]
}

# The pppd that keeps this peer -> $pid ('' when none runs).
find_pppd() {
  pid=''
  # shellcheck disable=SC2013
  for candidate in $(grep -l pppd /proc/[0-9]*/cmdline 2>/dev/null); do
    candidate=${candidate#/proc/} candidate=${candidate%/cmdline}
    [ "$candidate" != "$$" ] || continue
    if is_pppd "$candidate"; then
      pid=$candidate
      return 0
    fi
  done
  # Started another way than by "call": its link is named after the peer.
  for file in "$run_dir/ppp-${option_linkname:-$peer}.pid" "$run_dir/ppp-$peer.pid"; do
    [ -r "$file" ] || continue
    IFS= read -r candidate <"$file" || continue
    case $candidate in '' | *[!0-9]*) continue ;; esac
    case $({ tr '\000' ' ' <"/proc/$candidate/cmdline"; } 2>/dev/null) in
    pppd\ * | */pppd\ *)
      pid=$candidate
      return 0
      ;;
    esac
  done
  return 1
}

# The session of process $pid -> up (true/false), ifname, address, started (epoch), session (its identity), pid_file
find_session() {
  up=false ifname='' address='' started='' session='' pid_file=''
  [ -n "$pid" ] || return 1
  for file in "$run_dir"/*.pid; do
    case $file in "$run_dir"/ppp-*) continue ;; esac
    [ -r "$file" ] || continue
    read -r owner 2>/dev/null <"$file" || continue
    [ "$owner" = "$pid" ] || continue
    name=${file##*/} name=${name%.pid}
    shown=$(ip -4 -o addr show dev "$name" 2>/dev/null) || continue
    case $shown in *' inet '*) ;; *) continue ;; esac
    address=${shown#*" inet "} address=${address%%[ /]*}
    marks=$(stat -c '%Y %i %y' "$file" 2>/dev/null) || continue
    ifname=$name pid_file=$file started=${marks%% *} session="$name $marks" up=true
    return 0
  done
  return 1
}

say_session() {
  say up "$up"
  say address "$address"
  say ifname "$ifname"
  if [ "$up" = true ]; then
    now=$(date +%s)
    say uptime "$((now > started ? now - started : 0))"
  fi
  say session "$session"
}

# What pppd last said about the password -> $refusal
last_refusal() {
  refusal=''
  if [ -n "$option_logfile" ] && [ -r "$option_logfile" ]; then
    said=$(tail -n 60 "$option_logfile" 2>/dev/null)
  elif type journalctl >/dev/null 2>&1; then
    said=$(journalctl -q -t pppd -n 60 --since '-10min' -o cat 2>/dev/null)
  else
    said=''
  fi
  said=$(printf '%s\n' "$said" | grep -E 'AP authentication (failed|succeeded)' | tail -n 1)
  case $said in *failed*) refusal='pppd says that the provider refused the login and password' ;; esac
}

# ---- the secrets files --------------------------------------------------------------------------------------

# Copy the secrets file $1 to stdout with $password for $login: only that word of that login's lines changes.
# Sets differs=1 when the outcome is not the file, holds=1 when a line had the password already, lines=<found>.
rewrite() {
  differs='' holds='' lines=0 torn='' ended=1
  while IFS= read -r line || { [ -n "$line" ] && ended=''; }; do
    rest=$line
    case $line in
    *"$login"* | *\\* | *\"* | *\'*)
      if next_word && [ "$word" = "$login" ]; then
        kept=$lead$raw
        if next_word; then
          kept=$kept$lead$raw
          if next_word; then
            lines=$((lines + 1))
            if [ "$word" = "$password" ]; then
              holds=1
            else
              line=$kept$lead$quoted_password$rest differs=1
            fi
          fi
        fi
      fi
      ;;
    esac
    if [ "$2" = write ]; then
      if [ -n "$ended" ]; then printf '%s\n' "$line"; else printf '%s' "$line"; fi || torn=1
    fi
  done <"$1"
  word='' raw='' rest='' line='' kept=''
  if [ "$lines" -eq 0 ]; then
    differs=1
    if [ "$2" = write ]; then
      { [ -n "$ended" ] || printf '\n'; } || torn=1
      printf '%s * %s *\n' "$quoted_login" "$quoted_password" || torn=1
    fi
  fi
}

# Put the password into the secrets file $1 by a temporary file beside it.
update() {
  target=$1
  if [ -L "$target" ]; then target=$(readlink -f "$target") || die "$1 is a symbolic link that leads nowhere"; fi
  for leftover in "${target%/*}/.${target##*/}.ownrouter."*; do [ ! -f "$leftover" ] || rm -f "$leftover"; done
  temporary=$(mktemp "${target%/*}/.${target##*/}.ownrouter.XXXXXX") || die "cannot create a file in ${target%/*}"
  source_file=$target
  [ -e "$target" ] || source_file=/dev/null
  rewrite "$source_file" write >"$temporary" 2>/dev/null
  # The copy must say what was meant before it takes the place of the original.
  [ -n "$torn" ] || rewrite "$temporary" look
  [ -z "$torn$differs" ] || die "cannot write the new $target: is the disk full? The old one is untouched"
  if [ -e "$target" ]; then
    # Few commands: each costs a slow router a moment of the outage.
    marks=$(stat -c '%u:%g %a' "$target" "$temporary") || die "cannot read the owner of $target"
    fresh=${marks#*"$NL"} marks=${marks%%"$NL"*}
    mode=${marks#* }
    case $mode in *[!0]) mode=600 ;; esac
    [ "${fresh% *}" = "${marks% *}" ] || chown "${marks% *}" "$temporary" 2>/dev/null ||
      die "cannot give the new $target its owner ${marks% *}"
    [ "${fresh#* }" = "$mode" ] || chmod "$mode" "$temporary" || die "cannot give the new $target its mode"
  fi
  mv -f "$temporary" "$target" || die "cannot replace $target"
  temporary=''
}

# ---- the three sub-commands ---------------------------------------------------------------------------------

probe() {
  read_peer
  [ -z "$option_password" ] ||
    die "the option password in $option_password overrides the secrets files: remove that line (the password belongs in $ppp_dir/chap-secrets and $ppp_dir/pap-secrets, which this role keeps)"
  [ -n "$option_login" ] || die "$peer_file has no option user: pppd would not know its login"
  writable=true why=''
  for file in "$ppp_dir/chap-secrets" "$ppp_dir/pap-secrets"; do
    if [ -L "$file" ]; then file=$(readlink -f "$file") || die "$file is a symbolic link that leads nowhere"; fi
    if [ -e "$file" ]; then
      [ -f "$file" ] || die "$file is not a file"
      [ -r "$file" ] || die "$file is not readable for $(id -un): become root (become: true)"
      [ -w "$file" ] || { writable=false why="$file is not writable for $(id -un)"; }
    fi
    [ -w "${file%/*}" ] || { writable=false why="${file%/*} is not writable for $(id -un)"; }
  done
  for tool in stat mktemp tr grep mv chmod ip date ln readlink; do
    type "$tool" >/dev/null 2>&1 || die "the command $tool is missing on this router"
  done
  find_pppd
  if [ -n "$pid" ] && ! kill -0 "$pid" 2>/dev/null; then
    writable=false why="$(id -un) may not signal pppd (process $pid)"
  fi
  find_session
  say login "$option_login"
  say writable "$writable"
  say why "$why"
  say running "$([ -n "$pid" ] && echo true || echo false)"
  say_session
}

apply() {
  password_since=$2 dial_command=$3
  # The two times are of one clock, which is another one: shift the second to this router's.
  [ -z "$1" ] || [ -z "$password_since" ] || password_since=$((password_since + $(date +%s) - $1))
  IFS= read -r login || die "no login on standard input"
  IFS= read -r password || die "no password on standard input"
  if [ -z "$login" ] || [ -z "$password" ]; then die "the login or the password is empty: nothing was written"; fi
  case $password in @/*) die "pppd takes a password that begins with @/ for the name of a file: nothing was written" ;; esac
  read_peer
  [ -z "$option_password" ] || die "the option password in $option_password overrides the secrets files: nothing was written"
  [ "$option_login" = "$login" ] || die "$peer_file dials with the login $option_login, not $login: nothing was written"
  quote_word "$login"
  quoted_login=$quoted
  quote_word "$password"
  quoted_password=$quoted

  # The files are those of all peers; who writes and who dials is decided for each peer alone, and dialling may take long.
  if [ "$check" != 1 ]; then
    lock "ownrouter-${peer##*/}.lock"
    lock ownrouter.lock
  fi
  find_pppd
  find_session
  held='' stale=''
  for file in "$ppp_dir/chap-secrets" "$ppp_dir/pap-secrets"; do
    if [ -e "$file" ] || [ -L "$file" ]; then
      [ -r "$file" ] || die "$file is not readable for $(id -un): nothing was written"
      rewrite "$file" look
      [ -z "$holds" ] || [ -n "$differs" ] || held=1
    else
      differs=1
    fi
    [ -z "$differs" ] || stale="$stale $file"
  done

  # Dial when the password is new, or was written by a run that was killed before it dialled: then the other file lacks
  # it and there is no session, or the session is older than the password.  A session that is up on the right password
  # stays; a pppd that runs redials by itself.
  dial=false
  if [ -z "$held" ] || [ -z "$pid" ] || { [ -n "$stale" ] && [ "$up" = false ]; }; then
    dial=true
  elif [ "$up" = true ] && [ -n "$password_since" ] && [ "$started" -lt "$((password_since - 2))" ]; then
    dial=true
  fi
  written=false
  [ -z "$stale" ] || written=true
  if [ "$check" != 1 ]; then
    for file in "$ppp_dir/pap-secrets" "$ppp_dir/chap-secrets"; do
      case " $stale " in *" $file "*) update "$file" ;; esac
    done
    unlock
    password='' quoted_password=''
    applied_at=$(date +%s) old_session=$session
    if [ "$dial" = true ]; then
      # A session that came back since the write must not be cut again.
      kill -0 "${pid:-none}" 2>/dev/null || find_pppd
      # shellcheck disable=SC3013 # every shell of a Linux router knows -nt
      if [ -n "$stale" ] && find_session && [ "$pid_file" -nt "$ppp_dir/chap-secrets" ]; then
        dial=false old_session=''
      else
        redial
      fi
    fi
    say applied_at "$applied_at"
    say old_session "$old_session"
  fi
  changed=false
  [ "$written" = false ] && [ "$dial" = false ] || changed=true
  say written "$written"
  say dialled "$dial"
  say changed "$changed"
}

redial() {
  if [ -n "$pid" ] && [ -n "$option_persist" ] && ! find_session; then
    if ! wait_for_holdoff; then
      dial=false old_session=''
      return 0
    fi
    kill -0 "$pid" 2>/dev/null || find_pppd
  fi
  if [ -n "$pid" ]; then
    kill -HUP "$pid" 2>/dev/null || die "the new password is written, but pppd (process $pid) cannot be told to redial"
    if [ -n "$option_persist" ]; then
      end_holdoff
      return 0
    fi
    # Without "persist" pppd ends at a hang-up, unless something starts it again.
    turns=0
    while [ "$turns" -lt 40 ] && find_pppd; do
      find_session && [ "$session" != "$old_session" ] && return 0
      pause
      turns=$((turns + 1))
    done
    sleep 1
    find_pppd && return 0
  fi
  code_file=$(mktemp "${TMPDIR:-/tmp}/ownrouter.XXXXXX") || die "cannot create a file in ${TMPDIR:-/tmp}"
  temporary=$code_file
  (
    sh -c "$dial_command" </dev/null >/dev/null 2>&1
    code=$?
    [ ! -e "$code_file" ] || echo "$code" >"$code_file"
  ) </dev/null >/dev/null 2>&1 &
  turns=0
  while [ "$turns" -lt 20 ] && [ ! -s "$code_file" ]; do
    find_pppd && break
    pause
    turns=$((turns + 1))
  done
  code=0
  [ ! -s "$code_file" ] || read -r code <"$code_file"
  rm -f "$code_file"
  temporary=''
  [ "$code" = 0 ] || die "the new password is written, but the command that dials ended with $code: $dial_command"
}

# A pppd that had a session hangs up, and then waits its hold-off (30 s as a rule) before it dials: a second signal ends
# that wait.  It is sent while the link is down, so it cuts no session.
end_holdoff() {
  [ "$up" = true ] || return 0
  case $option_holdoff in 0 | 1) return 0 ;; esac
  ! wait_for_holdoff || kill -HUP "$pid" 2>/dev/null
  return 0
}

# Until pppd waits in its hold-off.  A dial that is under way takes the new password or is refused; a signal would end it
# and begin a whole hold-off.  False when that dial brought a session up, or goes on after 15 s.
wait_for_holdoff() {
  end=$(($(date +%s) + 15))
  while :; do
    find_session && [ "$session" != "$old_session" ] && return 1
    [ "$up" = true ] || has_link || return 0
    [ "$(date +%s)" -lt "$end" ] || return 1
    pause
  done
}

# Is pppd up, hanging up, or dialling?  Then it has /dev/ppp open or, while it looks for the concentrator, a packet
# socket; in its hold-off neither (Debian's pppd 2.4.9, watched on a line).  With "demand" it always has.
has_link() {
  [ -z "$option_demand" ] || return 1
  open=$(ls -l "/proc/$pid/fd" 2>/dev/null)
  case $open in */dev/ppp*) return 0 ;; esac
  while read -r _ _ _ _ _ _ _ _ inode; do
    case $open in *"socket:[$inode]"*) return 0 ;; esac
  done 2>/dev/null </proc/net/packet
  return 1
}

pause() { sleep 0.25 2>/dev/null || sleep 1; }

status() {
  wait=$1 since=$2 not_session=$3
  read_peer
  end=$(($(date +%s) + wait))
  while :; do
    find_pppd
    if find_session && { [ -z "$since" ] || [ "$started" -ge "$since" ]; } &&
      { [ -z "$not_session" ] || [ "$session" != "$not_session" ]; }; then
      break
    fi
    if [ "$(date +%s)" -ge "$end" ]; then
      error=''
      if [ "$up" = true ]; then
        error="the session on $ifname is still the one from before the change"
        up=false
      elif [ -z "$pid" ]; then
        error="no pppd runs for the peer $peer"
      else
        error="pppd (process $pid) has no session"
      fi
      last_refusal
      say error_detail "$error${refusal:+; $refusal}"
      break
    fi
    pause
  done
  say_session
}

shift 4
case $command in
probe) probe ;;
apply) apply "$1" "$2" "$3" ;;
status) status "$1" "$2" "$3" ;;
*) die "unknown sub-command $command" ;;
esac
