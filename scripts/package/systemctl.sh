#!/bin/sh
# Plays systemctl and journalctl where there is no systemd: starts what a unit says, as its user, with its capabilities. For `npm run test:package`.
set -eu
units=/etc/systemd/system
log=/run/played-journal

field() { sed -n "s/^$2=//p" "$units/$1" | head -1; }

# Commands of a unit may take several lines.
commands() { sed -e :a -e '/\\$/N; s/\\\n//; ta' "$units/$1" | sed -n "s/^$2=//p" | sed 's/\$\$/$/g; s/%%/%/g'; }

as_user() {
  caps=-all
  case $(field "$1" AmbientCapabilities) in *CAP_NET_BIND_SERVICE*) caps=-all,+net_bind_service ;; esac
  user=$(field "$1" User)
  for name in $(field "$1" StateDirectory); do install -d -o "$user" -g "$user" -m 0700 "/var/lib/$name"; done
  install -d -o "$user" -g "$user" -m 0700 "/var/cache/$(field "$1" CacheDirectory)"
  cd "$(field "$1" WorkingDirectory)"
  CACHE_DIRECTORY=/var/cache/$(field "$1" CacheDirectory) exec setpriv --reuid "$user" --regid "$user" --clear-groups \
    --bounding-set "$caps" --inh-caps "$caps" --ambient-caps "$caps" --no-new-privs sh -euc "umask $(field "$1" UMask); exec $2"
}

start() {
  if [ "$(field "$1" Type)" = oneshot ]; then
    (as_user "$1" "$(commands "$1" ExecStart)")
    return
  fi
  (as_user "$1" "$(commands "$1" ExecStart)") >>"$log" 2>&1 &
  echo $! >"/run/played-$1.pid"
  (as_user "$1" "$(commands "$1" ExecStartPost)")
}

stop() {
  pid=$(cat "/run/played-$1.pid")
  kill "$pid"
  while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
}

if [ "$(basename "$0")" = journalctl ]; then exec grep "$4" "$log"; fi
verb=$1
[ "$#" -gt 1 ] || exit 0
for last; do :; done
case $last in *.service | *.timer) unit=$last ;; *) unit=$last.service ;; esac
[ -f "$units/$unit" ] || { echo "there is no unit $unit" >&2; exit 1; }
case "$verb $unit" in
  "enable "*.timer) [ -f "$units/$(basename "$unit" .timer).service" ] ;;
  "enable "* | "start "*) start "$unit" ;;
  "restart "*) stop "$unit" && start "$unit" ;;
  "stop "*) stop "$unit" ;;
  *) echo "not played: $*" >&2; exit 1 ;;
esac
