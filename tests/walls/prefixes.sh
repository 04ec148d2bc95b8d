#!/bin/sh
# Wall: every symbol that foo.c exports, and every inline function of foo.h, is foo or foo_...
. "$(dirname -- "$0")/wall.sh"
need_plain_objects

# file: further prefixes, each with its reason
allow='
src/common/bytes cursor_ the reading side of a view
src/common/bytes pen_ the writing side
src/common/wheel timer_ what the wheel turns
'

strange() {
	ALLOW=$allow awk '
		BEGIN {
			n = split(ENVIRON["ALLOW"], row, "\n")
			for (i = 1; i <= n; i++)
				if (split(row[i], w, " ") >= 2)
					also[w[1], ++count[w[1]]] = w[2]
		}
		{
			base = $1
			sub(/.*\//, "", base)
			if ($2 == base || index($2, base "_") == 1 || $2 == "main")
				next
			for (i = 1; i <= count[$1]; i++)
				if (index($2, also[$1, i]) == 1)
					next
			print $1 ": " $2 " does not begin with " base "_"
		}'
}

exported() {
	objects | while read -r room file o; do
		nm -P --defined-only --extern-only "$o" | awk -v at="src/$room/$file" '{ print at, $1 }'
	done | strange
}

inlined() {
	code h | awk -F '\t' '
		$3 ~ /^static inline/ { inline_ = 1; next }
		inline_ && match($3, /^[a-z_0-9]+\(/) {
			file = $1
			sub(/\.h$/, "", file)
			print file, substr($3, 1, RLENGTH - 1)
		}
		{ inline_ = 0 }' | strange
}

rule "exported symbols carry the prefix of their file" exported
rule "inline functions carry the prefix of their header" inlined
done_rules
