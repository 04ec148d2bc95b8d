#!/bin/sh
# Wall: sizes (design.md, 2). A file has at most 500 lines of at most 100 columns; a function at most
# 80 lines, 6 parameters and 4 levels of nesting.
. "$(dirname -- "$0")/wall.sh"

lines() {
	sources c h def | while read -r f; do
		n=$(wc -l <"$src/$f")
		[ "$n" -le 500 ] || echo "$f: $n lines (500 at most)"
	done
}

columns() {
	(cd "$src" && sources c h | xargs awk '
		{
			col = 0
			n = length($0)
			for (i = 1; i <= n; i++) {
				c = substr($0, i, 1)
				if (c == "\t")
					col += 8 - col % 8
				else if (c < "\200" || c >= "\300") # continuation bytes of UTF-8 take no column
					col++
			}
			if (col > 100)
				print FILENAME ":" FNR ": " col " columns (100 at most)"
		}' /dev/null)
}

functions() {
	code c h | awk -F '\t' -f "$walls/functions.awk"
}

longest() {
	functions | awk '$3 > 80 { print $1 ": " $2 "() has " $3 " lines (80 at most)" }'
}

widest() {
	functions | awk '$4 > 6 { print $1 ": " $2 "() has " $4 " parameters (6 at most)" }'
}

deepest() {
	functions | awk '$5 > 4 { print $1 ": " $2 "() nests " $5 " deep (4 at most)" }'
}

# The parser goes by our style, so a definition in another style must not slip by it.
style() {
	code c h | awk -F '\t' '
		$3 ~ /^[a-z].*\)[ \t]*\{[ \t]*$/ && $3 !~ /=/ {
			print $1 ":" $2 ": the brace of a function stands on its own line"
		}
		$3 !~ /__attribute__/ && $3 ~ /^(static |extern |const |struct |unsigned |inline )*[a-z_0-9]+[ *]+[a-z_0-9]+\([^;]*$/ { # int foo(...
			open_[$1] = $2
			next
		}
		$3 == "{" && open_[$1] { print $1 ":" open_[$1] ": the return type stands on a line of its own" }
		$3 ~ /;|\}/ || $3 == "{" { open_[$1] = 0 }'
}

rule "files have at most 500 lines" lines
rule "lines have at most 100 columns" columns
rule "definitions are written in our style" style
rule "functions have at most 80 lines" longest
rule "functions take at most 6 parameters" widest
rule "functions nest at most 4 deep" deepest
done_rules
