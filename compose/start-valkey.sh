#!/bin/sh
# Valkey with its password by standard input, so that it stands in no process list.
set -eu
exec valkey-server - <<CONFIGURATION
dir /data
requirepass $(cat /run/secrets/valkey_password)
save ""
appendonly yes
CONFIGURATION
