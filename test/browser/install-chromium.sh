#!/bin/sh
# Installs the browser that the browser tests look for, from the system's own package manager.
set -eu

if command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; then
  echo 'A browser is installed already.'
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo 'There is no apt-get here: install Chromium by hand, or name it in CHROMIUM_PATH.' >&2
  exit 1
fi
as_root=''
[ "$(id -u)" -eq 0 ] || as_root='sudo'
$as_root apt-get update
$as_root apt-get install --yes --no-install-recommends chromium fonts-dejavu-core
