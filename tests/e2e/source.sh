#!/bin/bash
# A wildcard listener on a host with two addresses: answers and relayed data leave from the address that
# the client spoke to (S-002, T-018). The clients' sockets are connected, so an answer from the other
# address would never arrive.
. "$(dirname -- "$0")/lib.sh"
enter "$@"

config "$usual_relay"
natsrvd_start

for address in 10.9.0.1 10.9.0.2 '[fd09::1]' '[fd09::2]'; do
	output=$(within C timeout 20 "$bin/natprobe" "$address" 2>&1)
	check "Binding at $address is answered from there" test $? -le 1
	output=$(within C timeout 60 "$bin/natping" --proof --secret-file "$tmp/secret" "turn:$address" 2>&1)
	check "relayed data by $address comes back from there" test $? -le 1
done

# The same, seen on the wire: one socket that takes everything, both addresses asked in turn.
if command -v python3 >/dev/null; then
	output=$(within C timeout 20 python3 - <<'PY' 2>&1
import os, socket
for family, servers in ((socket.AF_INET, ("10.9.0.1", "10.9.0.2")), (socket.AF_INET6, ("fd09::1", "fd09::2"))):
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.settimeout(3)
    for server in servers * 20:
        tid = os.urandom(12)
        s.sendto(bytes.fromhex("000100002112a442") + tid, (server, 3478))
        answer, source = s.recvfrom(2000)
        assert answer[:2] == b"\x01\x01" and answer[8:20] == tid, answer
        assert source[:2] == (server, 3478), "asked %s, answered by %s" % (server, source)
print("all answered from where they were asked")
PY
	)
	check "80 answers on open sockets, each from the address that was asked" matches "$output" '^all answered'
else
	skip "80 answers on open sockets, each from the address that was asked" "no python3"
fi
done_testing
