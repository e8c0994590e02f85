# shellcheck shell=bash
# shellcheck disable=SC2154 # root, user, home, option: lib.sh, find_home and choose_options
# repository.sh - pgBackRest for a stack: the folder of its backups, the key they are encrypted with, and how it is called.

backup_key() { echo "$home/secrets/backup/key.conf"; }

# The settings and the key are files, so that nothing secret stands in a command or an environment.
pgbackrest_command() {
    echo "pgbackrest --config=$home/settings/pgbackrest.conf --config-include-path=$home/secrets/backup --stanza=songda"
}

run_pgbackrest() { # run_pgbackrest ARGUMENT …: one at a time, waiting for the other
    # shellcheck disable=SC2046 # one word, one argument
    plainly env "PGPASSFILE=$home/secrets/postgres.pgpass" flock -w 7200 "$home/run/backup.lock" $(pgbackrest_command) "$@"
}

archive_settings() { # lines for postgresql.conf
    [ "${option[backups]-none}" != none ] || return 0
    echo "archive_mode = on"
    echo "archive_timeout = 60" # at most a minute of work is only on this machine
    echo "archive_command = '$(pgbackrest_command) archive-push %p'"
}

need_pgbackrest() {
    command -v pgbackrest >/dev/null || die "pgBackRest is not installed: apt-get install pgbackrest"
}

make_backup_key() { # once; a repository cannot be read without it
    plainly mkdir -p -m 700 "$home/secrets/backup"
    plainly test -s "$(backup_key)" ||
        printf '[global]\nrepo1-cipher-pass=%s\n' "$(random_hex 32)" | put "$(backup_key)" 0400
}

write_repository_settings() { # write_repository_settings FOLDER
    plainly mkdir -p -m 700 "$home/log/backup" "$home/run/backup"
    put "$home/settings/pgbackrest.conf" 0400 <<SETTINGS
[global]
repo1-path=$1
repo1-cipher-type=aes-256-cbc
repo1-bundle=y
repo1-retention-full=4
compress-type=zst
start-fast=y
checksum-page=y
process-max=1
archive-timeout=60
log-path=$home/log/backup
lock-path=$home/run/backup
spool-path=$home/run/backup
log-level-console=off
log-level-stderr=warn
log-level-file=info
log-timestamp=n

[songda]
pg1-path=$home/postgres
pg1-socket-path=${database_socket-$home/run/postgres}
pg1-user=postgres
pg1-database=songda
SETTINGS
}

make_repository() { # of the running options; none: backups are off
    local folder=${option[backups]-none} said
    if [ "$folder" = none ]; then
        plainly rm -f "$home/settings/pgbackrest.conf"
        return
    fi
    need_pgbackrest
    [[ $folder =~ ^/[A-Za-z0-9/._-]+$ ]] || die "--backups: '$folder' has odd characters"
    if [ ! -d "$folder" ]; then
        mkdir -p "$folder" 2>/dev/null || die "--backups: $folder cannot be made"
        ! is_root || chown "$user:$user" "$folder"
        chmod 700 "$folder"
    fi
    if ! plainly test -w "$folder"; then
        is_root && die "--backups: the user $user cannot write to $folder; choose a folder it can reach, and give it to that user"
        die "--backups: you cannot write to $folder"
    fi
    if [ -d "$folder/archive" ] && ! plainly test -s "$(backup_key)"; then
        die "$folder holds backups already: bring them back with ops/restore, or choose an empty folder"
    fi
    make_backup_key
    write_repository_settings "$folder"
    said=$(run_pgbackrest --no-online stanza-create 2>&1) ||
        die "$folder cannot become the place of the backups: $(tail -n 3 <<<"$said")"
}

open_backed_up_stack() { # open_backed_up_stack DIR: a stack that is there and has a folder for backups
    find_home "$1"
    plainly test -e "$home/stack.conf" || die "there is no stack in $1"
    option[backups]=$(saved backups)
    [ "${option[backups]:-none}" != none ] ||
        die "this stack makes no backups: choose a folder for them with ops/stack up --dir $1 --backups FOLDER"
    need_pgbackrest
    plainly test -e "$home/settings/pgbackrest.conf" || die "its backups are not set up yet: ops/stack up --dir $1"
}
