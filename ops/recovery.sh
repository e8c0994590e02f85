# shellcheck shell=bash
# shellcheck disable=SC2154 # root, user, home, option: lib.sh, find_home and who includes this
# recovery.sh - a backup takes the database's place, kept to the second: choose_backup, put_aside, fetch, recover.
#
# Who includes it has: option[wait], option[to], option[timeline] (the last two may be missing: the newest state); $start_again, the command that starts what is there; forget_attempt, which removes a home that was made for this.

check_target() { # sets $target of --to; the other options too
    if [ -n "${option[to]-}" ]; then
        target=$(date -u -d "${option[to]}" '+%Y-%m-%d %H:%M:%S.%6N+00' 2>/dev/null) ||
            die "--to: '${option[to]}' is not a time like \"2026-11-22 14:03:00\""
        [[ $target < $(date -u '+%Y-%m-%d %H:%M:%S') ]] || die "--to: $target is still to come"
    fi
    [[ ${option[timeline]-1} =~ ^[0-9]+$ ]] || die "--timeline: '${option[timeline]}' is not a number"
    [[ ${option[wait]} =~ ^[0-9]+$ ]] || die "--wait: '${option[wait]}' is not a number of seconds"
}

# Sets $set to the newest backup that ended before the second and has no damaged page in it. A backup's end is the first moment that can
# be restored from it.
choose_backup() {
    local info chosen
    info=$(run_pgbackrest --output=json info 2>&1) || die "the backups cannot be read: $info"
    # shellcheck disable=SC2016 # perl's own; where PostgreSQL is, there is perl
    chosen=$(plainly perl -MJSON::PP -e '
        my ($info, $before) = @ARGV;
        my @backups = map { @{$_->{backup}} } @{JSON::PP->new->loose->decode($info)};
        my @good = sort { $a->{timestamp}{stop} <=> $b->{timestamp}{stop} } grep { !$_->{error} } @backups;
        my @usable = grep { $_->{timestamp}{stop} < $before } @good;
        print scalar(@backups), " ", @usable ? $usable[-1]{label} : "-", " ", @good ? $good[0]{timestamp}{stop} : 0' \
        "$info" "$(date -d "${target-now}" '+%s.%N')") || die "pgBackRest said: $info"
    read -r count set first <<<"$chosen"
    [ "$count" != 0 ] || die "there is no backup to restore, or the key is another one's"
    [ "$first" != 0 ] || die "every backup has damaged pages (ops/backup list)"
    [ "$set" != - ] || die "--to: the oldest backup ended at $(date -d "@$first" '+%F %T %Z'); nothing before that can be restored"
}

put_aside() { # sets $aside
    aside=
    plainly test -e "$home/postgres" || return 0
    aside=$home/postgres.before-$(date -u +%Y%m%dT%H%M%SZ)
    plainly mv "$home/postgres" "$aside"
}

give_up() { # give_up WHAT: as it was
    say "$1"
    stop_alone
    plainly rm -rf "$home/postgres"
    if [ -n "$aside" ]; then
        plainly mv "$aside" "$home/postgres"
        die "not restored; the database is the one from before: $start_again starts it"
    fi
    forget_attempt
    die "not restored; nothing was made"
}

fetch() {
    local said arguments=("--set=$set")
    [ -z "${target-}" ] || arguments+=(--type=time "--target=$target" --target-action=promote)
    [ -z "${option[timeline]-}" ] || arguments+=("--target-timeline=${option[timeline]}")
    say "Restoring ${target:-everything there is} from $set"
    plainly mkdir -m 700 "$home/postgres"
    said=$(run_pgbackrest "${arguments[@]}" restore 2>&1) || give_up "$said"
}

# Alone, behind a socket that nobody else can reach, without a password: what came with the backup are the old ones.
start_alone() {
    plainly mkdir -p -m 700 "$home/run/restore"
    put "$home/run/restore/hba" 0400 <<<"local all all trust"
    configure_postgres
    plainly "$(postgres_bin)/pg_ctl" -D "$home/postgres" -s -W -l "$home/log/restore" \
        -o "-k $home/run/restore -c hba_file=$home/run/restore/hba -c log_min_messages=log" start
}

ask_alone() { plainly "$(postgres_bin)/psql" -X -q -At -h "$home/run/restore" -U postgres "$@"; }

stop_alone() {
    ! plainly test -e "$home/postgres/postmaster.pid" ||
        plainly "$(postgres_bin)/pg_ctl" -D "$home/postgres" -s -w -t 300 -m fast stop || true
}

recover() {
    local deadline=$((SECONDS + option[wait]))
    plainly rm -f "$home/log/restore"
    start_alone
    until [ "$(ask_alone -d postgres -c 'SELECT pg_is_in_recovery()' 2>/dev/null)" = f ]; do
        sleep 0.2
        if ! plainly test -e "$home/postgres/postmaster.pid"; then
            grep -q 'recovery ended before configured recovery target' "$home/log/restore" &&
                give_up "the archive ends before ${option[to]}: choose an earlier time, or leave out --to"
            give_up "PostgreSQL did not come up: $(plainly grep -E 'FATAL|PANIC|ERROR' "$home/log/restore" | tail -n 3)"
        fi
        [ "$SECONDS" -lt "$deadline" ] || give_up "PostgreSQL did not come up within ${option[wait]} s (--wait)"
    done
    finish_recovery
}

finish_recovery() {
    local name last
    printf "ALTER ROLE postgres PASSWORD '%s'" "$(secret postgres)" | ask_alone -d postgres -f -
    for name in restore_command recovery_target_time recovery_target_action recovery_target_timeline; do
        ask_alone -d postgres -c "ALTER SYSTEM RESET $name"
    done
    stop_alone
    plainly rm -rf "$home/run/restore"
    last=$(plainly sed -n 's/.*last completed transaction was at log time //p' "$home/log/restore" | tail -n 1)
    say "Restored; the last change in it: ${last:-that of the backup itself}"
}
