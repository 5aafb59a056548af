#!/bin/sh
# Make the servers' addresses from the passwords that this container was given, then run the command.
set -eu

database_url() {
    echo "postgres://jiedui_$1:$(cat "/run/secrets/$1_password")@postgres:5432/jiedui"
}

if [ -r /run/secrets/owner_password ]; then
    DATABASE_OWNER_URL=$(database_url owner)
    export DATABASE_OWNER_URL
fi
if [ -r /run/secrets/app_password ]; then
    DATABASE_URL=$(database_url app)
    export DATABASE_URL
fi
if [ -r /run/secrets/public_password ]; then
    DATABASE_PUBLIC_URL=$(database_url public)
    export DATABASE_PUBLIC_URL
fi
if [ -r /run/secrets/valkey_password ]; then
    REDIS_URL="redis://:$(cat /run/secrets/valkey_password)@valkey:6379/0"
    export REDIS_URL
fi
exec "$@"
