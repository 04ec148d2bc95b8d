#!/bin/sh
# Wall: what may not be written at all.
. "$(dirname -- "$0")/wall.sh"

names='strcpy stpcpy strcat strncpy strncat sprintf vsprintf gets strtok rand srand random srandom
localtime gmtime ctime asctime atoi atol atoll atof alloca setjmp longjmp system popen tmpnam tempnam mktemp
inet_ntoa inet_addr inet_aton gethostbyname'

calls() {
	code c h | NAMES=$names awk -F '\t' '
		BEGIN {
			n = split(ENVIRON["NAMES"], name, /[ \n]+/)
			for (i = 1; i <= n; i++)
				bad[name[i]] = 1
		}
		{
			for (i = 3; i <= NF; i++) {
				text = $i
				while (match(text, /[A-Za-z_0-9]+ *\(/)) {
					what = substr(text, RSTART, RLENGTH - 1)
					sub(/ +$/, "", what)
					# a member of that name, p->random(...), is somebody else
					if ((what in bad) && substr(text, RSTART - 1, 1) !~ /[.>]/)
						print $1 ":" $2 ": " what "()"
					text = substr(text, RSTART + RLENGTH)
				}
			}
		}'
}

# Conditional compilation in the middle of a function: a whole file or a whole function is chosen instead.
conditional() {
	code c h | awk -F '\t' '
		$3 == "{" { inside = 1 }
		$3 == "}" || $3 ~ /^};?/ { inside = 0 }
		inside && $3 ~ /^[ ]*#[ ]*(if|ifdef|ifndef|else|elif|endif)/ { print $1 ":" $2 ": #if inside a function" }'
}

# goto leads forward: a label stands after everything that goes to it.
backward() {
	code c | awk -F '\t' '
		{ text = $3; for (i = 4; i <= NF; i++) text = text " " $i }
		text == "{" || text == "}" { split("", label) }
		match(text, /^[ ]*[a-z_][a-z_0-9]*:[ ]*$/) && text !~ /default:/ {
			name = text
			gsub(/[ :]/, "", name)
			label[name] = $2
		}
		match(text, /goto [a-z_0-9]+/) {
			name = substr(text, RSTART + 5, RLENGTH - 5)
			if (name in label)
				print $1 ":" $2 ": goto " name " leads backwards to line " label[name]
		}'
}

# Everything that is shipped, but for corpora, what a build leaves beside the sources, and these walls,
# which must spell out what they seek.
shipped() {
	(cd "$src" && for top in src etc tests man .ci configure.ac Makefile.am bootstrap quickstart README.md DESIGN.md \
		CONTRIBUTING.md SECURITY.md; do
		[ ! -e "$top" ] || find "$top" \( -name walls -o -name corpus -o -name .deps \) -prune -o -type f \
			! -name '*.o' ! -name '*.a' ! -name '*.log' ! -name '*.trs' ! -name .dirstamp -print
	done)
}

unfinished() {
	shipped | (cd "$src" && xargs grep -nIE '\b(TODO|FIXME|XXX|HACK)\b|not implemented|for now\b' /dev/null) | cut -c 1-120 || :
}

machine() {
	shipped | (cd "$src" && xargs grep -nIE '(^|[^A-Za-z0-9._$})-])/(work|root|home)/' /dev/null) | cut -c 1-120 || :
	shipped | (cd "$src" && xargs grep -nIE '(^|[^A-Za-z0-9._$})-])/tmp/' /dev/null) | grep -vE 'mktemp|XXXXXX' | cut -c 1-120 || :
}

blanks() {
	(cd "$src" && sources c h def | xargs awk '/[ \t]$/ { print FILENAME ":" FNR ": blanks at the end of the line" }' /dev/null)
}

rule "no forbidden functions" calls
rule "no #if inside functions" conditional
rule "goto leads forward" backward
rule "no marks of unfinished work" unfinished
rule "no paths of somebody's machine" machine
rule "no blanks at line ends" blanks
done_rules
