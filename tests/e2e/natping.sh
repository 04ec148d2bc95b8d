#!/bin/bash
# natping: what works is said to work, by natsrvd and by coturn; then one thing is broken at a time, and
# the sentence that names it is required (surface 10.2, 12.4).
. "$(dirname -- "$0")/lib.sh"
enter "$@"
secret=(--secret-file "$tmp/secret")
quick=(--count 2 --interval 20ms --timeout 2s)

# gives CODE arguments...: $output is what natping says
gives() {
	want=$1
	shift
	output=$(within C timeout 60 "$bin/natping" "$@" 2>&1 </dev/null)
	got=$?
	output="exit $got
$output"
	matches "$got" "^$want\$"
}

# The sentence, wherever its lines were folded.
says() {
	matches "$(printf '%s' "$output" | tr -s '\n ' ' ')" "$1"
}

# broken TEXT CODE SENTENCE natping's arguments...
broken() {
	what=$1
	code=$2
	sentence=$3
	shift 3
	check "$what: exit $code" gives "$code" "${quick[@]}" "$@"
	check "$what: '$sentence'" says "$sentence"
}

# with options...: natsrvd anew
with() {
	natsrvd_stop
	natsrvd_start "$@"
}

config "$usual_relay"
natsrvd_start

# ---- it works -------------------------------------------------------------------------------------
check "natsrvd works: exit 0" gives 0 "${quick[@]}" "${secret[@]}" turn:10.9.0.1
check "and natping says so" says 'It works\.'
for step in udp 'no password' allocate permission channel data safety refresh echo; do
	check "the step '$step' is told of" says "$step +ok"
done
check "the same over IPv6" gives 0 "${quick[@]}" "${secret[@]}" 'turn:[fd09::1]'
check "by user and password" gives 0 "${quick[@]}" --user ann --password-file <(echo 'open sesame') turn:10.9.0.1
check "--proof: exit 0" gives 0 --proof "${secret[@]}" turn:10.9.0.1
check "1000 of 1000 datagrams each way" test "$(printf '%s' "$output" | grep -c '1000 of 1000 datagrams')" = 2
check "--nagios: one line" gives 0 "${quick[@]}" --nagios "${secret[@]}" turn:10.9.0.1
check "with performance data" says 'TURN OK - 2 of 2 echoes.* \| loss=0\.0%;;;0;100 rtt_p50='
check "--report: exit 0" gives 0 "${quick[@]}" --report "${secret[@]}" turn:10.9.0.1
check "without addresses" lacks "$output" '10\.9\.0'
check "checks only: exit 0" gives 0 --count 0 "${secret[@]}" turn:10.9.0.1
check "without credentials: what can be tested is" gives 3 "${quick[@]}" turn:10.9.0.1
check "and the rest is said not to be" says 'No credentials were given'
if command -v python3 >/dev/null; then
	check "--json: exit 0" gives 0 "${quick[@]}" --json "${secret[@]}" turn:10.9.0.1
	json=$(printf '%s\n' "$output" | sed 1d)
	output=$(python3 -c 'import json, sys; print(json.loads(sys.argv[1])["result"])' "$json" 2>&1)
	check "--json is JSON, and says that it works" is "$output" works
else
	skip "--json" "no python3"
fi

# credentials to paste: what they say is what the server takes
check "--mint: exit 0" gives 0 --mint "${secret[@]}" turn:10.9.0.1
check "as iceServers" says '"iceServers": ?\[\{"urls": ?"turn:10\.9\.0\.1[^"]*", ?"username": ?"[0-9]+:natping"'
name=$(printf '%s\n' "$output" | sed -n 's/^ *username *//p')
password=$(printf '%s\n' "$output" | sed -n 's/^ *credential *//p')
check "the minted credentials work" gives 0 "${quick[@]}" --user "$name" --password-file <(echo "$password") turn:10.9.0.1

# ---- wrong usage ----------------------------------------------------------------------------------
check "no URL: 64" gives 64
check "an unknown option: 64" gives 64 --nonsense turn:10.9.0.1
check "no URL at all: 64" gives 64 'turn:['
check "no such secret: 3" gives 3 --secret-file "$tmp/none" turn:10.9.0.1

# ---- one thing at a time --------------------------------------------------------------------------
echo "another secret, as long as it has to be" >"$tmp/wrong"
broken "another secret" 2 'does not accept this password\. Most likely the shared secret differs' \
	--secret-file "$tmp/wrong" turn:10.9.0.1
broken "a wrong password" 2 'does not accept this password\. Most likely the user name or the password is wrong' \
	--user ann --password-file <(echo 'open barley') turn:10.9.0.1
within C "$bin/natping" --mint --ttl 1s "${secret[@]}" turn:10.9.0.1 >"$tmp/minted"
sleep 2
broken "an old credential" 2 'the credential was valid until .*: expired' \
	--user "$(sed -n 's/^ *username *//p' "$tmp/minted")" \
	--password-file <(sed -n 's/^ *credential *//p' "$tmp/minted") turn:10.9.0.1
broken "another port" 2 'Nothing listens on UDP 10\.9\.0\.1:3479' "${secret[@]}" turn:10.9.0.1:3479
within C ip neigh add 10.9.0.99 lladdr 02:00:00:00:00:99 dev eth0
broken "a black hole" 2 'No answer from UDP 10\.9\.0\.99:3478\. A firewall drops it' "${secret[@]}" turn:10.9.0.99
within C ip route add prohibit 10.9.9.0/24
broken "a firewall that rejects" 2 'A firewall or router rejects UDP to 10\.9\.9\.1:3478' "${secret[@]}" turn:10.9.9.1
broken "no such name" '[23]' 'natsrv\.invalid' "${secret[@]}" turn:natsrv.invalid

with --set relay.enabled=false
broken "STUN only" 2 'answers STUN, but not TURN' "${secret[@]}" turn:10.9.0.1
with --set auth.anonymous=true --i-know-this-is-an-open-relay
broken "an open relay" 2 'OPEN RELAY: anyone can send traffic' "${secret[@]}" turn:10.9.0.1
check "and --nagios calls it critical" gives 2 "${quick[@]}" --nagios "${secret[@]}" turn:10.9.0.1
check "in one line" says 'TURN CRITICAL - .*OPEN RELAY'
with --set limits.allocations_per_user=1
broken "a quota of one" 2 'quota of this user, or of the server, is used up' "${secret[@]}" turn:10.9.0.1
with --set server.workers=1 --set relay.ports=50000-50000
broken "one relay port" 2 'no relay port or no capacity left' "${secret[@]}" turn:10.9.0.1
with --set 'peers.allow=[]' --set peers.allow_self=false
broken "its own relays forbidden" 2 "Peer rules forbid 10\.9\.0\.1, the relay's own address" "${secret[@]}" turn:10.9.0.1
with --set 'peers.allow=["10.0.0.0/8", "fd09::/64"]'
broken "a way into 10/8" 2 'lets clients reach its own internal network: 10\.0\.0\.1 is allowed' "${secret[@]}" turn:10.9.0.1
with --set 'peers.allow=["127.0.0.0/8", "10.9.0.0/24"]'
broken "a way to loopback" 2 'internal network: 127\.0\.0\.1 is allowed' "${secret[@]}" turn:10.9.0.1
within S ip addr add 198.18.0.1/24 dev eth0
within S ip addr add 198.18.0.2/24 dev eth0
within C ip route add 198.18.0.0/24 via 10.9.0.1
with
broken "a private address offered by a public one" 1 'offers 10\.9\.0\.1, a private address' "${secret[@]}" turn:198.18.0.1
with --set relay.ipv4=198.18.0.2
broken "relays on another address" 1 'offers 198\.18\.0\.2, but it is reached as 198\.18\.0\.1' "${secret[@]}" turn:198.18.0.1
natsrvd_stop

# ---- coturn ---------------------------------------------------------------------------------------
if command -v turnserver >/dev/null; then
	coturn() {
		background S "$tmp/coturn" turnserver -n --use-auth-secret --static-auth-secret="$secret_text" -r turn.test --no-cli \
			--log-file stdout --simple-log --pidfile "$tmp/coturn.pid" --userdb "$tmp/coturn.db" -L 10.9.0.1 -E 10.9.0.1 "$@"
		eventually 10 gives 3 --count 0 turn:10.9.0.1
	}
	coturn --denied-peer-ip=10.0.0.0-10.8.255.255 --denied-peer-ip=169.254.0.0-169.254.255.255 --denied-peer-ip=fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff \
		--denied-peer-ip=fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff
	check "coturn works" gives 0 "${quick[@]}" "${secret[@]}" turn:10.9.0.1
	check "coturn, --proof" gives 0 --proof "${secret[@]}" turn:10.9.0.1
	check "1000 of 1000 datagrams each way" test "$(printf '%s' "$output" | grep -c '1000 of 1000 datagrams')" = 2
	kill "$child"
	wait "$child"
	coturn
	broken "coturn as it comes" 2 'lets clients reach its own internal network: 169\.254\.169\.254 is allowed' "${secret[@]}" turn:10.9.0.1
else
	skip "coturn works" "coturn is not installed"
fi
done_testing
