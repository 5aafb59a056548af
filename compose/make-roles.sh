#!/bin/sh
# Run once by the postgres image, on an empty data volume: the database and its three roles.
set -eu
psql --no-psqlrc --quiet --username postgres <<'SQL'
\set owner_password `cat /run/secrets/owner_password`
\set app_password `cat /run/secrets/app_password`
\set public_password `cat /run/secrets/public_password`
\i /roles.sql
SQL
