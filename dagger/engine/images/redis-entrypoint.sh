#!/bin/sh
# Started as root it becomes the user redis. Without a configuration file that says otherwise it answers everyone: the
# container's network decides who reaches it.
set -e
case "${1:-}" in
  -* | *.conf) set -- redis-server "$@" ;;
esac
if [ "${1:-}" = redis-server ]; then
  protected=no
  for argument in "$@"; do
    case "$argument" in *.conf | --protected-mode) protected=asked ;; esac
  done
  [ "$protected" = asked ] || set -- "$@" --protected-mode no
  if [ "$(id -u)" = 0 ]; then
    find . ! -user redis -exec chown redis {} +
    umask 0077
    exec setpriv --reuid=redis --regid=redis --init-groups -- "$@"
  fi
fi
exec "$@"
