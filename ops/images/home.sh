# shellcheck shell=bash
# shellcheck disable=SC2034 # used by those who include this and by what it includes
# home.sh - where things are in the database's containers, and how the rest of ops/ makes use of it.

home=/srv/songda
database_socket=/run/songda/postgres
declare -A option=([backups]=/srv/backups)
# shellcheck source=ops/lib.sh
. /songda/ops/lib.sh
# shellcheck source=ops/cluster.sh
. /songda/ops/cluster.sh
# shellcheck source=ops/repository.sh
. /songda/ops/repository.sh

make_home() {
    umask 077
    mkdir -p "$home/log" "$home/settings" "$home/run/postgres" "$home/run/metrics"
    rm -f "$home"/run/postgres/.s.PGSQL.*
    ln -sfn /run/secrets "$home/secrets"
}
