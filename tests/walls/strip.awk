# Removes comments and the inside of string and character literals from C, keeping the lines.
# Prints "file<TAB>line<TAB>code".
FNR == 1 { comment = 0 }
{
	line = $0
	out = ""
	while (line != "") {
		if (comment) {
			at = index(line, "*/")
			if (at == 0)
				break
			line = substr(line, at + 2)
			comment = 0
			continue
		}
		if (!match(line, /\/\*|\/\/|"|'/)) {
			out = out line
			break
		}
		mark = substr(line, RSTART, RLENGTH)
		out = out substr(line, 1, RSTART - 1)
		line = substr(line, RSTART + RLENGTH)
		if (mark == "//")
			break
		if (mark == "/*") {
			comment = 1
			out = out " "
			continue
		}
		# A literal ends at its quote; a backslash takes the next character with it.
		while (line != "") {
			c = substr(line, 1, 1)
			line = substr(line, 2)
			if (c == "\\")
				line = substr(line, 2)
			else if (c == mark)
				break
		}
		out = out mark mark
	}
	print FILENAME "\t" FNR "\t" out
}
