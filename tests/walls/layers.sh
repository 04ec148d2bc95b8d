#!/bin/sh
# Wall: which room may include which, which file may know which library (design.md, 2).
. "$(dirname -- "$0")/wall.sh"

# room: what it may include besides itself
rooms='
common:
stun: common
turn: common stun
client: common stun
conf: common
stats: common
fast: common
net: common stats
store: common stun net
admin: common conf stats net
server: common stun turn fast conf stats net store admin
tools: common conf stats net client
'

# header prefix: folders and files that may include it; everything else may not
libraries='
event2/http: src/admin/
event2/: src/net/ src/store/redis.c src/admin/
event.h: src/net/
openssl/: src/common/digest.c src/common/entropy.c src/net/tls.c src/net/dtls.c src/net/stream.c src/stun/token.c
libconfig: src/conf/
hiredis/: src/store/redis.c
systemd/: src/server/systemd.c
bpf/: src/fast/
linux/bpf: src/fast/
unistr: src/stun/prep.c
uninorm: src/stun/prep.c
unictype: src/stun/prep.c
uniwidth: -
cmocka: -
pthread.h: src/common/log.c src/net/ src/store/ src/admin/ src/server/ src/tools/
sys/random: src/common/entropy.c
sys/time: -
'

# "file line include", the include with its quotes or brackets; both kinds of source
includes() {
	(cd "$src" && sources c h | xargs awk '
		match($0, /^[ \t]*#[ \t]*include[ \t]*/) {
			what = substr($0, RLENGTH + 1)
			sub(/[ \t]*(\/\*.*)?$/, "", what)
			print FILENAME, FNR, what
		}' /dev/null)
}

known_rooms() {
	(cd "$src/src" && for room in */; do
		echo "$rooms" | grep -q "^${room%/}:" || echo "src/$room is no room of the house"
	done)
}

spelling() {
	includes | while read -r file line what; do
		case $what in
		'<'*'>' | '"config.h"') ;;
		'"'*/*'"')
			path=${what#?}
			[ -f "$src/src/${path%?}" ] || echo "$file:$line: $what does not exist"
			;;
		*) echo "$file:$line: write $what as \"room/file.h\"" ;;
		esac
	done
}

allowed_rooms() {
	includes | ROOMS=$rooms awk '
		BEGIN {
			n = split(ENVIRON["ROOMS"], row, "\n")
			for (i = 1; i <= n; i++) {
				m = split(row[i], word, /[: ]+/)
				may[word[1], word[1]] = 1
				for (j = 2; j <= m; j++)
					may[word[1], word[j]] = 1
			}
		}
		$3 ~ /^"[a-z]+\// {
			split($1, from, "/")
			split(substr($3, 2), to, "/")
			if (!((from[2], to[1]) in may))
				print $1 ":" $2 ": room " from[2] " may not include " $3
		}'
}

allowed_libraries() {
	includes | LIBRARIES=$libraries awk '
		BEGIN { n = split(ENVIRON["LIBRARIES"], row, "\n") }
		$3 ~ /^</ {
			name = substr($3, 2)
			for (i = 1; i <= n; i++) {
				m = split(row[i], word, /: | /)
				if (m < 2 || index(name, word[1]) != 1)
					continue
				ok = 0
				for (j = 2; j <= m; j++)
					ok = ok || index($1, word[j]) == 1
				if (!ok)
					print $1 ":" $2 ": " $3 " belongs to " substr(row[i], index(row[i], ": ") + 2)
				next # the first row that fits decides
			}
		}'
}

# Headers that lead back to themselves. (Circles of calls between object files: purity.sh.)
circles() {
	includes | awk '
		$1 ~ /\.h$/ && $3 ~ /^"[a-z]+\/[a-z0-9_]+\.h"/ {
			print substr($1, 5), substr($3, 2, length($3) - 2), $1 ":" $2
		}' | awk -f "$walls/circles.awk"
}

# Own header, system, lower rooms in floor order, own room.
order() {
	includes | grep -v '\.def"' | awk '
		BEGIN {
			n = split("common:1 stun:2 fast:2 conf:2 stats:2 turn:3 client:3 net:3 store:4 admin:4 tools:4 server:5", f, " ")
			for (i = 1; i <= n; i++) {
				split(f[i], w, ":")
				floor[w[1]] = w[2]
			}
		}
		$1 != file { file = $1; last = 0 }
		{
			own = $1
			sub(/^src\//, "", own)
			sub(/\.c$/, ".h", own)
			split(own, room, "/")
			split(substr($3, 2), to, "/")
			if ($3 == "\"config.h\"" || $3 == "\"" own "\"")
				rank = 0
			else if ($3 ~ /^</)
				rank = 10
			else if (to[1] == room[2] || to[1] == room[1])
				rank = 99
			else
				rank = 10 + floor[to[1]]
			if (rank < last)
				print $1 ":" $2 ": " $3 " comes too late (own header, system, lower rooms by floor, own room)"
			last = rank
		}'
}

rule "every folder of src/ is a room" known_rooms
rule "includes are written \"room/file.h\" and exist" spelling
rule "a room includes only rooms below it" allowed_rooms
rule "each library is known to its own files only" allowed_libraries
rule "no circles between headers" circles
rule "includes stand in order" order
done_rules
