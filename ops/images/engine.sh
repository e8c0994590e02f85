# shellcheck shell=bash
# shellcheck disable=SC2154 # root: lib.sh; engine: who includes this
# engine.sh - a private container engine in $engine, from Debian, that touches neither the host's network nor its firewall.

start_engine() {
    mkdir -p "$engine"
    ! docker info >/dev/null 2>&1 || return 0
    rm -f "$engine/docker.pid"
    setsid -f dockerd --host "$DOCKER_HOST" --data-root "$engine/data" --exec-root "$engine/run" \
        --pidfile "$engine/docker.pid" --bridge=none --iptables=false --ip6tables=false --ip-forward=false \
        >"$engine/dockerd.log" 2>&1 </dev/null
    for _ in $(seq 100); do
        ! docker info >/dev/null 2>&1 || return 0
        sleep 0.3
    done
    die "dockerd does not start: $(tail -n 3 "$engine/dockerd.log")"
}

stop_engine() {
    local pid
    pid=$(cat "$engine/docker.pid" 2>/dev/null) || return 0
    kill "$pid" 2>/dev/null || return 0
    timeout 30 tail --pid="$pid" -f /dev/null || say "dockerd $pid does not end"
    umount "$engine"/run/netns/* 2>/dev/null || true
}

make_base() { # debian:bookworm-slim, from the archives this machine uses, with its updates, trusting whom this machine trusts
    local tree=$engine/bookworm archives
    # shellcheck disable=SC2016 # the words are apt's
    archives=$(apt-get indextargets --format '$(SITE) $(RELEASE) main' 'Created-By: Packages' | grep -E '/debian(-security)? ' | sort -u)
    [ -z "$(docker images -q debian:bookworm-slim)" ] || return 0
    say "Making debian:bookworm-slim"
    umount "$tree"/proc "$tree"/sys 2>/dev/null || true # of a run that was broken off
    rm -rf --one-file-system "$tree"
    {
        debootstrap --variant=minbase bookworm "$tree" "$(sed -n 's/ bookworm main$//p' <<<"$archives")"
        sed 's/^/deb /' <<<"$archives" >"$tree/etc/apt/sources.list"
        printf 'path-exclude /usr/share/%s/*\n' doc man info locale >"$tree/etc/dpkg/dpkg.cfg.d/slim"
        install -D -m 0644 /etc/ssl/certs/ca-certificates.crt "$tree/usr/local/share/ca-certificates/this-machine.crt"
        chroot "$tree" apt-get update
        DEBIAN_FRONTEND=noninteractive chroot "$tree" apt-get -y upgrade
        chroot "$tree" apt-get clean
    } >"$engine/debootstrap.log" 2>&1 || die "the base image cannot be made: $(tail -n 3 "$engine/debootstrap.log")"
    rm -rf "$tree"/var/lib/apt/lists/* "$tree"/usr/share/{doc,man,info,locale}/* "$tree/etc/resolv.conf"
    tar -C "$tree" -c . | docker import - debian:bookworm-slim >/dev/null
    rm -rf "$tree"
}

container() { # container NAME: of a service of docker-compose.yml
    docker ps -aq --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME" \
        --filter "label=com.docker.compose.service=$1"
}

health() { # health NAME: healthy, starting, unhealthy
    docker inspect -f '{{.State.Health.Status}}' "$(container "$1")" 2>/dev/null
}

wait_healthy() { # wait_healthy NAME …
    local name deadline=$((SECONDS + 180))
    for name in "$@"; do
        until [ "$(health "$name")" = healthy ]; do
            if [ "$SECONDS" -ge "$deadline" ]; then
                docker-compose logs --tail 10 "$name" >&2
                die "$name is not healthy"
            fi
            sleep 0.5
        done
    done
}

wait_ready() { # every service answers
    local deadline=$((SECONDS + 60))
    until curl -fs -o /dev/null "$url/readyz"; do
        [ "$SECONDS" -lt "$deadline" ] || die "not ready: $(curl -s "$url/readyz")"
        sleep 0.2
    done
}
