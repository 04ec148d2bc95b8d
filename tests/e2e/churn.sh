#!/bin/bash
# Two shards, 10,000 allocations, the client is killed: when they have expired, everything is back, that
# is relayed ports, descriptors and memory. Twice, so that what was given back is seen to be used again.
# T-081 (quota), T-104, T-119 (ports), security R8, D2.
. "$(dirname -- "$0")/lib.sh"
enter "$@"

many=10000
rounds=3
ulimit -S -n "$(ulimit -H -n)"
[ "$(ulimit -n)" -ge $((many + 500)) ] || skip_all "a process may have no more than $(ulimit -n) descriptors"

config "$usual_relay" 'server = { name = "turn.test"; realm = "turn.test"; workers = 2; user = ""; group = ""; };' \
	'limits = { allocations_per_user = 0; lifetime_default = "20s"; lifetime_max = "20s"; };'
sed -i 1d "$tmp/natsrv.conf" # the usual server group
natsrvd_start
descriptors_before=$(descriptors)
rss_before=$(rss_kib)

all_there() {
	state_is allocations "$many" || ! kill -0 "$child" 2>/dev/null
}

peaks=
for round in $(seq $rounds); do
	crowd=
	for from in C P; do
		background $from "$tmp/natload$from" "$bin/natload" --i-own-this-server --secret-file "$tmp/secret" \
			-n $((many / 2)) -t 10m --leave hold turn:10.9.0.1
		crowd="$crowd $child"
	done
	eventually 60 all_there
	output=$(cat "$tmp"/natload?)
	check "round $round: $many allocations stand" state_is allocations "$many"
	check "round $round: each has a port" state_is relay_ports_in_use "$many"
	check "round $round: and a descriptor" test "$(descriptors)" -ge $((descriptors_before + many))
	peaks="$peaks $(rss_kib)"
	# shellcheck disable=SC2086 -- a list of process ids
	kill -KILL $crowd
	# shellcheck disable=SC2086
	wait $crowd 2>/dev/null
	children=

	output="$(state allocations) allocations left"
	check "round $round: the client is killed and all of them expire" eventually 60 state_is allocations 0
	check "round $round: no port is in use" state_is relay_ports_in_use 0
	output="$(descriptors) descriptors, $descriptors_before before"
	check "round $round: the descriptors are back" is "$(descriptors)" "$descriptors_before"
done
created=$(state allocations_created)
output="created $created, closed $(state allocations_closed)"
check "as many closed as created" is "$(state allocations_closed)" "$created"

# The allocator keeps freed memory for the next round, so the peaks say whether anything leaks.
read -r first _ last <<<"$peaks"
output="RSS before $rss_before KiB; peaks$peaks KiB; now $(rss_kib) KiB"
check "no round takes a tenth more memory than the first" test "$last" -le $((first + first / 10))
echo "# $output"
output=$(within C "$bin/natping" --secret-file "$tmp/secret" turn:10.9.0.1 2>&1)
check "and the server serves" test $? -le 1
natsrvd_stop
output="status $status"
check "natsrvd stops cleanly" is "$status" 0
done_testing
