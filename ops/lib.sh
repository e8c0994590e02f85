# shellcheck shell=bash
# lib.sh - what the scripts in ops/ share: messages, the user things run as, Debian's packages, building.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck disable=SC2034 # used by those who include this
services="staff leads contracts dispatch collection aftersales discipline"
user=songda # whom everything runs as when we are root; otherwise it runs as the caller

say() { printf '%s\n' "$*" >&2; }

die() {
    say "${0##*/}: $*"
    exit 1
}

# The comment block at the head of a script is its help.
help() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

random_hex() { od -An -tx1 -N"$1" /dev/urandom | tr -d ' \n'; } # random_hex BYTES

is_root() { [ "$(id -u)" = 0 ]; }

as_root() {
    if is_root; then
        "$@"
    else
        sudo "$@"
    fi
}

# plainly COMMAND …: without privileges, and without the caller's environment and folder.
plainly() {
    local command=(env -i -C / "PATH=$PATH" "HOME=${home:-/}" LANG=C.UTF-8 TZ=UTC "$@")
    if is_root; then
        setpriv --reuid="$user" --regid="$user" --clear-groups "${command[@]}"
    else
        "${command[@]}"
    fi
}

make_user() {
    is_root || return 0
    id "$user" >/dev/null 2>&1 && return
    useradd --system --user-group --home-dir /var/lib/songda --no-create-home \
        --shell /usr/sbin/nologin "$user"
}

# wait_for_invariants SECONDS ARGUMENT …: ops/invariants/run with these until all of them hold, because events that are on their way
# arrive first; prints how many. Fails, with those that do not hold, when the time is over.
wait_for_invariants() {
    local deadline=$((SECONDS + $1)) said
    shift
    until said=$("$root/ops/invariants/run" "$@" 2>&1); do
        if [ "$SECONDS" -ge "$deadline" ]; then
            grep -v '^holds' <<<"$said"
            return 1
        fi
        sleep 1
    done
    tail -n 1 <<<"$said"
}

# --- packages ---

missing_packages() { # missing_packages LIST …: those of the lists that are not installed
    local wanted installed
    wanted=$(cat "$@" | sed 's/#.*//' | tr -s ' \t' '\n' | grep . | sort -u)
    # shellcheck disable=SC2086 # one word, one package
    installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' $wanted 2>/dev/null |
        sed -n 's/^ii  *//p' | sort -u) || true
    comm -23 <(printf '%s\n' "$wanted") <(printf '%s\n' "$installed") | xargs
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
        -o Acquire::Retries=3 -o Dpkg::Options::=--force-confold "$@" </dev/null
}

# Keeps packages from starting servers while we install them: this product brings its own.
no_cluster=/etc/postgresql-common/createcluster.d/songda.conf
quiet_servers() {
    local policy=/usr/sbin/policy-rc.d
    [ ! -e "$policy" ] || return 0
    printf '#!/bin/sh\n# songda: while installing\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    trap loud_servers EXIT
}

loud_servers() {
    as_root rm -f "$no_cluster"
    ! grep -qs '^# songda: while installing' /usr/sbin/policy-rc.d || as_root rm -f /usr/sbin/policy-rc.d
}

install_packages() { # install_packages LIST …
    local missing
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    is_root || command -v sudo >/dev/null ||
        die "Debian packages are missing, and there is no sudo. As root: apt-get install --no-install-recommends $missing"
    say "Installing Debian packages: $missing"
    apt update >&2 || die "apt-get update failed: is there a network, are the package sources right?"
    quiet_servers
    if [[ " $missing " == *" postgresql "* ]]; then
        apt install --no-install-recommends postgresql-common >&2 || die "apt-get install failed"
        as_root mkdir -p "${no_cluster%/*}"
        printf 'create_main_cluster = false\n' | as_root tee "$no_cluster" >/dev/null
    fi
    # shellcheck disable=SC2086
    apt install --no-install-recommends $missing >&2 || die "apt-get install failed: see above"
    if [[ " $missing " == *" redis-server "* ]]; then
        as_root update-rc.d redis-server disable >/dev/null 2>&1 || true
    fi
    loud_servers
}

# --- building ---

build() { # build FOLDER MESON-OPTION …: all of the tree into FOLDER
    local folder=$1
    shift
    cd "$root" || exit
    if [ ! -f "$folder/build.ninja" ]; then
        rm -rf "$folder"
        meson setup "$folder" "$@" >&2 || die "meson setup failed: see $folder/meson-logs/meson-log.txt"
    fi
    say "Building in $folder"
    meson compile -C "$folder" >&2 || die "the build failed: the first error is above"
}

modules_are_new() { # modules_are_new FOLDER: what npm installed there is what its lock file says
    [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ]
}

# The console's tools need this much of Node.js; Debian 12 has an older one. Where it is too old, one from npm is kept in var/node.
node_least=20.19.0
node_kept=22.14.0
make_node() {
    local have
    install_missing_npm
    have=$(node --version 2>/dev/null | tr -d v)
    [ "$(printf '%s\n' "$node_least" "${have:-0}" | sort -V | head -n 1)" != "$node_least" ] || return 0
    if [ ! -x "$root/var/node/node_modules/node/bin/node" ]; then
        say "Node.js ${have:-none} is too old for the console: fetching $node_kept"
        mkdir -p "$root/var/node"
        npm install --prefix "$root/var/node" --no-save --no-audit --no-fund "node@$node_kept" >&2 ||
            die "Node.js $node_least or newer is needed to build the console, and could not be fetched"
    fi
    PATH=$root/var/node/node_modules/node/bin:$PATH
}

install_missing_npm() {
    command -v npm >/dev/null || install_packages "$root/ops/packages.console.txt"
}

console_is_new() { # nothing that the built console is made from has changed since
    local console=$root/services/gateway/console
    local built=$console/dist/index.html
    [ -f "$built" ] && modules_are_new "$console" &&
        [ -z "$(find "$console" "$root/schemas" \( -path "$console/node_modules" -o -path "$console/dist" -o \
            -path "$console/src/schema" -o -name __pycache__ \) -prune -o -newer "$built" -print -quit)" ]
}

build_console() { # the web console, when this tree has one
    local console=$root/services/gateway/console
    [ -f "$console/package.json" ] || return 0
    make_node
    ! console_is_new || return 0
    say "Building the console"
    cd "$console" || exit
    modules_are_new "$console" || npm ci --no-audit --no-fund >&2 || die "the console's packages could not be installed: see above"
    npm run build >&2 || die "the console failed to build: see above"
    cd "$root" || exit
}
