#!/bin/bash
# What happens when the system says no: the request is answered 508, or a packet is dropped, and counted;
# everything else goes on (security 2.3). Real shortages first, then system calls that fail on demand.
# T-082 (no port: 508), D2.
. "$(dirname -- "$0")/lib.sh"
enter "$@"
shim=$build/tests/e2e/shim.so

config "$usual_relay" 'limits = { allocations_per_user = 0; };'

# hold N: that many allocations are asked for, for two seconds; $output is what natload says
hold() {
	output=$(within C timeout 30 "$bin/natload" --i-own-this-server --secret-file "$tmp/secret" -n "$1" -t 2s hold turn:10.9.0.1 2>&1)
}

serves() {
	output=$(within C timeout 30 "$bin/natping" --secret-file "$tmp/secret" turn:10.9.0.1 2>&1)
	[ $? -le 1 ]
}

binds() {
	output=$(within C timeout 10 "$bin/natprobe" 10.9.0.1 2>&1)
}

idle() {
	state_is allocations 0 && state_is relay_ports_in_use 0
}

# ---- EMFILE ---------------------------------------------------------------------------------------
E2E_WRAP="prlimit --nofile=64:64" natsrvd_start
before=$(descriptors)
hold 200
check "no descriptors left: some of 200 allocations stand" test "$(state allocations_created)" -gt 10
check "the others are answered 508" test "$(state responses_508)" -gt 100
check "Binding is answered all the while" binds
check "afterwards everything is back" eventually 20 idle
output="$(descriptors) descriptors, $before before"
check "the descriptors too" is "$(descriptors)" "$before"
check "and allocations work" serves
natsrvd_stop
output="status $status"
check "it stops cleanly" is "$status" 0

# ---- EADDRINUSE on relayed ports ------------------------------------------------------------------
# Another program holds six of ten ports (turnutils_peer takes the next one, too).
for port in 50000 50004 50008; do
	background S "$tmp/other" turnutils_peer -L 10.9.0.1 -p $port
done
natsrvd_start --set server.workers=1 --set relay.ports=50000-50009 --set relay.ipv6=none
hold 10
output="$output
$(state allocations_created) created, $(state responses_508) times 508"
check "relayed ports taken by others: the free ones serve" is "$(state allocations_created)" 4
check "then 508" test "$(state responses_508)" -ge 6
check "Binding is answered" binds
natsrvd_stop
for pid in $children; do
	kill "$pid" 2>/dev/null
done

# ---- calls that fail on demand --------------------------------------------------------------------
if [ ! -f "$shim" ]; then
	skip "failing system calls" "tests/e2e/shim.so is not built"
	done_testing
fi
export NATSRV_FAULT=$tmp/fault
E2E_WRAP="env LD_PRELOAD=$shim" natsrvd_start --set server.workers=1 --set server.stop_timeout=1s

none_lost() {
	matches "$output" '"loss_percent": 0\.000,' && matches "$output" '"achieved": true'
}

# relay BURST: 2 s of packets through 4 allocations, both ways; $output is natload's JSON
relay() {
	output=$(within C timeout 30 "$bin/natload" --i-own-this-server --secret-file "$tmp/secret" --json -n 4 -r 4000 -b "$1" \
		-t 2s --direction both --peer-address 10.9.0.10 relay turn:10.9.0.1 2>&1)
}

failing() { # CALL ERRNO EVERY
	rm -f "$tmp/fault.hits"
	echo "$*" >"$tmp/fault.new"
	mv "$tmp/fault.new" "$tmp/fault"
}

# The end of it. A fault that never struck proves nothing.
healed() { # TEXT
	rm "$tmp/fault"
	check "$1: the fault struck" test -s "$tmp/fault.hits"
}

for error in EMFILE ENFILE ENOMEM EACCES; do
	was=$(state responses_508)
	failing socket $error 1
	hold 20
	healed "socket() says $error"
	check "socket() says $error: 508" test "$(state responses_508)" -ge $((was + 20))
	check "and afterwards allocations work" serves
done
failing bind EADDRINUSE 3
hold 20
healed "bind() says EADDRINUSE"
check "every third bind() says EADDRINUSE: another port is taken" eventually 20 idle

for error in ENOBUFS EPERM ENETUNREACH; do
	dropped=$(state net_send_dropped)
	failing sendmmsg $error 10
	relay 1
	healed "sendmmsg() says $error"
	check "sendmmsg() says $error: counted" test "$(state net_send_dropped)" -gt "$dropped"
	relay 1
	check "and then nothing is lost any more" none_lost
done

dropped=$(state net_send_dropped)
failing short EIO 1
relay 16
healed "sendmmsg() sends one at a time"
check "sendmmsg() sends one at a time: nothing is lost" none_lost
output="$(state net_send_dropped) dropped, $dropped before"
check "nothing is dropped" state_is net_send_dropped "$dropped"

failing recvmmsg EINTR 2
relay 1
healed "recvmmsg() is interrupted"
check "recvmmsg() is interrupted: nothing is lost" none_lost
failing recvmmsg ECONNREFUSED 5
relay 1
healed "recvmmsg() says ECONNREFUSED"
check "recvmmsg() says ECONNREFUSED: nothing is lost" none_lost

for error in EINVAL EMSGSIZE EIO; do
	failing gso $error 1
	relay 16
	healed "segmentation is refused with $error"
	check "segmentation is refused with $error: nothing is lost" none_lost
	check "nothing is dropped" state_is net_send_dropped "$dropped"
done

check "everything is back" eventually 20 idle

# ---- a worker that hangs --------------------------------------------------------------------------
failing hang EIO 1
within C bash -c 'echo wake >/dev/udp/10.9.0.1/3478'
sleep 0.3
began=$(date +%s%N)
natsrvd_stop
took=$((($(date +%s%N) - began) / 1000000))
healed "a worker hangs"
output="status $status after $took ms"
check "a worker hangs: SIGTERM ends natsrvd after stop_timeout" test "$took" -ge 900 -a "$took" -lt 3000
check "with 71, for this was no clean stop" is "$status" 71

E2E_WRAP="env LD_PRELOAD=$shim" natsrvd_start --set server.workers=1 --set server.stop_timeout=20s
failing hang EIO 1
within C bash -c 'echo wake >/dev/udp/10.9.0.1/3478'
sleep 0.3
began=$(date +%s%N)
kill -TERM "$server"
sleep 0.5
kill -TERM "$server"
wait "$server"
status=$?
server=
took=$((($(date +%s%N) - began) / 1000000))
output="status $status after $took ms"
check "a second SIGTERM ends it now" test "$took" -lt 3000
done_testing
