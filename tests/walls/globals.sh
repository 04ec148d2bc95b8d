#!/bin/sh
# Wall: no mutable data at file scope. Two statics exist on purpose: the writer's state of common/log.c,
# and one rate limiter per log call (`log_site_`, common/log.h).
. "$(dirname -- "$0")/wall.sh"
need_plain_objects

# .data.rel.ro holds constant tables of pointers: read-only once the loader has been there.
mutable() {
	objects | while read -r room file o; do
		[ "$room/$file" = common/log ] && continue
		# "value flags section<TAB>size name"
		objdump -t "$o" | awk -F '\t' -v at="src/$room/$file.c" '
			NF == 2 {
				n = split($1, left, " ")
				split($2, right, " ")
				section = left[n]
				name = right[2]
				if (name ~ /^log_site_(\.[0-9]+)?$/ || name == section || section ~ /^\.data\.rel\.ro/)
					next
				if (section == "*COM*" || section ~ /^\.t?(data|bss)/)
					print at ": " name " is mutable data at file scope"
			}'
	done
}

rule "no mutable globals" mutable
done_rules
