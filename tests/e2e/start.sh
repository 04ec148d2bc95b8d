#!/bin/bash
# Starting: two at once, giving up root, nothing to listen on.
. "$(dirname -- "$0")/lib.sh"
enter "$@"
d=$bin/natsrvd
config "$usual_relay"

# wait_for FILE REGEX: at most five seconds
wait_for() {
	for _ in $(seq 50); do
		grep -qE -- "$2" "$1" 2>/dev/null && return 0
		sleep 0.1
	done
	return 1
}

# Of two servers that start at the same moment one gets the port, the other says that it is taken.
race() {
	for i in 1 2 3 4 5 6 7 8 9 10; do
		background S "$tmp/one" "$d" -f "$tmp/natsrv.conf" && one=$child
		background S "$tmp/two" "$d" -f "$tmp/natsrv.conf" && two=$child
		wait_for "$tmp/one" 'server\.ready|listener\.failed' && wait_for "$tmp/two" 'server\.ready|listener\.failed' || return 1
		ready=$(cat "$tmp/one" "$tmp/two" | grep -c 'event=server\.ready')
		taken=$(cat "$tmp/one" "$tmp/two" | grep -c 'event=listener\.failed .*in use')
		kill "$one" "$two" 2>/dev/null
		wait "$one" "$two"
		[ "$ready $taken" = "1 1" ] || { output="round $i: ready $ready, taken $taken"; return 1; }
	done
}
check "two servers at once: one serves, the other says why not" race

# Root opens the ports and the log file, then is no longer root; the file can still be opened anew.
drop_and_reopen() {
	mkdir -p "$tmp/log" && chmod 755 "$tmp" && chown nobody "$tmp/log" || return 1
	background S "$tmp/out" "$d" -f "$tmp/natsrv.conf" --set server.user=nobody --set log.target=file --set "log.file=$tmp/log/n"
	pid=$child
	wait_for "$tmp/log/n" 'server\.ready' || { output=$(cat "$tmp/out"); return 1; }
	uid=$(awk '/^Uid:/ { print $2 }' "/proc/$pid/status")
	[ "$uid" = "$(id -u nobody)" ] || { output="uid $uid"; return 1; }
	kill -HUP "$pid"
	wait_for "$tmp/log/n" 'log\.reopen result=ok' || { output=$(cat "$tmp/log/n"); return 1; }
	mv "$tmp/log/n" "$tmp/log/old" && kill -HUP "$pid"
	wait_for "$tmp/log/n" 'log\.reopen result=ok' || { output=$(cat "$tmp/log/old"); return 1; }
	kill "$pid" && wait "$pid"
}
if [ "$(cat /proc/self/uid_map | awk '{ print $3 }' | head -n 1)" -gt 1 ]; then
	check "root is given up, and the log file can be opened anew" drop_and_reopen
else
	skip "root is given up, and the log file can be opened anew" "only one user in this namespace"
fi

nothing_to_listen_on() {
	output=$(within S timeout 20 "$d" -f "$tmp/natsrv.conf" --set 'listeners=({name="x";address="198.51.100.1";})' 2>&1)
	[ $? = 69 ] && matches "$output" 'listener\.failed .*198\.51\.100\.1'
}
check "an address of another host: 69" nothing_to_listen_on

done_testing
