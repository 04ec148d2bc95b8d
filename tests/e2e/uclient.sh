#!/bin/bash
# natsrvd and the clients of Debian's coturn: turnutils_uclient relays through it by channels and by
# Send indications, over IPv4 and IPv6, to a peer and to itself, and nothing is lost.
# T-018, T-043, T-203: what a foreign client demands of answers, channels and addresses.
. "$(dirname -- "$0")/lib.sh"
command -v turnutils_uclient >/dev/null && command -v turnutils_peer >/dev/null || skip_all "coturn's programs are not installed"
enter "$@"

config "$usual_relay" 'limits = { allocations_per_user = 0; };'
natsrvd_start
background P "$tmp/peer4" turnutils_peer -L 10.9.0.20
background P "$tmp/peer6" turnutils_peer -L fd09::20

messages=100
user=(-u ann -w 'open sesame')
rest=(-u ann -W "$secret_text")

# Runs one client in the background; the runs overlap, as clients do.
names=()
run() { # NAME arguments...
	name=$1
	shift
	names+=("$name")
	within C timeout 60 turnutils_uclient -c -n "$messages" -z 10 "$@" >"$tmp/run.$name" 2>&1 </dev/null &
	runs="${runs-} $!"
}

run "channels" -e 10.9.0.20 "${user[@]}" 10.9.0.1
run "Send indications" -s -e 10.9.0.20 "${user[@]}" 10.9.0.1
run "channels, 4 clients" -m 4 -e 10.9.0.20 "${user[@]}" 10.9.0.1
run "Send indications, 4 clients" -s -m 4 -e 10.9.0.20 "${user[@]}" 10.9.0.1
run "client to client, channels" -y -m 2 "${user[@]}" 10.9.0.1
run "client to client, Send indications" -s -y -m 2 "${user[@]}" 10.9.0.1
run "IPv4 asked for" -X -e 10.9.0.20 "${user[@]}" 10.9.0.1
run "IPv6 server and relay" -x -e fd09::20 "${user[@]}" fd09::1
run "IPv6 server and relay, Send indications" -s -x -e fd09::20 "${user[@]}" fd09::1
run "IPv6 relay by an IPv4 server address" -x -e fd09::20 "${user[@]}" 10.9.0.1
run "IPv4 relay by an IPv6 server address" -X -e 10.9.0.20 "${user[@]}" fd09::1
run "IPv6, client to client" -x -y -m 2 "${user[@]}" fd09::1
run "REST secret" -e 10.9.0.20 "${rest[@]}" 10.9.0.1
run "REST secret, Send indications, client to client" -s -y -m 2 "${rest[@]}" 10.9.0.1
run "1200 bytes" -l 1200 -e 10.9.0.20 "${user[@]}" 10.9.0.1
run "5 bytes short of a multiple of four" -l 107 -D -e 10.9.0.20 "${user[@]}" 10.9.0.1
# shellcheck disable=SC2086 -- a list of process ids
wait $runs

nothing_lost() {
	matches "$output" 'Total lost packets 0 \(0\.0+%\), total send dropped 0 ' &&
		matches "$output" "tot_send_msgs=$1, tot_recv_msgs=$1\$"
}

for name in "${names[@]}"; do
	output=$(cat "$tmp/run.$name")
	case $name in
	*'4 clients'*) sent=$((4 * messages)) ;;
	*'client to client'*) sent=$((2 * messages)) ;;
	*) sent=$messages ;;
	esac
	check "$name: $sent messages there and back" nothing_lost "$sent"
done

output=$(within C timeout 30 turnutils_uclient -c -n 5 -e 10.9.0.20 -u ann -w 'open barley' 10.9.0.1 2>&1)
check "a wrong password gets no allocation" matches "$output" 'Cannot complete Allocation'
output=$(grep 'event=auth.failed' "$tmp/natsrvd.log")
check "and it is in the log" matches "$output" 'reason=bad_integrity'
check "without the password" lacks "$(cat "$tmp/natsrvd.log")" 'sesame|barley'

output=$(within C timeout 10 turnutils_stunclient 10.9.0.1 2>&1)
check "turnutils_stunclient sees its address" matches "$output" 'UDP reflexive addr: 10\.9\.0\.10:[0-9]+'
output=$(within C timeout 10 turnutils_stunclient fd09::1 2>&1)
check "and over IPv6" matches "$output" 'UDP reflexive addr: \[?fd09::10\]?:[0-9]+'

# Debian's stun-client speaks RFC 3489 (no magic cookie): silence, by default.
if command -v stun >/dev/null; then
	output=$(within C timeout 20 stun 10.9.0.1 2>&1)
	check "a client of RFC 3489 gets no answer" matches "$output" 'Blocked or could not reach STUN server'
else
	skip "a client of RFC 3489 gets no answer" "stun-client is not installed"
fi

# uclient leaves some of its allocations to expire; each of them has its port, and nobody else has one.
check "as many relayed ports as allocations" state_is relay_ports_in_use "$(state allocations)"
check "created, less closed, are alive" state_is allocations $(($(state allocations_created) - $(state allocations_closed)))
for counter in dropped_no_allocation dropped_no_permission dropped_no_channel dropped_peer_denied net_send_dropped net_receive_dropped \
	net_letter_dropped; do
	check "nothing is counted as $counter" state_is $counter 0
done
natsrvd_stop
output="status $status"
check "natsrvd stops cleanly" is $status 0
done_testing
