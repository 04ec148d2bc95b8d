#!/bin/sh
# tests/walls/run.sh WALL...: runs them, prints what is broken and one line of summary.
ok=0
broken=0
skipped=0
for wall; do
	out=$("$wall" 2>&1)
	n=$(printf '%s\n' "$out" | grep -c '^ok ')
	ok=$((ok + n))
	n=$(printf '%s\n' "$out" | grep -c '^not ok ')
	broken=$((broken + n))
	case $out in
	*'1..0 # SKIP'*) skipped=$((skipped + 1)) ;;
	*1..[1-9]*) ;;
	*)
		broken=$((broken + 1))
		printf '%s\n' "$wall did not finish:" "$out"
		;;
	esac
	[ "$n" = 0 ] || printf '%s\n' "$out" | awk -v wall="${wall##*/}" '
		/^not ok / { sub(/^not ok [0-9]+/, ""); print wall $0 }
		/^#   / { sub(/^# /, ""); print }'
done
echo "walls: $ok rules stand, $broken broken, $skipped walls skipped"
[ "$broken" = 0 ]
