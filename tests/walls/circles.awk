# Input: "from to where", one arrow a line. Peels off whatever leads to nothing that is left, then whatever
# nothing left leads to; what remains goes round and is printed.
$1 != $2 && !(($1, $2) in seen) {
	seen[$1, $2] = 1
	from[++n] = $1
	to[n] = $2
	where[n] = $3
}
END {
	do {
		gone = 0
		split("", leads)
		split("", led)
		for (i = 1; i <= n; i++)
			if (!dead[i]) {
				leads[from[i]] = 1
				led[to[i]] = 1
			}
		for (i = 1; i <= n; i++)
			if (!dead[i] && (!(to[i] in leads) || !(from[i] in led)))
				dead[i] = gone = 1
	} while (gone)
	for (i = 1; i <= n; i++)
		if (!dead[i])
			print where[i] ": " from[i] " -> " to[i] " is part of a circle"
}
