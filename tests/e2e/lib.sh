# tests/e2e/lib.sh -- sourced by every end-to-end test: a small Internet of its own, natsrvd in it, TAP.
#
#	S  the server's host: 10.9.0.1, 10.9.0.2, fd09::1, fd09::2
#	C  the clients' host: 10.9.0.10, fd09::10
#	P  the peers' host:   10.9.0.20, fd09::20
#
# The three are network namespaces on one bridge, inside a user namespace when the test is not root's.
# Everything lives in $tmp and dies with the script; only own processes are ended, by their ids.

set -u
LC_ALL=C
export LC_ALL
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
build=$(CDPATH='' cd -- "${builddir:-.}" && pwd)
bin=${E2E_BIN:-$build} # where natsrvd and the tools are
tests=0
failures=0
server=
children=

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

# Once, at the top of a test: enters the namespaces, or skips.
enter() {
	if [ -z "${E2E_INSIDE-}" ]; then
		flags=-nm
		[ "$(id -u)" = 0 ] && unshare -nm true 2>/dev/null || flags=-Urnm
		unshare $flags true 2>/dev/null || skip_all "no network namespaces here (unshare $flags)"
		command -v ip >/dev/null || skip_all "ip (iproute2) is not installed"
		E2E_INSIDE=1 exec unshare $flags -- bash "$0" "$@"
	fi
	for program in natsrvd natping natprobe natload; do
		[ -x "$bin/$program" ] || bail "$bin/$program is not built"
	done
	tmp=$(mktemp -d) || bail "no temporary folder"
	trap 'leave' EXIT
	trap 'exit 1' INT TERM
	mount --make-rprivate / 2>/dev/null
	mount -t tmpfs none /run && mkdir /run/netns || skip_all "cannot mount a tmpfs on /run"
	lab || skip_all "cannot make network namespaces and veth pairs"
}

leave() {
	for pid in $server $children; do
		kill -CONT "$pid" 2>/dev/null
		kill -TERM "$pid" 2>/dev/null
	done
	for pid in $server $children; do
		for _ in 1 2 3 4 5 6 7 8 9 10; do
			kill -0 "$pid" 2>/dev/null || continue 2
			sleep 0.1
		done
		kill -KILL "$pid" 2>/dev/null
	done
	wait
	[ -n "${E2E_KEEP-}" ] || rm -rf "$tmp"
}

bail() {
	echo "Bail out! $*"
	exit 99
}

# host NAME LAST-NUMBERS...: a namespace on the bridge
host() {
	name=$1
	shift
	ip netns add "$name" && ip link add "b$name" type veth peer name eth0 netns "$name" &&
		ip link set "b$name" master wire && ip link set "b$name" up || return 1
	within "$name" ip link set lo up
	for n; do
		within "$name" ip addr add "10.9.0.$n/24" dev eth0 && within "$name" ip addr add "fd09::$n/64" dev eth0 nodad || return 1
	done
	within "$name" ip link set eth0 up
}

lab() {
	ip link add wire type bridge && ip link set wire up || return 1
	host S 1 2 && host C 10 && host P 20 || return 1
	# A default route, as every host on the Internet has one.
	for name in S C P; do
		within $name ip route add default via 10.9.0.254 && within $name ip -6 route add default via fd09::fe || return 1
	done
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		within C ping -c 1 -W 1 10.9.0.1 >/dev/null 2>&1 && return 0
		within C bash -c 'echo >/dev/udp/10.9.0.1/9' 2>/dev/null && ! command -v ping >/dev/null && return 0
		sleep 0.1
	done
}

# within HOST command... (in the background it is a shell of its own: then use background)
within() {
	where=$1
	shift
	nsenter --net="/run/netns/$where" -- "$@"
}

# background HOST LOG command...; the id is in $child
background() {
	where=$1
	into=$2
	shift 2
	nsenter --net="/run/netns/$where" -- "$@" >"$into" 2>&1 </dev/null &
	child=$!
	children="$children $child"
}

# ---- TAP ------------------------------------------------------------------------------------------

# check TEXT command...: ok when the command succeeds. $output, if set, is shown when it does not.
check() {
	tests=$((tests + 1))
	text=$1
	shift
	if "$@"; then
		echo "ok $tests - $text"
	else
		echo "not ok $tests - $text"
		echo "#   failed: $*"
		[ -z "${output-}" ] || printf '%s\n' "$output" | tail -n 25 | sed 's/^/#   | /'
		[ ! -f "$tmp/natsrvd.log" ] || [ "$failures" -ge 3 ] ||
			grep -v 'event=\(server\.state\|allocation\.\)' "$tmp/natsrvd.log" | tail -n 12 | sed 's/^/#   server | /'
		failures=$((failures + 1))
		return 1
	fi
}

skip() { # TEXT WHY
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

done_testing() {
	echo "1..$tests"
	exit 0
}

matches() { # TEXT REGEX
	printf '%s\n' "$1" | grep -qE -- "$2"
}

lacks() { # TEXT REGEX
	! matches "$1" "$2"
}

is() { # A B
	[ "$1" = "$2" ]
}

# eventually SECONDS command...
eventually() {
	until=$((SECONDS + $1))
	shift
	while ! "$@"; do
		[ "$SECONDS" -lt "$until" ] || return 1
		sleep 0.1
	done
}

# ---- natsrvd --------------------------------------------------------------------------------------

secret_text=5a3f0c9be1d24786aa10ff7e64c02b19d8e7f3a6b5c4d2e1f00918273645afbe

# config [settings]: writes $tmp/natsrv.conf for host S, with these settings after the usual ones
config() {
	(umask 077 && echo "$secret_text" >"$tmp/secret")
	cat >"$tmp/natsrv.conf" <<CONF
server = { name = "turn.test"; realm = "turn.test"; user = ""; group = ""; };
log = { format = "logfmt"; repeat_limit = "0"; };
auth = {
	secret_files = [ "$tmp/secret" ];
	users = ( { name = "ann"; password = "open sesame"; } );
};
peers = { allow = [ "10.9.0.0/24", "fd09::/64" ]; };
CONF
	[ $# = 0 ] || printf '%s\n' "$@" >>"$tmp/natsrv.conf"
	chmod 600 "$tmp/natsrv.conf"
}

usual_relay='relay = { ipv4 = "10.9.0.1"; ipv6 = "fd09::1"; rfc5766_channels = true; };'

ready() {
	grep -q 'event=server\.ready' "$tmp/natsrvd.log" || ! kill -0 "$server" 2>/dev/null
}

# natsrvd_start [options]: on host S; $server is its process. Ends the test when it does not come up.
natsrvd_start() {
	: >"$tmp/natsrvd.log"
	nsenter --net=/run/netns/S -- ${E2E_WRAP-} "$bin/natsrvd" -f "$tmp/natsrv.conf" "$@" >>"$tmp/natsrvd.log" 2>&1 </dev/null &
	server=$!
	eventually 10 ready
	if ! grep -q 'event=server\.ready' "$tmp/natsrvd.log"; then
		sed 's/^/# /' "$tmp/natsrvd.log"
		bail "natsrvd did not start"
	fi
}

# SIGTERM; $status is its exit status
natsrvd_stop() {
	kill -TERM "$server"
	wait "$server"
	status=$?
	server=
}

log_lines() {
	wc -l <"$tmp/natsrvd.log"
}

# since LINE KEY: the value of KEY in the state lines after that line of the log
since() {
	tail -n "+$(($1 + 1))" "$tmp/natsrvd.log" | grep 'event=server\.state' | tr ' ' '\n' | sed -n "s/^$2=//p" | tail -n 1
}

# state KEY: a counter, by SIGUSR2 and what it brings into the log
state() {
	line=$(log_lines)
	kill -USR2 "$server" || return 1
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		sleep 0.05
		value=$(since "$line" "$1")
		[ -z "$value" ] || break
	done
	echo "$value"
}

state_is() { # KEY VALUE
	[ "$(state "$1")" = "$2" ]
}

descriptors() {
	ls "/proc/$server/fd" | wc -l
}

rss_kib() {
	awk '/^VmRSS:/ { print $2 }' "/proc/$server/status"
}
