# shellcheck shell=bash
# shellcheck disable=SC2154 # root, user, home, option: lib.sh, find_home and choose_options
# standby.sh - a stack's PostgreSQL twice, under Patroni and etcd, and its Redis twice, under Sentinel, with HAProxy before both.
#
# HAProxy makes the two sockets that a single PostgreSQL and Redis would make, and leads from them to whichever is the primary now: nothing
# else in the stack knows the difference. All ports are on 127.0.0.1, above those of the programs.

has_standby() { [ "${option[standby]-no}" = yes ]; }

standby_units() { # in the order in which they start
    ! has_standby || echo etcd node-1 node-2 redis-1 redis-2 sentinel-1 sentinel-2 sentinel-3 haproxy
}

standby_port() { # standby_port NAME
    local names="etcd peer rest-1 rest-2 node-1 node-2 redis-1 redis-2 sentinel-1 sentinel-2 sentinel-3" name number=80
    for name in $names; do
        [ "$name" != "$1" ] || echo $((option[port-base] + number))
        number=$((number + 1))
    done
}

need_standby_programs() {
    local program
    for program in patroni etcd haproxy redis-sentinel; do
        PATH=$PATH:/usr/sbin command -v "$program" >/dev/null ||
            die "$program is missing: apt-get install --no-install-recommends $(sed '/^#/d' "$root/ops/packages.standby.txt" | xargs)"
    done
}

# PostgreSQL waits for its standby with every commit; when there is none left it goes on alone, and Patroni remembers that only this one may lead.
node_settings() { # node_settings NUMBER
    local rest node
    rest=127.0.0.1:$(standby_port "rest-$1")
    node=127.0.0.1:$(standby_port "node-$1")
    cat <<SETTINGS
scope: songda
name: node-$1
log: {level: INFO}
restapi:
  listen: $rest
  connect_address: $rest
  authentication: {username: songda, password: "$(secret songda_patroni)"}
etcd3: {host: "127.0.0.1:$(standby_port etcd)"}
bootstrap:
  dcs:
    ttl: 15
    loop_wait: 3
    retry_timeout: 5
    synchronous_mode: true
    postgresql: {use_pg_rewind: true, use_slots: true, parameters: {max_connections: 100, wal_keep_size: 512MB}}
  initdb: [data-checksums, {encoding: UTF8}, {locale: C.UTF-8}, {auth: scram-sha-256}]
postgresql:
  listen: $node
  connect_address: $node
  data_dir: $home/node-$1
  bin_dir: $(postgres_bin)
  pgpass: $home/run/node-$1/pgpass
  custom_conf: $home/settings/postgresql.conf
  use_unix_socket: true
  parameters: {unix_socket_directories: "$home/run/node-$1"}
  pg_hba:
    - local all all scram-sha-256
    - host replication songda_replication 127.0.0.1/32 scram-sha-256
    - host all all 127.0.0.1/32 scram-sha-256
  authentication:
    superuser: {username: postgres, password: "$(secret postgres)"}
    replication: {username: songda_replication, password: "$(secret songda_replication)"}
    rewind: {username: songda_rewind, password: "$(secret songda_rewind)"}
SETTINGS
}

redis_settings() { # redis_settings NUMBER
    grep -v '^port ' "$root/ops/redis.conf"
    echo "bind 127.0.0.1"
    echo "port $(standby_port "redis-$1")"
    echo "dir $home/run/redis-$1"
    [ "$1" = 1 ] || echo "replicaof 127.0.0.1 $(standby_port redis-1)"
}

# Sentinel and Redis write what they have learnt into their own files: these are only made once.
sentinel_settings() { # sentinel_settings NUMBER
    cat <<SETTINGS
bind 127.0.0.1
port $(standby_port "sentinel-$1")
dir $home/run/sentinel-$1
sentinel monitor songda 127.0.0.1 $(standby_port redis-1) 2
sentinel down-after-milliseconds songda 3000
sentinel failover-timeout songda 10000
SETTINGS
}

haproxy_settings() {
    cat <<SETTINGS
global
    maxconn 2000
defaults
    mode tcp
    timeout connect 1s
    timeout client 24h
    timeout server 24h
    timeout check 2s
    default-server inter 500ms fastinter 500ms downinter 500ms fall 3 rise 1 on-marked-down shutdown-sessions
listen postgres
    bind unix@$home/run/postgres/.s.PGSQL.5432 mode 700
    option httpchk OPTIONS /primary
    http-check expect status 200
    server node-1 127.0.0.1:$(standby_port node-1) check port $(standby_port rest-1)
    server node-2 127.0.0.1:$(standby_port node-2) check port $(standby_port rest-2)
listen redis
    bind unix@$home/run/redis.sock mode 700
    option tcp-check
    tcp-check send info\ replication\r\n
    tcp-check expect string role:master
    server redis-1 127.0.0.1:$(standby_port redis-1) check
    server redis-2 127.0.0.1:$(standby_port redis-2) check
SETTINGS
}

put_once() { if plainly test -e "$1"; then cat >/dev/null; else put "$1" "$2"; fi; }

make_standby() {
    local number
    need_standby_programs
    ! plainly test -e "$home/postgres" || die "this stack has a PostgreSQL of its own: --standby is for a new one"
    [ "${option[backups]}" = none ] || die "--backups and --standby do not go together yet"
    for number in songda_replication songda_rewind songda_patroni; do
        make_secret "$number"
    done
    plainly mkdir -p -m 700 "$home/etcd" "$home"/run/{node,redis,sentinel}-{1,2} "$home/run/sentinel-3"
    grep -vE '^(listen_addresses|max_connections)' "$root/ops/postgresql.conf" | put "$home/settings/postgresql.conf" 0400
    for number in 1 2; do
        node_settings "$number" | put "$home/secrets/node-$number.yml" 0400
        redis_settings "$number" | put_once "$home/run/redis-$number/redis.conf" 0600
    done
    for number in 1 2 3; do
        sentinel_settings "$number" | put_once "$home/run/sentinel-$number/sentinel.conf" 0600
    done
    haproxy_settings | put "$home/settings/haproxy.conf" 0400
}

standby_command() { # standby_command UNIT
    local number=${1##*-} etcd peer
    case $1 in
    etcd)
        etcd=http://127.0.0.1:$(standby_port etcd) peer=http://127.0.0.1:$(standby_port peer)
        echo "$(command -v etcd) --name songda --data-dir $home/etcd --listen-client-urls $etcd --advertise-client-urls $etcd" \
            "--listen-peer-urls $peer --initial-advertise-peer-urls $peer --initial-cluster songda=$peer" \
            "--auto-compaction-retention=1 --heartbeat-interval=500 --election-timeout=5000"
        ;;
    node-*) echo "$(command -v patroni) $home/secrets/node-$number.yml" ;;
    redis-*) echo "$(command -v redis-server) $home/run/redis-$number/redis.conf" ;;
    sentinel-*) echo "$(command -v redis-sentinel) $home/run/sentinel-$number/sentinel.conf" ;;
    haproxy) echo "$(PATH=$PATH:/usr/sbin command -v haproxy) -db -f $home/settings/haproxy.conf" ;;
    esac
}

grant_rewind() { # who was the primary looks there how far it must go back
    admin postgres -c "GRANT CONNECT ON DATABASE postgres TO songda_rewind"
}

define_standby_units() {
    local unit
    for unit in $(standby_units); do
        define_unit "$unit" "$(standby_command "$unit")"
    done
}

start_standby_units() {
    local unit
    for unit in $(standby_units); do
        case $unit in
        node-*) start_unit "$unit" "$home/secrets/$unit.yml" "$home/settings/postgresql.conf" ;;
        haproxy) start_unit "$unit" "$home/settings/haproxy.conf" ;;
        *) start_unit "$unit" ;;
        esac
    done
}

node_role() { # node_role NUMBER: primary, replica, or nothing
    local code
    for code in primary replica; do
        [ "$(curl -s -o /dev/null -m 2 -w '%{http_code}' "http://127.0.0.1:$(standby_port "rest-$1")/$code")" != 200 ] || echo "$code"
    done
}

standby_health() { # standby_health UNIT
    local number=${1##*-}
    case $1 in
    node-*) [ -n "$(node_role "$number")" ] && echo ready || echo "not ready" ;;
    etcd) [ "$(curl -s -o /dev/null -m 2 -w '%{http_code}' "http://127.0.0.1:$(standby_port etcd)/health")" = 200 ] && echo ready || echo "no answer" ;;
    redis-* | sentinel-*) [ "$(plainly redis-cli -p "$(standby_port "$1")" ping 2>&1)" = PONG ] && echo ready || echo "no answer" ;;
    haproxy) [ -S "$home/run/postgres/.s.PGSQL.5432" ] && echo ready || echo "not ready" ;;
    esac
}
