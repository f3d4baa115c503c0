#!/bin/sh
# Initialises an empty data folder behind a socket, as the official image does, then starts the server for good.
set -eu
PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  chown -R postgres: /var/lib/postgresql
  printf '%s' "$POSTGRES_PASSWORD" >/tmp/password
  chown postgres: /tmp/password
  as_postgres() { setpriv --reuid postgres --regid postgres --init-groups "$@"; }
  as_postgres initdb --username="$user" --pwfile=/tmp/password --auth-host=scram-sha-256 --auth-local=trust >/dev/null
  rm /tmp/password
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  as_postgres pg_ctl --wait --silent -o "-c listen_addresses=''" -l /dev/null start
  [ "$database" = postgres ] || as_postgres createdb --username="$user" "$database"
  as_postgres pg_ctl --wait --silent stop
fi
exec setpriv --reuid postgres --regid postgres --init-groups "$@" -c listen_addresses='*'
