# shellcheck shell=bash
# shellcheck disable=SC2154 # home: find_home
# supervise.sh - a stack's processes under runit: one folder in sv/ each, a dead one is started again at once.

supervisor() { # the pid of this stack's runsvdir, when it lives
    local pid
    pid=$(cat "$home/run/supervisor.pid" 2>/dev/null) || return 1
    grep -qsaF "$home/service" "/proc/$pid/cmdline" && echo "$pid"
}

start_supervisor() {
    supervisor >/dev/null && return
    # shellcheck disable=SC2016 # expanded by the inner shell
    plainly setsid -f sh -c 'echo $$ >"$1/run/supervisor.pid"; exec runsvdir -P "$1/service"' \
        sh "$home" </dev/null >>"$home/log/supervisor" 2>&1 9>&-
}

unit_is_up() { plainly sv status "$home/service/$1" 2>/dev/null | grep -q '^run:'; }

unit_pid() { unit_is_up "$1" && plainly cat "$home/sv/$1/supervise/pid"; }

units() { ls "$home/service" 2>/dev/null; } # those this stack has now

wait_supervised() {
    local deadline=$((SECONDS + 15))
    until plainly sv status "$home/service/$1" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || die "the supervisor does not take up $1: see $home/log/supervisor"
        sleep 0.05
    done
}

# define_unit NAME COMMAND …: stages its folder; "stamp" says what it was last started with.
define_unit() {
    local unit=$1 folder=$home/sv/$1
    shift
    stage "$folder/run" 0700 <<RUN
#!/bin/sh
exec 2>&1 </dev/null
ulimit -n 65536 2>/dev/null || ulimit -n "\$(ulimit -H -n)"
exec $*
RUN
    stage "$folder/finish" 0700 <<FINISH
#!/bin/sh
[ "\$1" = 0 ] || echo "\$(date -u +%FT%TZ) exit \$1 signal \$2" >>$folder/deaths
FINISH
    stage "$folder/log/run" 0700 <<<"#!/bin/sh
exec svlogd $home/log/$unit"
    stage "$home/log/$unit/config" 0600 <<<"s10000000
n5"
    unit_is_up "$unit" || stage "$folder/down" 0600 </dev/null # until start_unit, in its order
    mkdir -p "$staging/service"
    ln -s "../sv/$unit" "$staging/service/$unit"
}

# PostgreSQL's TERM waits for its clients; INT does not.
stop_postgres_fast() {
    stage "$home/sv/postgres/control/t" 0700 <<<"#!/bin/sh
kill -INT \"\$(cat $home/sv/postgres/supervise/pid)\""
}

stamp_of() { # stamp_of NAME FILE …: what it runs with when it is started now
    local folder=$home/sv/$1
    shift
    plainly cat "$folder/run" "$@" | sha256sum
}

is_outdated() { # is_outdated NAME STAMP: it runs with something else
    unit_is_up "$1" && [ "$2" != "$(plainly cat "$home/sv/$1/stamp" 2>/dev/null)" ]
}

start_unit() { # start_unit NAME FILE …: again when one of the files it lives on has changed
    local unit=$1 folder=$home/sv/$1 stamp
    stamp=$(stamp_of "$@")
    wait_supervised "$unit"
    ! is_outdated "$unit" "$stamp" || stop_units "$unit"
    put "$folder/stamp" 0600 <<<"$stamp"
    plainly sv up "$home/service/$unit" >/dev/null
    plainly rm -f "$folder/down"
}

stop_units() { # stop_units NAME …: they stay down until started or up
    local unit paths=()
    for unit in "$@"; do
        plainly touch "$home/sv/$unit/down"
        paths+=("$home/service/$unit")
    done
    [ $# = 0 ] || plainly sv -w 60 force-stop "${paths[@]}" >/dev/null || say "had to be killed: one of $*"
}

drop_units() { # drop_units NAME …: stopped and no longer part of the stack
    local unit paths=()
    for unit in "$@"; do
        ! plainly sv status "$home/service/$unit" >/dev/null 2>&1 || paths+=("$home/service/$unit")
    done
    [ "${#paths[@]}" = 0 ] || plainly sv -w 60 force-shutdown "${paths[@]}" >/dev/null ||
        say "had to be killed: one of $*"
    for unit in "$@"; do
        plainly rm -f "$home/service/$unit" "$home/sv/$unit/deaths"
    done
}

stop_everything() {
    local pid
    pid=$(supervisor) && plainly kill "$pid" # it leaves its children to us
    # shellcheck disable=SC2046 # one word, one name
    {
        drop_units $(units | grep -vE '^(gateway-.*|postgres|redis.*|sentinel-.*|haproxy|node-.*|etcd)$')
        drop_units $(units | grep -vE '^(postgres|node-.*|etcd)$')
        drop_units $(units | grep -v '^etcd$')
        drop_units $(units)
    }
    plainly rm -f "$home/run/supervisor.pid"
}
