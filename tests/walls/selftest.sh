#!/bin/bash
# Wall of the walls: each rule is broken once, on purpose, in a small house made for it; it must say
# "not ok", and it must say "ok" while that house is whole.
# Needs a compiler and binutils.
set -u
walls=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cc=${CC:-cc}
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
tests=0

# A whole house: two rooms, a test each, one fragment.
build_house() {
	rm -rf "$tmp/house"
	mkdir -p "$tmp/house/src/common" "$tmp/house/src/stun" "$tmp/house/src/turn" "$tmp/house/tests/unit/common" \
		"$tmp/house/tests/unit/stun" "$tmp/house/tests/walls"
	cd "$tmp/house" || exit 99
	cat >src/common/brick.h <<'C'
/*
 * common/brick.h -- pure, any thread: a brick.
 */
#ifndef NATSRV_COMMON_BRICK_H
#define NATSRV_COMMON_BRICK_H

int brick_weight(int n);

#endif
C
	cat >src/common/brick.c <<'C'
#include "common/brick.h"

#include <stdlib.h>

static const char *const names[] = {"red", "grey"};

int
brick_weight(int n)
{
	void *p = malloc(8);

	free(p);
	return names[n & 1][0];
}
C
	cat >src/stun/arch.c <<'C'
#include "stun/arch.h"

#include "common/brick.h"

int
arch_weight(int n)
{
	return 2 * brick_weight(n);
}
C
	cat >src/stun/arch.h <<'C'
/*
 * stun/arch.h -- pure, any thread: an arch.
 */
#ifndef NATSRV_STUN_ARCH_H
#define NATSRV_STUN_ARCH_H

int arch_weight(int n);

#endif
C
	echo 'int main(void) { return 0; }' | tee tests/unit/common/test_brick.c >tests/unit/stun/test_arch.c
	echo '# of src and tests
src/common/brick.c src/common/brick.h src/stun/arch.c src/stun/arch.h
tests/unit/common/test_brick.c tests/unit/stun/test_arch.c' >src/common/local.mk
	: >tests/walls/untested
	# programs and what is written about them
	mkdir -p etc man src/server tests/fuzz
	cat >natsrvd <<'SH'
#!/bin/sh
case $1 in
--help) echo "--strict  --set" ;;
--print=sample) echo "#workers = 0;" ;;
--print=man) echo ".Va workers" ;;
esac
SH
	printf '#!/bin/sh\necho cookie\n' >tests/fuzz/dict
	chmod +x natsrvd tests/fuzz/dict
	echo 'sbin_PROGRAMS += natsrvd' >src/server/local.mk
	./natsrvd --print=sample >etc/natsrv.conf.sample
	echo cookie >tests/fuzz/stun.dict
	printf '.Dd January 1, 2026\n.Dt NATSRV.CONF 5\n.Os\n.Sh NAME\n.Nm natsrv.conf\n.Nd settings\n.Sh SETTINGS\n.\\" generated: begin\n.Va workers\n.\\" generated: end\n' \
		>man/natsrv.conf.5
	printf '.Dd January 1, 2026\n.Dt NATSRVD 8\n.Os\n.Sh NAME\n.Nm natsrvd\n.Nd server\n.Sh OPTIONS\n.Bl -tag -width Ds\n.It Fl -strict\nMore.\n.It Fl -set Ar x\nSet.\n.El\n' \
		>man/natsrvd.8
}

compile() {
	for c in src/*/*.c; do
		# shellcheck disable=SC2086 -- CC is a list of words
		$cc -std=gnu11 -O1 -fno-builtin -Isrc -c "$c" -o "${c%.c}.o" || exit 99
	done
}

# expect ok|"not ok" WALL "rule as it is called"
expect() {
	tests=$((tests + 1))
	if WALL_SRC=$PWD WALL_BUILD=$PWD CC=$cc sh "$walls/$2.sh" >"$tmp/out" 2>&1 &&
		grep -qE "^$1 [0-9]+ - .*$3" "$tmp/out"; then
		echo "ok $tests - $2: '$3' says $1${4:+ when $4}"
	else
		echo "not ok $tests - $2: '$3' says $1${4:+ when $4}"
		sed 's/^/#   /' "$tmp/out"
	fi
}

# broken WALL RULE "what was done": the house has just been changed; then it is built anew.
broken() {
	case $1 in
	purity | globals | prefixes) compile ;;
	esac
	expect "not ok" "$1" "$2" "$3"
	build_house
}

in_function() { # code for the body of a function of its own, at the end of brick.c
	printf '\nint brick_more(int n);\n\nint\nbrick_more(int n)\n{\n%s\n\treturn n;\n}\n' "$1" >>src/common/brick.c
}

repeat() { # N text
	for ((i = 0; i < $1; i++)); do printf '%b' "$2"; done
}

build_house
compile
for wall in layers purity globals prefixes headers budgets forbidden tested generated manuals; do
	[ $wall != manuals ] || command -v mandoc >/dev/null || continue
	WALL_SRC=$PWD WALL_BUILD=$PWD CC=$cc sh "$walls/$wall.sh" >"$tmp/out" 2>&1
	tests=$((tests + 1))
	if grep -q '^1\.\.[1-9]' "$tmp/out" && ! grep -q '^not ok' "$tmp/out"; then
		echo "ok $tests - $wall stands in a house that is whole"
	else
		echo "not ok $tests - $wall stands in a house that is whole"
		sed 's/^/#   /' "$tmp/out"
	fi
done
build_house

# layers
mkdir src/attic
broken layers "every folder of src" "a folder is no room"
echo '#include "brick.h"' >>src/common/brick.c
broken layers "includes are written" "an include names no room"
echo '#include "common/mortar.h"' >>src/common/brick.c
broken layers "includes are written" "an included file is missing"
echo '#include "stun/arch.h"' >>src/common/brick.c
broken layers "only rooms below" "a room looks up"
echo '#include <event2/event.h>' >>src/common/brick.c
broken layers "known to its own files" "libevent is included in common/"
echo '#include <openssl/evp.h>' >>src/stun/arch.c
broken layers "known to its own files" "OpenSSL is included in stun/arch.c"
echo '#include <libconfig.h>' >>src/stun/arch.c
broken layers "known to its own files" "libconfig is included in stun/"
cp src/common/brick.h src/common/stone.h
echo '#include "common/stone.h"' >>src/common/brick.h
echo '#include "common/brick.h"' >>src/common/stone.h
broken layers "no circles" "two headers include each other"
sed -i '1i #include "common/brick.h"' src/stun/arch.c
broken layers "in order" "the own header is not the first"

# purity
in_function '	extern long time(long *); n = (int)time(0);'
broken purity "pure rooms ask" "common/brick.c asks for time()"
in_function '	extern long time(long *); n = (int)time(0);'
broken purity "clock is read" "common/brick.c asks for time()"
in_function '	extern long random(void); n = (int)random();'
broken purity "randomness" "common/brick.c asks for random()"
in_function '	extern int socket(int, int, int); n = socket(0, 0, 0);'
broken purity "sockets" "common/brick.c opens a socket"
in_function '	extern int arch_weight(int); n = arch_weight(0);'
broken purity "pure rooms ask" "common/ calls up into stun/"
printf 'int stone_weight(void);\nextern int brick_weight(int);\nint stone_weight(void) { return brick_weight(1); }\n' >src/common/stone.c
in_function '	extern int stone_weight(void); n = stone_weight();'
broken purity "no circles of calls" "two files call each other"
in_function '	extern int printf(const char *, ...); printf("");'
broken purity "pure rooms ask" "common/brick.c prints"
in_function '	extern void *EVP_MD_CTX_new(void); n = EVP_MD_CTX_new() != 0;'
broken purity "OpenSSL" "common/brick.c calls OpenSSL"
in_function '	extern int getaddrinfo(void); n = getaddrinfo();'
broken purity "names are resolved" "common/brick.c resolves a name"
for library in libevent:event_new evhttp:evhttp_new libconfig:config_read hiredis:redisConnect libunistring:u8_check; do
	f=${library#*:}
	in_function "	extern int $f(void); n = $f();"
	broken purity "${library%:*} is known" "common/brick.c calls $f()"
done

# globals
in_function '	static int calls; n = ++calls;'
broken globals "no mutable" "a function keeps a static counter"
echo 'static const char *last = "x"; const char *brick_last(void) { return last = *last ? "" : "y"; }' >>src/common/brick.c
broken globals "no mutable" "a pointer at file scope can change"
echo '__thread int brick_depth;' >>src/common/brick.c
broken globals "no mutable" "there is a thread-local variable"

# prefixes
echo 'int weigh(void) { return 1; }' >>src/common/brick.c
broken prefixes "exported symbols" "brick.c exports weigh()"
sed -i '/^int brick/i static inline int\nweigh(void)\n{\n\treturn 1;\n}\n' src/common/brick.h
broken prefixes "inline functions" "brick.h defines weigh()"

# headers
sed -i 's/int n/size_t n/' src/common/brick.h
broken headers "compiles alone" "a header uses a type it does not include"
sed -i 's/NATSRV_COMMON_BRICK_H/BRICK_H/' src/common/brick.h
broken headers "guarded" "a guard has another name"
sed -i '2s/.*/ * Bricks./' src/common/brick.h
broken headers "says first" "a header does not introduce itself"

# budgets
repeat 500 '/* . */\n' >>src/common/brick.c
broken budgets "500 lines" "a file is too long"
printf '/* %0100d */\n' 1 >>src/common/brick.c
broken budgets "100 columns" "a line is too wide"
echo 'static int brick_one(void) {' >>src/common/brick.c
echo '}' >>src/common/brick.c
broken budgets "our style" "a brace stands behind the name"
printf 'int brick_two(void)\n{\n}\n' >>src/common/brick.c
broken budgets "our style" "the return type stands beside the name"
in_function "$(repeat 80 '\tn++;\n')"
broken budgets "80 lines" "a function is too long"
printf '\nvoid\nbrick_build(int a, int b, int c, int d,\n            int e, int f, int g)\n{\n}\n' >>src/common/brick.c
broken budgets "6 parameters" "a function takes seven"
in_function '	if (n)
		for (;;)
			while (n)
				if (n > 1) {
					n--;
				} else if (n) {
					switch (n) {
					}
				}'
broken budgets "nest at most 4" "a function nests five deep"

# forbidden
for f in strcpy sprintf rand localtime strtok; do
	in_function "	extern int $f(); n = $f(0);"
	broken forbidden "forbidden functions" "$f() is called"
done
in_function '#ifdef __linux__
	n++;
#endif'
broken forbidden "inside functions" "there is an #ifdef in a body"
in_function 'again:
	if (n++ < 3)
		goto again;'
broken forbidden "goto leads forward" "a goto goes back"
printf '/* %s: mortar */\n' TO''DO >>src/common/brick.c
broken forbidden "unfinished" "there is a mark"
printf '/* see /%s/someone/natsrv */\n' home >>src/common/brick.c
broken forbidden "machine" "a comment names a home directory"
printf 'int brick_x; \n' >>src/common/brick.c
broken forbidden "blanks" "a line ends with a blank"

# tested
echo >src/common/stone.c
broken tested "unit test or says why" "a file has no test and no reason"
echo 'src/common/stone.c nothing' >tests/walls/untested
broken tested "list of reasons" "a reason is given for a file that is gone"
echo >src/common/stone.h
broken tested "make fragment" "a header is in no fragment"

# generated
echo '#workers = 2;' >etc/natsrv.conf.sample
broken generated "natsrv.conf.sample" "the sample is older than the table"
sed -i 's/^\.Va workers/.Va shards/' man/natsrv.conf.5
broken generated "natsrv.conf.5" "the manual is older than the table"
echo biscuit >tests/fuzz/stun.dict
broken generated "dictionary" "the dictionary is older than the table"
printf '#!/bin/sh\n' >natsrvd
broken generated "natsrv.conf.sample" "natsrvd prints nothing"

# manuals
if command -v mandoc >/dev/null; then
	echo '.Xx' >>man/natsrvd.8
	broken manuals "lint is silent" "a page has an unknown macro"
	rm man/natsrvd.8
	broken manuals "has a page" "a program has no page"
	sed -i 's/--set/--set --quiet/' natsrvd
	broken manuals "name the same options" "--help knows an option more"
	printf '.Bl -tag -width Ds\n.It Fl v , Fl -verbose\nx.\n.El\n' >>man/natsrvd.8
	broken manuals "name the same options" "the page knows an option more"
fi

echo "1..$tests"
