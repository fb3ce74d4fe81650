#!/bin/sh
# Installs libfaketime, with which the tests set the clock of a bot's process, from the system's own package manager.
set -eu

if command -v faketime >/dev/null 2>&1; then
  echo 'faketime is installed already.'
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo 'There is no apt-get here: install libfaketime by hand, or name the library in FAKETIME_LIBRARY.' >&2
  exit 1
fi
as_root=''
[ "$(id -u)" -eq 0 ] || as_root='sudo'
$as_root apt-get update
$as_root apt-get install --yes --no-install-recommends faketime
