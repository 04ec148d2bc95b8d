# Input: strip.awk's output, fields separated by tabs. For each function, defined in our style (name at
# column 0, braces alone at column 0), prints "file:line name lines parameters nesting".

function parameters(head,    depth, n, i, c) {
	head = substr(head, index(head, "("))
	if (head ~ /^\([ \t]*(void)?[ \t]*\)/)
		return 0
	n = 1
	for (i = 1; i <= length(head); i++) {
		c = substr(head, i, 1)
		if (c == "(")
			depth++
		else if (c == ")" && --depth == 0)
			return n
		else if (c == "," && depth == 1)
			n++
	}
	return n
}

# A statement has ended: all controls that waited for it are done, or, when `else` follows, those inside
# the `if` that it belongs to and that `if` itself.
function unwind(until_if,    kind) {
	while (top > 0 && stack[top] != "brace") {
		kind = stack[top--]
		depth--
		if (until_if && kind == "if")
			break
	}
	ended = 0
}

function open_(kind) {
	stack[++top] = kind
	if (kind != "brace" && ++depth > most)
		most = depth
}

# Counts open controls, braced or not.
function nest(text,    token) {
	while (match(text, /[A-Za-z_0-9]+|[(){};]/)) {
		token = substr(text, RSTART, RLENGTH)
		text = substr(text, RSTART + RLENGTH)
		if (ended)
			unwind(token == "else")
		if (token == "(")
			paren++
		else if (token == ")")
			paren--
		else if (paren > 0)
			continue
		else if (token == "{")
			open_("brace")
		else if (token == "}") {
			if (top > 0 && stack[top] == "brace")
				top--
			ended = 1
		} else if (token == ";")
			ended = 1
		else if (token == "if" && before == "else")
			stack[top] = "if" # one step of a chain
		else if (token ~ /^(if|for|while|switch|do|else)$/)
			open_(token)
		before = token
	}
}

{
	code = $3
	for (i = 4; i <= NF; i++) # the code's own tabs
		code = code "\t" $i
}
!inside && match(code, /^[a-z_A-Z0-9]+\(/) {
	name = substr(code, 1, RLENGTH - 1)
	start = $2
	head = ""
}
!inside { head = head code }
!inside && code == "{" && name != "" {
	inside = 1
	top = depth = most = paren = ended = 0
	before = ""
	next
}
!inside && (code ~ /;[ \t]*$/ || code ~ /^#/) { name = "" }
inside && code == "}" {
	print $1 ":" start, name, $2 - start + 1, parameters(head), most
	inside = 0
	name = ""
	next
}
inside && code !~ /^[ \t]*#/ { nest(code) }
