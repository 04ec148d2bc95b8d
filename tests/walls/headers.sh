#!/bin/sh
# Wall: headers. Each compiles alone, is guarded by its own name, and introduces itself.
. "$(dirname -- "$0")/wall.sh"

alone() {
	sources h | while read -r h; do
		# shellcheck disable=SC2086 -- CC and CPPFLAGS are lists of words
		(cd "$src" && $cc -std=gnu11 -D_GNU_SOURCE -Isrc -I"$build" ${CPPFLAGS-} -Wall -Wextra \
			-Wno-unused-function -Wno-pragma-once-outside-header -fsyntax-only -x c "$h" 2>&1) | head -n 5
	done
}

guarded() {
	sources h | while read -r h; do
		want=NATSRV_$(echo "${h#src/}" | tr 'a-z/.' 'A-Z__')
		[ "$(grep -cE "^#(ifndef|define) $want\$" "$src/$h")" = 2 ] || echo "$h: the guard is not $want"
	done
}

introduced() {
	sources h | while read -r h; do
		head -n 2 "$src/$h" | tr '\n' ' ' | grep -qF "/*  * ${h#src/} -- " ||
			echo "$h: does not begin with a comment \"${h#src/} -- purity, thread: purpose\""
	done
}

rule "each header compiles alone" alone
rule "each header is guarded by its own name" guarded
rule "each header says first what it is" introduced
done_rules
