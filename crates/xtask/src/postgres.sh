# A PostgreSQL cluster that lives as long as standard input stays open, and leaves nothing behind.
# PORT names its TCP port on 127.0.0.1; PATH leads to its programs. Prints one line when ready: the
# address of its maintenance database.
set -eu
umask 077
home=$(mktemp -d "${TMPDIR:-/tmp}/teamdoor-postgres.XXXXXX")
trap 'pg_ctl stop -s -m immediate -D "$home/data" || true; rm -rf "$home"' EXIT
trap 'exit 1' HUP INT TERM

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >"$home/password"
initdb --no-sync --no-instructions --encoding=UTF8 --locale=C --auth=scram-sha-256 \
    --username=postgres --pwfile="$home/password" -D "$home/data" >"$home/log" 2>&1 ||
    { cat "$home/log" >&2; exit 1; }
cat >>"$home/data/postgresql.conf" <<END
port = $PORT
listen_addresses = '127.0.0.1'
unix_socket_directories = '$home'
max_connections = 300
shared_buffers = 128MB
fsync = off
full_page_writes = off
synchronous_commit = off
END
# The server must not hold our standard output open: whoever reads it waits for its end.
pg_ctl start -s -w -t 60 -D "$home/data" -l "$home/log" </dev/null >/dev/null 2>&1 ||
    { cat "$home/log" >&2; exit 1; }
printf 'postgres://postgres:%s@127.0.0.1:%s/postgres\n' "$password" "$PORT"

# Ends when the one who started us closes the pipe or is no more, whatever the reason.
cat >/dev/null
