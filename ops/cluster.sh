# shellcheck shell=bash
# shellcheck disable=SC2154 # root, user, services, home: lib.sh and find_home
# cluster.sh - a stack's private PostgreSQL and Redis: folders, secrets, database, roles.

# put FILE MODE: standard input becomes FILE in one step, owned by the stack's user.
put() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    plainly sh -c 'umask 077; cat >"$1.new" && chmod "$2" "$1.new" && mv -f "$1.new" "$1"' sh "$1" "$2"
}

# stage FILE MODE: like put, but together with others: publish puts them all. A file that is executed ends with a line end.
stage() {
    local file=$staging${1#"$home"}
    [ -d "${file%/*}" ] || mkdir -p "${file%/*}"
    printf '%s\n' "$(</dev/stdin)" >"$file"
    chmod "$2" "$file"
}

# publish: what was staged becomes the stack's, each file in one step; links come after the files.
publish() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    tar -C "$staging" -c . | plainly sh -euc 'rm -rf "$1/staged" && mkdir "$1/staged" && cd "$1/staged" && tar -xom
        find . -mindepth 1 -type d -exec sh -c "cd .. && exec mkdir -p \"\$@\"" sh {} +
        for kind in f l; do
            find . -type $kind | while read -r file; do mv -fT "$file" "../$file"; done
        done
        rm -r "$1/staged"' sh "$home"
    rm -r "$staging"
}

# A stack runs in its folder, or, where the user it runs as cannot reach that or its name is too long
# for a socket or has odd characters, behind a link of that name.
find_home() { # find_home DIR: sets $home
    local dir parent elsewhere
    dir=$(realpath -m -s "$1")
    if [ -L "$dir" ] && [ -d "$dir" ]; then
        home=$(realpath "$dir")
        return
    fi
    [ ! -L "$dir" ] || rm -f "$dir" # its target is gone
    if [ -d "$dir" ] && [ ! -e "$dir/stack.conf" ] && [ -n "$(ls -A "$dir")" ]; then
        die "$dir holds something that is not a stack"
    fi
    parent=$(dirname "$dir")
    mkdir -p "$parent"
    home=$(realpath "$parent")/$(basename "$dir")
    if [ -e "$dir/stack.conf" ] || { [ "${#home}" -le 70 ] && [[ $home =~ ^[A-Za-z0-9/._-]+$ ]] &&
        plainly test -x "$(realpath "$parent")"; }; then
        return
    fi
    elsewhere=$HOME/.local/state/songda
    ! is_root || elsewhere=/var/lib/songda
    home=$elsewhere/$(printf '%s' "$dir" | sha256sum | cut -c1-12)
    [ "${#home}" -le 70 ] || die "$dir cannot hold a stack, and $home is too long a name"
    mkdir -p "$home"
    [ ! -d "$dir" ] || rmdir "$dir"
    ln -s "$home" "$dir"
}

saved() { plainly sed -n "s/^$1 = //p" "$home/stack.conf" 2>/dev/null; } # saved NAME: as the stack was last started

make_folders() {
    local folder
    mkdir -p "$home"
    ! is_root || chown "$user:$user" "$home"
    chmod 700 "$home"
    plainly touch "$home/stack.conf" # says that this is a stack's folder
    for folder in bin settings secrets log run run/postgres sv service; do
        plainly mkdir -p -m 700 "$home/$folder"
    done
}

make_secret() { # make_secret ROLE: a random password, kept as libpq's passfile
    local file=$home/secrets/$1.pgpass
    [ -s "$file" ] ||
        printf '*:*:*:%s:%s\n' "$1" "$(random_hex 24)" | put "$file" 0400
}

make_founding_code() { # once: whoever founds the company in production must know it
    local file=$home/secrets/founding_code
    [ -s "$file" ] || random_hex 24 | put "$file" 0400
}

secret() { plainly sed -n 's/.*://p' "$home/secrets/$1.pgpass"; }

conninfo() { # conninfo ROLE NAME [DATABASE]
    printf "host=%s dbname=%s user=%s passfile=%s application_name=%s connect_timeout=3" \
        "$home/run/postgres" "${3:-songda}" "$1" "$home/secrets/$1.pgpass" "$2"
}

postgres_bin() {
    local version bin
    version=$(plainly cat "$home/postgres/PG_VERSION" 2>/dev/null) || version='*'
    # shellcheck disable=SC2012,SC2086 # of several versions the newest
    bin=$(ls -d /usr/lib/postgresql/$version/bin 2>/dev/null | sort -V | tail -n 1) || true
    [ -x "$bin/postgres" ] || die "PostgreSQL $version is not installed"
    echo "$bin"
}

make_cluster() {
    local bin
    plainly test ! -e "$home/postgres/PG_VERSION" || return 0
    bin=$(postgres_bin)
    say "Making the PostgreSQL cluster"
    plainly rm -rf "$home/postgres.new"
    secret postgres | put "$home/run/password" 0400
    plainly "$bin/initdb" -D "$home/postgres.new" -U postgres --pwfile="$home/run/password" --data-checksums \
        --encoding=UTF8 --locale=C.UTF-8 --auth=scram-sha-256 --no-instructions 2>&1 |
        put "$home/log/initdb" 0600 || die "initdb failed: $(tail -n 3 "$home/log/initdb")"
    plainly rm -f "$home/run/password"
    plainly mv "$home/postgres.new" "$home/postgres"
}

configure_postgres() {
    put "$home/postgres/postgresql.conf" 0600 < <(
        cat "$root/ops/postgresql.conf"
        archive_settings
    )
    put "$home/postgres/pg_hba.conf" 0600 <<<"local all all scram-sha-256"
}

configure_redis() {
    put "$home/settings/redis.conf" 0400 < <(
        cat "$root/ops/redis.conf"
        echo "unixsocket $home/run/redis.sock"
        echo "dir $home/run"
    )
}

admin() { # admin DATABASE psql-argument …
    local database=$1
    shift
    plainly "$(postgres_bin)/psql" -X -q "$(conninfo postgres songda-stack "$database")" "$@"
}

wait_for_postgres() {
    local deadline=$((SECONDS + ${option[wait]-60}))
    until admin postgres -c 'SELECT' >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] ||
            die "PostgreSQL does not answer: $(plainly tail -q -n 3 "$home"/log/{postgres,node-1}/current 2>/dev/null)"
        sleep 0.1
    done
}

# Autovacuum may touch the same row of the catalogue in that moment ("tuple concurrently updated"): what is repeated here changes nothing twice.
make_database() {
    local attempt
    [ "$(admin postgres -At -c "SELECT count(*) FROM pg_database WHERE datname = 'songda'")" = 1 ] ||
        admin postgres -c "CREATE DATABASE songda TEMPLATE template0"
    for attempt in 1 2 3 4 5; do
        ! make_roles || return 0
        say "making the database's roles did not succeed at attempt $attempt"
        sleep 1
    done
    die "making the database's roles failed"
}

make_roles() {
    local service
    {
        printf '\\set reader_password %s\n' "$(secret songda_reader)"
        cat "$root/ops/database.sql"
        for service in $services; do
            printf '\\set %s %s\n' schema "$service" owner "songda_${service}_owner" login "songda_$service" \
                owner_password "$(secret "songda_${service}_owner")" login_password "$(secret "songda_$service")"
            cat "$root/ops/roles.sql"
        done
    } | admin songda >/dev/null
}
