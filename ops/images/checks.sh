# shellcheck shell=bash
# shellcheck disable=SC2154 # root, url, names: try
# checks.sh - what must hold of the containers. Each function whose name is a sentence is one check.

passed=0
failed=0

check() { # check FUNCTION: counts it
    local output result
    set +e # a failing command anywhere in a check fails it
    output=$(
        set -e
        "$1" 2>&1
    )
    result=$?
    set -e
    if [ "$result" = 0 ]; then
        passed=$((passed + 1))
        echo "ok      ${1//_/ }"
    else
        failed=$((failed + 1))
        echo "FAILED  ${1//_/ }"
        printf '%s\n' "$output" | tail -n 20 | sed 's/^/        /'
    fi
}

add_up() { # add_up NAME COMMAND …: a run that counts itself, and ends with "N passed, N failed"
    local name=$1 line
    shift
    line=$("$@" 2>&1 | tee /dev/fd/4 | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' | tail -n 1) || true
    line=${line:-0 1}
    passed=$((passed + ${line% *}))
    failed=$((failed + ${line#* }))
    echo "$name: ${line% *} passed, ${line#* } failed"
} 4> >(grep -vE '^([0-9]+ passed|ok |holds )' >&2)

inside() { # inside NAME SCRIPT [ARGUMENT …]: a shell in the container
    local name=$1
    shift
    docker exec "$(container "$name")" sh -euc "$@"
}

of_process_1() { # of_process_1 NAME FIELD: a line of its status
    sed -n "s/^$2:[[:space:]]*//p" "/proc/$(docker inspect -f '{{.State.Pid}}' "$(container "$1")")/status"
}

fails() { # fails COMMAND …: a plain ! would not end a check
    if "$@" 2>&1; then
        return 1
    fi
}

# --- what is hardened ---

every_program_is_an_ordinary_user() {
    for name in "${names[@]}"; do
        [ "$(of_process_1 "$name" Uid)" = $'10001\t10001\t10001\t10001' ]
        [ "$(of_process_1 "$name" Gid)" = $'10001\t10001\t10001\t10001' ]
    done
}

no_program_has_or_can_get_a_capability() {
    local set
    for name in "${names[@]}"; do
        for set in CapInh CapPrm CapEff CapBnd CapAmb; do
            [ "$(of_process_1 "$name" "$set")" = 0000000000000000 ]
        done
        [ "$(of_process_1 "$name" NoNewPrivs)" = 1 ]
        [ "$(of_process_1 "$name" Seccomp)" = 2 ]
    done
}

no_program_can_write_to_its_image() {
    for name in "${names[@]}"; do
        # shellcheck disable=SC2016 # expanded inside
        inside "$name" 'grep -q "^[^ ]* / [^ ]* ro," /proc/1/mounts
            for place in / /usr/local/bin /etc /run /var/tmp; do
                if touch "$place/.written" 2>/dev/null; then exit 1; fi
            done
            cp /bin/true /tmp/true
            if /tmp/true 2>/dev/null; then exit 1; fi
            rm /tmp/true'
    done
}

no_image_has_a_program_that_changes_its_user() {
    for name in postgres redis gateway; do
        [ -z "$(inside "$name" 'find / -xdev -type f -perm /6000 2>/dev/null || true')" ]
    done
}

no_image_of_programs_has_a_compiler_or_a_downloader() {
    # shellcheck disable=SC2016 # expanded inside
    inside gateway 'for tool in cc gcc ld meson python3 curl wget; do
        if command -v "$tool"; then exit 1; fi
    done'
}

only_the_gateway_is_on_a_network() {
    for name in "${names[@]}"; do
        [ "$name" = gateway ] || [ "$(inside "$name" 'ls /sys/class/net')" = lo ]
    done
    [ "$(inside postgres 'cat /proc/net/tcp /proc/net/tcp6' | grep -vc local_address)" = 0 ]
}

every_container_sees_its_own_secrets_only() {
    [ -z "$(inside gateway 'ls /run/secrets 2>/dev/null || true')" ]
    [ -z "$(inside redis 'ls /run/secrets 2>/dev/null || true')" ]
    [ "$(inside staff 'ls /run/secrets' | xargs)" = "founding_code songda_staff.pgpass songda_staff_owner.pgpass" ]
    [ "$(inside leads 'ls /run/secrets' | xargs)" = "songda_leads.pgpass songda_leads_owner.pgpass" ]
    [ "$(inside keeper 'find /run/secrets -type f -printf "%P\n" | sort' | xargs)" = "backup/key.conf postgres.pgpass songda_reader.pgpass" ]
    [ -z "$(inside postgres 'find /run/secrets/ -type f -perm /377')" ]
}

no_secret_is_in_an_environment_or_a_command() {
    local secrets name
    secrets=$(sed -E '/^\[/d; s/.*[:=]//' "$root"/var/secrets/*)
    [ "$(wc -w <<<"$secrets")" = 18 ]
    for name in "${names[@]}"; do
        docker inspect "$(container "$name")" >"$engine/inspected"
        docker inspect "$(docker inspect -f '{{.Image}}' "$(container "$name")")" >>"$engine/inspected"
        fails grep -F "$secrets" "$engine/inspected"
    done
}

every_socket_is_in_a_folder_of_its_users() {
    [ "$(inside staff 'stat -c "%a %u %n" /run/songda/*' | xargs)" = \
        "700 10001 /run/songda/gateway 700 10001 /run/songda/metrics 700 10001 /run/songda/postgres 700 10001 /run/songda/redis" ]
    inside gateway '[ -S /run/songda/gateway/workers.sock ]'
    [ -z "$(inside gateway 'ls /run/songda/postgres')" ]
    inside staff '[ -S /run/songda/postgres/.s.PGSQL.5432 ]'
    [ -z "$(inside staff 'ls /run/songda/redis')" ]
}

a_gateway_refuses_workers_from_a_network() {
    local output
    output=$(docker run --rm --network none --read-only --tmpfs /tmp songda/services sh -c '
        printf "%s\n" "http = 127.0.0.1:1080" "workers = tcp://0.0.0.0:1082" "wakeups_in = ipc:///tmp/in" \
            "wakeups_out = ipc:///tmp/out" >/tmp/settings.conf
        timeout 20 songda-gateway --settings /tmp/settings.conf; echo "ended with $?"' 2>&1)
    grep -qF 'services dial in over ipc or loopback only' <<<"$output"
    grep -qx 'ended with 2' <<<"$output"
}

every_service_tells_its_figures() {
    for name in gateway $services; do
        docker exec "$(container "$name")" songda-ask /metrics | grep -q '^songda_'
    done
}

the_console_and_the_papers_are_there() {
    curl -fs "$url/" | grep -qF '<div id="app">'
    curl -fs "$url/driver" | grep -qF '<div id="app">'
    inside gateway 'command -v songda-paper && fc-list :lang=zh-cn | grep -q .'
}

# --- what is looked after ---

figure() { # figure NAME: the keeper's, as the gateway passes it on; of several lines the sum
    curl -fs "$url/metrics" | awk -v name="$1" '{ key = $1; sub(/[{].*/, "", key) } key == name { sum += $2; seen = 1 } END { if (seen) print sum; exit !seen }'
}

the_keeper_asks_what_must_always_be_true_and_makes_a_backup() {
    local deadline=$((SECONDS + 300))
    until [ "$(figure songda_backup_runs_total)" != 0 ] && figure songda_backup_age_seconds; do
        [ "$SECONDS" -lt "$deadline" ] || die "no backup: $(docker logs "$(container keeper)" 2>&1 | tail -n 5)"
        sleep 2
    done
    [ "$(figure songda_backup_failures_total)" = 0 ]
    [ "$(figure songda_invariants_unasked)" = 0 ]
    figure songda_invariants_violations
}

# shellcheck disable=SC2016 # expanded inside
admin() { inside postgres 'PGPASSFILE=/run/secrets/postgres.pgpass psql -X -q -At -h /run/songda/postgres -U postgres -d songda -c "$0"' "$1"; }

the_database_comes_back_as_it_was_in_a_second() { # tried alone: it stops everything
    local before moment
    before=$(admin 'SELECT count(*), max(at) FROM leads.audit')
    sleep 2
    moment=$(date -u '+%F %T.%N+00')
    sleep 2
    admin 'CREATE TABLE public.afterwards ()'
    "$here/images/restore" --yes --to "$moment"
    [ "$(admin "SELECT to_regclass('public.afterwards') IS NULL")" = t ]
    [ "$(admin 'SELECT count(*), max(at) FROM leads.audit')" = "$before" ]
    wait_healthy "${names[@]}"
    wait_ready
}

# --- what it stands ---

restarts() { docker inspect -f '{{.RestartCount}} {{.State.Running}}' "$(container "$1")"; }

kill_container() { # kill_container NAME: SIGKILL to its process; the engine starts it again
    local pid before
    before=$(docker inspect -f '{{.RestartCount}}' "$(container "$1")")
    pid=$(docker inspect -f '{{.State.Pid}}' "$(container "$1")")
    [ "$pid" -gt 1 ]
    kill -KILL "$pid"
    for _ in $(seq 300); do
        [[ "$(restarts "$1")" != "$((before + 1)) true" ]] || return 0
        sleep 0.1
    done
    die "$1 was not started again"
}

every_killed_container_comes_back_by_itself() {
    for name in "${names[@]}"; do
        kill_container "$name"
        wait_ready
    done
    wait_healthy "${names[@]}"
}

without_the_database_the_gateway_stays_and_says_so() {
    local before
    before=$(restarts gateway)
    docker-compose stop postgres
    sleep 5
    [ "$(curl -s -o /dev/null -w '%{http_code}' "$url/healthz")" = 200 ]
    [ "$(curl -s -o /dev/null -w '%{http_code}' "$url/readyz")" = 503 ]
    [ "$(restarts gateway)" = "$before" ]
}

with_the_database_back_everything_is_ready() {
    docker-compose start postgres
    wait_healthy postgres
    wait_ready
}

scale() { # scale NAME COUNT: so many containers of it, all healthy
    local id deadline=$((SECONDS + 180))
    docker-compose --log-level ERROR up -d --no-build --no-recreate --scale "$1=$2"
    [ "$(container "$1" | wc -w)" = "$2" ]
    for id in $(container "$1"); do
        until [ "$(docker inspect -f '{{.State.Health.Status}}' "$id")" = healthy ]; do
            [ "$SECONDS" -lt "$deadline" ] || die "$1 $id is not healthy"
            sleep 0.5
        done
    done
    wait_ready
}

answered() { # answered ID: requests that this container's program was given
    docker exec "$1" songda-ask /metrics | sed -nE 's/^songda_calls_total(\{[^}]*\})? ([0-9]+)$/\2/p' | awk '{sum += $1} END {print sum + 0}'
}

two_instances_share_the_work() {
    scale dispatch 2
    scale contracts 2
}

each_instance_has_worked() { # after some scenarios
    local id
    for id in $(container dispatch) $(container contracts); do
        echo "$id $(answered "$id")"
        [ "$(answered "$id")" -gt 0 ]
    done
}

without_one_instance_the_other_goes_on() {
    local id deadline=$((SECONDS + 30))
    id=$(container contracts | head -n 1)
    docker stop -t 0 "$id"
    until curl -fs -o /dev/null "$url/readyz"; do
        [ "$SECONDS" -lt "$deadline" ]
        sleep 0.2
    done
    docker start "$id"
    scale contracts 1
    scale dispatch 1
}

# --- production ---

new_key() { # a UUIDv7
    local random
    random=$(random_hex 8)
    sed -E 's/(.{8})(.{4})(.{4})(.{4})/\1-\2-\3-\4-/' <<<"$(printf '%012x' "$(date +%s%3N)")7${random:0:3}8${random:1:15}"
}

post() { # post PATH BODY [curl's OPTION …]: the answer's body, then its status on a line
    local path=$1 body=$2
    shift 2
    curl -s -m 20 -w '\n%{http_code}\n' -H 'Content-Type: application/json' -H "Idempotency-Key: ${key:-$(new_key)}" \
        -d "$body" "$@" "$url/api/v1/$path"
}

answers() { # answers STATUS TEXT COMMAND …
    local status=$1 text=$2 answer
    shift 2
    answer=$("$@")
    echo "$answer"
    [ "$(tail -n 1 <<<"$answer")" = "$status" ]
    grep -qF -- "$text" <<<"$answer"
}

found() { # found CODE
    post staff/company '{"company": "送达燃料有限公司", "code": "ZB", "administrator": "系统管理员",
        "sign_in_name": "it_administrator@ZB", "password": "long enough for this"'"${1:+, \"founding_code\": \"$1\"}"'}'
}

production_is_founded_with_the_code_only() {
    local code key
    code=$(cat "$root/var/secrets/founding_code")
    answers 403 founding_code_wrong found ''
    answers 403 founding_code_wrong found "${code%?}"
    answers 403 founding_code_wrong found "${code}0"
    key=$(new_key)
    answers 200 company_id found "$code"
    answers 200 company_id found "$code"
    unset key
    answers 409 company_exists found "$code"
}

production_refuses_a_clock() {
    local body='{"sign_in_name": "it_administrator@ZB", "password": "long enough for this"}'
    answers 200 token post staff/sessions "$body"
    answers 403 clock_refused post staff/sessions "$body" -H 'X-Songda-Clock: 2011-03-01T09:00:00+08:00'
}

production_does_not_start_with_a_clock_by_request() {
    local start output
    for start in 'songda-start gateway' \
        'songda-staff --mode=production --clock=request --database=none --database_owner=none --gateway=ipc:///tmp/none'; do
        output=$(docker run --rm --network none --read-only --tmpfs /tmp -e SONGDA_MODE=production -e SONGDA_CLOCK=request \
            songda/services sh -c "timeout 20 $start; echo \"ended with \$?\"" 2>&1)
        echo "$output"
        grep -q 'production' <<<"$output"
        grep -qxE 'ended with [12]' <<<"$output"
    done
}

behind_a_proxy_cookies_are_secure_and_addresses_its_visitors() {
    local visitor errors
    SONGDA_TLS=proxy SONGDA_PROXIES=127.0.0.1 docker-compose --log-level ERROR up -d --no-build gateway
    wait_healthy gateway
    wait_ready
    answers 200 '; Secure' post staff/sessions '{"sign_in_name": "it_administrator@ZB", "password": "long enough for this"}' -i
    for visitor in 203.0.113.5 203.0.113.6; do # a locked name is answered at once, so that the address's own limit is reached
        errors=$(for _ in $(seq 60); do
            post staff/sessions '{"sign_in_name": "nobody", "password": "wrong"}' -H "X-Forwarded-For: $visitor"
        done | sed -nE 's/.*"error":"([a-z_]+)".*/\1/p')
        [ "$(head -n 1 <<<"$errors")" != too_many_requests ]
        grep -qx too_many_requests <<<"$errors"
    done
}
