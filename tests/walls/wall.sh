# tests/walls/wall.sh -- sourced by every wall: where the trees are, and TAP with findings.
#
# A wall is a list of `rule "what holds" command...`: the command prints one line per offence.
# No output and exit 0 is "ok"; a command that itself fails is "not ok" too, so a broken wall is
# never taken for a standing one. The exit status is 0 either way, as the TAP driver wants it.

walls=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
src=${WALL_SRC:-$(CDPATH='' cd -- "$walls/../.." && pwd)} # top of the source tree
build=$(CDPATH='' cd -- "${WALL_BUILD:-${builddir:-.}}" && pwd) # top of the build tree
cc=${CC:-cc}
rules=0
LC_ALL=C
export LC_ALL

rule() {
	rules=$((rules + 1))
	what=$1
	shift
	if ! found=$("$@" 2>&1); then
		found="$found
the check itself failed: $*"
	fi
	if [ -z "$found" ]; then
		echo "ok $rules - $what"
	else
		echo "not ok $rules - $what"
		printf '%s\n' "$found" | sed '/^$/d; s/^/#   /'
	fi
}

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

done_rules() {
	echo "1..$rules"
	exit 0
}

# Source files below src/, by the endings given, one a line, relative to the top: sources c h def
sources() {
	for ending in "$@"; do
		(cd "$src" && find src -name "*.$ending" -type f)
	done | sort
}

# The same, without comments and the inside of strings: "file<TAB>line<TAB>code" for each line.
code() {
	(cd "$src" && sources "$@" | xargs awk -f "$walls/strip.awk" /dev/null)
}

# Object files of the house whose source is there: "room file path", e.g. "common addr /b/src/common/addr.o".
# Automake writes addr.o, or libcommon_a-addr.o where the target has flags of its own.
objects() {
	(cd "$build" && find src -name '*.o' -type f 2>/dev/null) | sort | while read -r o; do
		room=${o#src/}
		room=${room%%/*}
		file=${o##*/}
		file=${file%.o}
		[ -f "$src/src/$room/$file.c" ] || file=${file#*-}
		[ -f "$src/src/$room/$file.c" ] || continue
		echo "$room $file $build/$o"
	done
}

# Walls that read objects have nothing to say about instrumented code.
need_plain_objects() {
	[ -n "$(objects)" ] || skip_all "nothing is built in $build"
	if objects | while read -r _ _ o; do nm "$o"; done | grep -qE '__(asan|ubsan|tsan|msan|gcov|sanitizer|llvm_profile)_'; then
		skip_all "instrumented build"
	fi
}
