# A PostgreSQL cluster that lives as long as standard input stays open, and leaves nothing behind.
# PORT names its TCP port on 127.0.0.1; PATH leads to its programs. Prints two lines when ready: the address
# of its maintenance database, and the folder with the certificate of its authority (ca.crt) and of a stranger's
# (other.crt).
set -eu
umask 077
home=$(mktemp -d "${TMPDIR:-/tmp}/teamdoor-postgres.XXXXXX")
trap 'pg_ctl stop -s -m immediate -D "$home/data" || true; rm -rf "$home"' EXIT
trap 'exit 1' HUP INT TERM

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >"$home/password"
# C.UTF-8 knows capitals beyond ASCII, as databases in use do, and orders like C; not every system has it.
cluster() {
    initdb --no-sync --no-instructions --encoding=UTF8 --locale="$1" --auth=scram-sha-256 \
        --username=postgres --pwfile="$home/password" -D "$home/data" >"$home/log" 2>&1
}
cluster C.UTF-8 || cluster C || { cat "$home/log" >&2; exit 1; }

# An authority, a server certificate for `localhost` alone, and the certificate of an authority nobody asked.
authority() { openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout "$home/$1.key" -out "$home/$1.crt"; }
{
    authority ca && authority other &&
        openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost \
            -keyout "$home/data/server.key" -out "$home/server.csr" &&
        openssl x509 -req -in "$home/server.csr" -CA "$home/ca.crt" -CAkey "$home/ca.key" -CAcreateserial \
            -days 2 -copy_extensions copy -out "$home/data/server.crt"
} >"$home/log" 2>&1 || { cat "$home/log" >&2; exit 1; }
cat >>"$home/data/postgresql.conf" <<END
ssl = on
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
printf 'postgres://postgres:%s@127.0.0.1:%s/postgres\n%s\n' "$password" "$PORT" "$home"

# Ends when the one who started us closes the pipe or is no more, whatever the reason.
cat >/dev/null
