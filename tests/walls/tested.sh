#!/bin/sh
# Wall: every source file has a unit test of its own, or a line in tests/walls/untested that says what
# proves it instead. Scripts and units that exist are in a make fragment, so that they run.
. "$(dirname -- "$0")/wall.sh"

reasons() {
	[ ! -f "$src/tests/walls/untested" ] || sed '/^#/d; /^[[:space:]]*$/d' "$src/tests/walls/untested"
}

untested() {
	sources c | while read -r c; do
		file=${c##*/}
		room=${c#src/}
		room=${room%%/*}
		[ ! -f "$src/tests/unit/$room/test_$file" ] || continue
		reasons | grep -qE "^$c[[:space:]]+[^[:space:]]" ||
			echo "$c: no tests/unit/$room/test_$file, and no reason in tests/walls/untested"
	done
}

stale() {
	reasons | while read -r c why; do
		room=${c#src/}
		room=${room%%/*}
		if [ ! -f "$src/$c" ]; then
			echo "tests/walls/untested: $c does not exist"
		elif [ -f "$src/tests/unit/$room/test_${c##*/}" ]; then
			echo "tests/walls/untested: $c has a unit test; the line is not needed"
		elif [ -z "$why" ]; then
			echo "tests/walls/untested: $c without a reason"
		fi
	done
}

# By its own name, or by that of a folder it is in.
unlisted() {
	fragments=" $(cd "$src" && find src tests -name '*.mk' -exec cat {} + | tr -s ' \t\n' '   ') "
	(cd "$src" && find src tests \( -name '*.c' -o -name '*.sh' -o -name '*.scn' -o -name '*.h' -o -name '*.def' \) -type f) |
		sort | while read -r f; do
		part=$f
		while [ "${part%/*}" != "$part" ]; do # not src or tests itself
			case $fragments in
			*" $part "*) break ;;
			esac
			part=${part%/*}
		done
		[ "${part%/*}" != "$part" ] || echo "$f: in no make fragment"
	done
}

rule "every source file has a unit test or says why not" untested
rule "the list of reasons is up to date" stale
rule "every source, test and header is in a make fragment" unlisted
done_rules
