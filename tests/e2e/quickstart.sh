#!/bin/bash
# ./quickstart --once from a fresh clone, and a second time. `make check-quickstart` runs it.
set -u
top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
tests=0
failed=0

check() { # TEXT command...
	tests=$((tests + 1))
	text=$1
	shift
	if "$@"; then
		echo "ok $tests - $text"
	else
		echo "not ok $tests - $text"
		printf '%s\n' "$output" | tail -n 30 | sed 's/^/#   /'
		failed=1
	fi
}

matches() {
	printf '%s\n' "$output" | grep -qE -- "$1"
}

output=$(git clone -q "$top" "$tmp/natsrv" 2>&1)
check "it can be cloned" test -x "$tmp/natsrv/quickstart"
secret=$tmp/natsrv/build/quickstart/secret
for time in first second; do
	began=$SECONDS
	output=$(cd / && "$tmp/natsrv/quickstart" --once 2>&1)
	status=$?
	took=$((SECONDS - began))
	check "the $time time, from another folder: exit 0" test $status = 0
	check "1,000 datagrams came through" matches '1,?000'
	check "the URI is printed" matches 'turn:[0-9a-f.:[]+.*\]?:[0-9]+'
	check "credentials are printed as iceServers" matches '"?iceServers"?'
	check "the secret is not" test -z "$(printf '%s\n' "$output" | grep -F "$(cat "$secret")")"
done
output="$output
took $took s"
check "the second time takes seconds" test "$took" -le 30
output=$(stat -c %a "$secret")
check "the secret is its owner's" test "$output" = 600
output=$(cd "$tmp/natsrv" && git status --porcelain)
check "the source tree is clean" test -z "$output"
output=$("$tmp/natsrv/quickstart" --nonsense 2>&1)
check "an unknown option: 64" test $? = 64
echo "1..$tests"
exit $failed
