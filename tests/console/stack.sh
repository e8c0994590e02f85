# stack.sh - the stack that run and lighthouse play on: one of their own with the demonstration company, or a running one.
# Read by them after ops/lib.sh, with `here` set to this folder.

dir=$root/var/console-stack
base=${SONGDA_CONSOLE_PORT:-18400}
programs=$root/var/build
own=yes
keep=
words=() # what is not an option of the stack

read_options() {
    while [ $# -gt 0 ]; do
        case $1 in
        --keep) keep=yes ;;
        --dir)
            dir=$2
            own=
            shift
            ;;
        --programs)
            programs=$2
            shift
            ;;
        --help | -h)
            help
            exit 0
            ;;
        *) words+=("$1") ;;
        esac
        shift
    done
}

take_down() {
    [ -z "$own" ] || [ -n "$keep" ] || "$root/ops/stack" down --dir "$dir" --wipe >/dev/null 2>&1 || true
}

begin() { # sets origin
    install_packages "$root/ops/packages.browser.txt"
    make_node
    modules_are_new "$here" || (cd "$here" && npm ci --no-audit --no-fund >&2)
    if [ -n "$own" ]; then
        build_console
        trap take_down EXIT
        "$root/ops/stack" down --dir "$dir" --wipe >/dev/null 2>&1 || true
        "$root/ops/stack" up --dir "$dir" --port-base "$base" --mode test --clock request --programs "$programs" --wait 90 >&2
        "$root/ops/demo" --dir "$dir" --clock system >/dev/null
    fi
    origin=$("$root/ops/stack" show --dir "$dir" http)
}
