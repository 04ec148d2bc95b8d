#!/bin/sh
# Wall: what the object files ask of the world (design.md, 1.3). The pure rooms may ask for memory
# and for rooms below them, nothing else; clock, randomness, sockets and libraries have each one place.
. "$(dirname -- "$0")/wall.sh"
need_plain_objects

# "room file symbol type"
symbols() {
	objects | while read -r room file o; do
		nm -P "$o" | awk -v at="$room $file" '{ print at, $1, $2 }'
	done
}
table=$(symbols)

# Symbols that a file of a pure room asks for and that no pure room at or below its own defines.
pure() {
	printf '%s\n' "$table" | awk '
		BEGIN {
			below["common"] = " common "
			below["stun"] = " common stun "
			below["turn"] = " common stun turn "
			below["client"] = " common stun client "
			memory = "^(mem(cpy|move|set|cmp|chr|rchr|pcpy|mem)|bcmp|str(len|nlen|cmp|ncmp|chr|rchr|spn|cspn|dup|ndup)" \
				"|calloc|malloc|realloc|reallocarray|free|qsort|bsearch|abort|__assert_fail|__stack_chk_fail" \
				"|__mem[a-z]*_chk|_GLOBAL_OFFSET_TABLE_)$"
			print_ = "^(snprintf|vsnprintf|__v?snprintf_chk)$"
			crypto = "^(EVP_|OSSL_|OPENSSL_|OpenSSL_|CRYPTO_|ERR_)"
			# What single files may ask for besides memory.
			may["common/addr"] = print_ "|^inet_(ntop|pton)$|^if_(nametoindex|indextoname)$"
			may["common/text"] = print_ "|^strto(u?ll?|[iu]max)$|^__isoc23_strto|^__errno_location$"
			may["common/prefix"] = print_
			may["common/digest"] = crypto
			may["common/entropy"] = crypto "|^getrandom$|^__errno_location$"
			may["common/clock"] = "^clock_gettime$"
			# A thread and a descriptor; the rules that follow hold for them, too.
			may["common/log"] = may["common/logsink"] = "."
			may["common/logform"] = print_ "|^(gmtime_r|strftime)$"
			may["stun/prep"] = "^u(8|16|32)_|^uc_|^uninorm_"
		}
		$4 != "U" && $4 != "w" && $4 ~ /[A-Z]/ { defined[$3] = $1 }
		$4 == "U" { asks[++n] = $0 }
		END {
			for (i = 1; i <= n; i++) {
				split(asks[i], a, " ")
				if (!(a[1] in below) || a[3] ~ memory)
					continue
				if ((a[3] in defined) && index(below[a[1]], " " defined[a[3]] " "))
					continue
				key = a[1] "/" a[2]
				if ((key in may) && a[3] ~ may[key])
					continue
				print "src/" key ".c asks for " a[3]
			}
		}'
}

# confined REGEX PLACE...: symbols that only these files or rooms may ask for
confined() {
	printf '%s\n' "$table" | WHAT=$1 PLACES=$2 awk '
		BEGIN { n = split(ENVIRON["PLACES"], place, " ") }
		$4 != "U" && $4 ~ /[A-Z]/ { defined[$3] = 1 }
		$4 == "U" && $3 ~ ENVIRON["WHAT"] { asks[++m] = $0 }
		END {
			for (i = 1; i <= m; i++) {
				split(asks[i], a, " ")
				ok = a[3] in defined # our own function of that name
				for (j = 1; j <= n; j++)
					ok = ok || index(a[1] "/" a[2] "/", place[j]) == 1
				if (!ok)
					print "src/" a[1] "/" a[2] ".c asks for " a[3] "; only " ENVIRON["PLACES"] " may"
			}
		}'
}

# foo.c calls bar.c calls foo.c. The symbol says where.
circles() {
	printf '%s\n' "$table" | awk '
		$4 != "U" && $4 ~ /[A-Z]/ && $3 != "main" { home[$3] = $1 "/" $2 }
		$4 == "U" { asks[++n] = $1 "/" $2 " " $3 }
		END {
			for (i = 1; i <= n; i++) {
				split(asks[i], a, " ")
				if (a[2] in home)
					print a[1], home[a[2]], "src/" a[1] ".c:" a[2] "()"
			}
		}' | awk -f "$walls/circles.awk"
}

rule "pure rooms ask for memory and lower rooms only" pure
rule "no circles of calls between files" circles
rule "the clock is read in one file" \
	confined '^(clock_gettime|clock_getres|time|gettimeofday|timespec_get|ftime|clock|times)$' common/clock/
rule "randomness comes from one file" \
	confined '^(getrandom|getentropy|s?rand|s?random|[dl]rand48|arc4random.*|RAND_.*|__rand.*)$' common/entropy/
rule "sockets live in net/ (and in the tools, which are a socket, a machine and a clock)" \
	confined '^(socket|socketpair|bind|listen|accept4?|connect|send(to|msg|mmsg)?|recv(from|msg|mmsg)?|__recv(from)?_chk|[gs]etsockopt|getsockname)$' 'net/ tools/'
rule "names are resolved in net/ and the tools only" confined '^(getaddrinfo|gethostby.*|res_.*|getnameinfo)$' 'net/ tools/'
rule "OpenSSL is known to its own files only" \
	confined '^(EVP_|OSSL_|OPENSSL_|OpenSSL_|CRYPTO_|ERR_|SSL_|BIO_|X509_|PEM_|HMAC|MD5|SHA[0-9])' \
	'common/digest/ common/entropy/ net/tls/ net/dtls/ net/stream/ stun/token/'
rule "libevent is known to net/, store/redis.c and admin/ only" \
	confined '^(event_|evutil_|evbuffer_|bufferevent_|evconnlistener_|evthread_|evtimer_|evsignal_)' 'net/ store/redis/ admin/'
rule "evhttp is known to admin/ only" confined '^evhttp_' admin/
rule "libconfig is known to conf/ only" confined '^config_' conf/
rule "hiredis is known to store/redis.c only" confined '^redis' store/redis/
rule "libunistring is known to stun/prep.c only" confined '^(u(8|16|32)_|uc_|uninorm_)' stun/prep/
done_rules
