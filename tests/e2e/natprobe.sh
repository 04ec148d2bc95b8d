#!/bin/bash
# natprobe: does UDP work, and is there a NAT? By natsrvd and by coturn, over IPv4 and IPv6, through a NAT.
. "$(dirname -- "$0")/lib.sh"
enter "$@"
config "$usual_relay"
natsrvd_start

# gives CODE HOST arguments...: $output is what natprobe says on that host
gives() {
	want=$1
	from=$2
	shift 2
	output=$(within "$from" timeout 60 "$bin/natprobe" --interval 100ms --timeout 1s --count 3 "$@" 2>&1 </dev/null)
	got=$?
	output="exit $got
$output"
	[ "$got" = "$want" ]
}

says() {
	matches "$output" "$1"
}

check "IPv4: exit 0" gives 0 C 10.9.0.1
check "UDP works" says 'UDP +works'
check "3 of 3 answered" says '3 of 3 answered'
check "its own address is seen" says 'Address +10\.9\.0\.10:'
check "and no NAT" says 'NAT +no'
check "IPv6: exit 0" gives 0 C '[fd09::1]'
check "its own address is seen" says 'fd09::10'
check "a stun URI and a port: exit 0" gives 0 C stun:10.9.0.2:3478
check "two servers: exit 0" gives 0 C 10.9.0.1 '[fd09::2]'
check "nobody listens: exit 2" gives 2 C 10.9.0.1:3479
check "and that is said" says 'nothing listens'
within C ip neigh add 10.9.0.99 lladdr 02:00:00:00:00:99 dev eth0
check "a black hole: exit 2" gives 2 C 10.9.0.99
check "and that is said" says 'no answer: a firewall drops UDP'
check "no server: 64" gives 64 C
check "an unknown option: 64" gives 64 C --nonsense 10.9.0.1

json() { # expression over the parsed output, as `j`
	printf '%s\n' "$output" | sed 1d | python3 -c "import json, sys; j = json.load(sys.stdin); print($1)" 2>&1
}
if command -v python3 >/dev/null; then
	check "--json: exit 0" gives 0 C --json 10.9.0.1
	check "schema" is "$(json 'j["schema"]')" natprobe/1
	check "3 received" is "$(json 'j["probes"][0]["received"]')" 3
else
	skip "--json" "no python3"
fi

# A host H behind N, which translates.
if command -v nft >/dev/null && host N 30 && ip netns add H && ip link add inside netns N type veth peer name eth0 netns H &&
	within N sysctl -qw net.ipv4.ip_forward=1 && within N nft -f - <<'NFT'
table ip nat {
	chain post {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "eth0" masquerade
	}
}
NFT
then
	within N ip addr add 10.77.0.1/24 dev inside && within N ip link set inside up
	within H ip addr add 10.77.0.2/24 dev eth0 && within H ip link set eth0 up && within H ip route add default via 10.77.0.1
	check "behind a NAT: exit 0" gives 0 H 10.9.0.1
	check "the NAT's address is seen" says 'Public +10\.9\.0\.30:'
	check "and the NAT is told of" says 'NAT +yes \(local 10\.77\.0\.2'
	output=$(within H timeout 60 "$bin/natping" --count 2 --secret-file "$tmp/secret" turn:10.9.0.1 2>&1)
	check "natping works from there" test $? = 0
else
	skip "behind a NAT" "nft is not installed or does not work here"
fi
natsrvd_stop

if command -v turnserver >/dev/null; then
	background S "$tmp/coturn" turnserver -n --no-auth --no-cli --log-file stdout --simple-log --pidfile "$tmp/coturn.pid" \
		--userdb "$tmp/coturn.db" -L 10.9.0.1 -E 10.9.0.1
	check "coturn answers, too: exit 0" eventually 10 gives 0 C 10.9.0.1
else
	skip "coturn answers, too" "coturn is not installed"
fi
done_testing
