#!/bin/sh
# Wall: text that comes from tables is what the tables say now.
# New: NATSRV_ACCEPT=1 tests/conf/run_generated (sample and manual), make dict (dictionary).
. "$(dirname -- "$0")/wall.sh"
[ -x "$build/natsrvd" ] || skip_all "natsrvd is not built"

tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

differs() { # file that must be what standard input is
	cat >"$tmp/now" && [ -s "$tmp/now" ] || echo "nothing is generated"
	diff -u "$1" "$tmp/now" | head -n 20
}

sample() {
	"$build/natsrvd" --print=sample | differs "$src/etc/natsrv.conf.sample"
}

# The page's own words stand around the generated part.
manual() {
	sed -n '/^\.\\" generated: begin/,/^\.\\" generated: end/p' "$src/man/natsrv.conf.5" | sed '1d;$d' >"$tmp/page"
	"$build/natsrvd" --print=man | differs "$tmp/page"
}

dictionary() {
	"$build/tests/fuzz/dict" --print | differs "$src/tests/fuzz/stun.dict"
}

rule "etc/natsrv.conf.sample is natsrvd --print=sample" sample
rule "the settings of natsrv.conf(5) are natsrvd --print=man" manual
if [ -x "$build/tests/fuzz/dict" ]; then
	rule "the fuzzers' dictionary is what the tables of stun/ give" dictionary
fi
done_rules
