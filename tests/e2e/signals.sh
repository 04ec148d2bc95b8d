#!/bin/bash
# The command line, signals and exit codes of natsrvd (natsrvd.8).
. "$(dirname -- "$0")/lib.sh"
enter "$@"

# status_of CODE command...: $output is what it prints
status_of() {
	want=$1
	shift
	output=$(within S timeout 20 "$@" 2>&1 </dev/null)
	got=$?
	output="exit $got
$output"
	[ "$got" = "$want" ]
}

says() {
	matches "$output" "$1"
}

d=$bin/natsrvd
config "$usual_relay"

check "--version: 0" status_of 0 "$d" --version
check "--version names natsrvd and its libraries" says 'natsrvd [0-9].*|libevent'
check "--help: 0" status_of 0 "$d" --help
for option in file set check-config strict dump-config print i-know-this-is-an-open-relay verbose quiet version; do
	check "--help tells of --$option" says "--$option"
done
check "an unknown option: 64" status_of 64 "$d" --nonsense
check "an operand: 64" status_of 64 "$d" natsrv.conf
check "--print=nonsense: 64" status_of 64 "$d" --print=nonsense
check "--print=sample: 0" status_of 0 "$d" --print=sample
check "--print=man: 0" status_of 0 "$d" --print=man

# configuration: 78
check "no such file: 78" status_of 78 "$d" -f "$tmp/none.conf"
check "and its name is said" says 'none\.conf'
printf 'server = { nmae = "x"; };\nlimits = { allocations = -1; };\npeers = { deny = [ "10.0.0.0/33" ]; };\n' >"$tmp/bad.conf"
check "three mistakes: 78" status_of 78 "$d" -f "$tmp/bad.conf" -t
check "an unknown setting, by line and with a guess" says "bad\.conf:1: error: .*nmae"
check "did you mean name?" says "did you mean .*name"
check "a number out of range, in the same go" says "bad\.conf:2: error: limits\.allocations"
check "a prefix that is none, in the same go" says "bad\.conf:3: error: peers\.deny"
check "an unreadable secret: 78" status_of 78 "$d" -f "$tmp/natsrv.conf" --set "auth.secret_files=[\"$tmp/none\"]"
check "--set with an unknown path: 78" status_of 78 "$d" -f "$tmp/natsrv.conf" --set relay.prots=1-2
check "an open relay: 78" status_of 78 "$d" -f "$tmp/natsrv.conf" --set auth.anonymous=true
check "unless it is meant" status_of 0 "$d" -f "$tmp/natsrv.conf" --set auth.anonymous=true --i-know-this-is-an-open-relay -t
check "--check-config of a good one: 0" status_of 0 "$d" -f "$tmp/natsrv.conf" --check-config

# what was dumped can be read, and says the same
cat >"$tmp/plain.conf" <<CONF
server = { name = "turn.test"; user = ""; group = ""; };
auth = { secret_files = [ "$tmp/secret" ]; nonce_lifetime = "7m"; };
relay = { ports = "50000-50999"; };
peers = { deny = [ "recommended", "8.8.8.0/24" ]; };
CONF
settings_of() {
	sed 's/[[:space:]]*#.*//; s/[[:space:]]*\/\/.*//; /^[[:space:]]*$/d' "$1"
}
check "--dump-config: 0" status_of 0 "$d" -f "$tmp/plain.conf" --set limits.allocations=77 --dump-config
within S "$d" -f "$tmp/plain.conf" --set limits.allocations=77 --dump-config >"$tmp/once.conf" 2>/dev/null
check "its origin is said: the file and the line" says 'plain\.conf:3'
check "the dump can be read" status_of 0 "$d" -f "$tmp/once.conf" --dump-config
within S "$d" -f "$tmp/once.conf" --dump-config >"$tmp/twice.conf" 2>/dev/null
output=$(diff <(settings_of "$tmp/once.conf") <(settings_of "$tmp/twice.conf"))
check "and says the same" is "$output" ""
check "the secret is not in it" lacks "$(cat "$tmp/once.conf")" "$secret_text"
check "a password in the file is masked" status_of 0 "$d" -f "$tmp/natsrv.conf" --dump-config
check "so that it cannot be read" lacks "$output" 'sesame'

# 71, 77
check "no descriptors: 71" status_of 71 prlimit --nofile=6:6 "$d" -f "$tmp/natsrv.conf"
if setpriv --bounding-set=-all --inh-caps=-all true 2>/dev/null; then
	check "a port that needs a privilege: 77" status_of 77 setpriv --bounding-set=-all --inh-caps=-all \
		"$d" -f "$tmp/natsrv.conf" --set 'listeners=({name="low";port=81;})'
else
	skip "a port that needs a privilege: 77" "setpriv cannot drop capabilities here"
fi

natsrvd_start
check "the port is taken: 69" status_of 69 "$d" -f "$tmp/natsrv.conf"
check "and it says which" says 'listener\.failed.*:3478'
check "a listening address of somebody else: 69" status_of 69 "$d" -f "$tmp/natsrv.conf" \
	--set 'listeners=({name="far";address="10.9.0.77";port=3480;})'
check "a relay address of somebody else: 69" status_of 69 "$d" -f "$tmp/natsrv.conf" --set relay.ipv4=10.9.0.77
check "--check-config does not care who has the port" status_of 0 "$d" -f "$tmp/natsrv.conf" -t

# SIGUSR2, SIGHUP
check "SIGUSR2 logs the counters" state_is allocations 0
kill -HUP "$server"
sleep 0.3
check "SIGHUP does not end it" kill -0 "$server"

# SIGTERM while traffic flows
traffic() {
	background C "$tmp/natload" "$bin/natload" --i-own-this-server --secret-file "$tmp/secret" -n 8 -r 2000 -t 60s \
		--peer-address 10.9.0.10 relay turn:10.9.0.1
	traffic=$child
	eventually 10 flowing
}
flowing() {
	[ "$(state client_packets)" -gt 100 ]
}
traffic
output=$(cat "$tmp/natload")
check "traffic flows" flowing
began=$(date +%s%N)
natsrvd_stop
took=$((($(date +%s%N) - began) / 1000000))
output="status $status after $took ms"
check "SIGTERM: exit 0" is "$status" 0
check "within stop_timeout" test "$took" -lt 5000
output=$(grep "event=server" "$tmp/natsrvd.log")
check "it says so" says 'event=server\.stop'
kill -TERM "$traffic" 2>/dev/null

natsrvd_start
kill -INT "$server"
wait "$server"
output="status $?"
check "SIGINT: exit 0" is "$output" "status 0"
server=

# (A worker that hangs: faults.sh.)
natsrvd_start
kill -TERM "$server"
kill -TERM "$server" 2>/dev/null
wait "$server"
status=$?
server=
output="status $status"
check "two SIGTERMs: exit 0, or ended by the second" matches "$status" '^(0|143)$'

# The log file can be moved away.
config "$usual_relay"
sed -i 's/^log = .*/log = { target = "file"; file = "'"${tmp//\//\\/}"'\/file.log"; format = "logfmt"; };/' "$tmp/natsrv.conf"
: >"$tmp/natsrvd.log"
nsenter --net=/run/netns/S -- "$d" -f "$tmp/natsrv.conf" >"$tmp/natsrvd.log" 2>&1 </dev/null &
server=$!
eventually 5 grep -qs 'event=server\.ready' "$tmp/file.log"
output=$(cat "$tmp/natsrvd.log")
check "log.target = file" grep -qs 'event=server\.ready' "$tmp/file.log"
mv "$tmp/file.log" "$tmp/file.log.1"
kill -HUP "$server"
check "SIGHUP opens the log file anew" eventually 5 test -s "$tmp/file.log"
natsrvd_stop
done_testing
