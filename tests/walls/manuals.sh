#!/bin/sh
# Wall: the manual. mandoc finds nothing to say, every program has a page, and a page names exactly the
# options that --help names.
. "$(dirname -- "$0")/wall.sh"
command -v mandoc >/dev/null || skip_all "mandoc is not installed"

pages() {
	(cd "$src" && find man -name '*.[1-8]' -type f | sort)
}

lint() {
	# "referenced manual not found" depends on what is installed
	(cd "$src" && pages | xargs mandoc -T lint -W style 2>&1) | grep -v 'referenced manual not found' || :
}

programs() {
	find "$src/src" -name '*.mk' -exec sed -nE 's/^s?bin_PROGRAMS \+= //p' {} + | tr ' ' '\n' | sort -u
}

missing() {
	programs | while read -r p; do
		[ -n "$(find "$src/man" -name "$p.[18]")" ] || echo "$p has no page in man/"
	done
}

# Long options in a text, one a line; a word that ends in a dash or an ellipsis is none.
options() {
	grep -oE -- '(^|[^a-z-])--[a-z][a-z0-9-]+' | sed 's/^.*--/--/' | sort -u
}

differ() {
	programs | while read -r p; do
		page=$(find "$src/man" -name "$p.[18]")
		[ -x "$build/$p" ] && [ -n "$page" ] || continue
		"$build/$p" --help | options >"$tmp/help"
		mandoc -T ascii "$page" | sed 's/.\x08//g' | options >"$tmp/page"
		# every page may say --help without a row of its own, and may tell of other programs
		comm -23 "$tmp/help" "$tmp/page" | grep -v '^--help$' | sed "s,.*,$p --help tells of & and its page does not,"
		grep '^\.It' "$page" | grep -oE 'Fl -[a-z0-9][a-z0-9-]*' | sed 's/^Fl -/--/' | sort -u |
			comm -13 "$tmp/help" - | sed "s,.*,the page of $p lists & and --help does not,"
	done
}

tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
rule "mandoc -T lint is silent" lint
rule "every program has a page" missing
if [ -x "$build/natsrvd" ]; then
	rule "pages and --help name the same options" differ
fi
done_rules
