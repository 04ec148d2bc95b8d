# End-to-end: the daemon and the tools in network namespaces, with clients written by others.
dist_check_SCRIPTS += \
	tests/e2e/uclient.sh \
	tests/e2e/churn.sh \
	tests/e2e/signals.sh \
	tests/e2e/start.sh \
	tests/e2e/faults.sh \
	tests/e2e/source.sh \
	tests/e2e/natping.sh \
	tests/e2e/natprobe.sh
EXTRA_DIST += tests/e2e/lib.sh tests/e2e/shim.c tests/e2e/quickstart.sh

# System calls that fail on demand, preloaded by faults.sh.
check_DATA = tests/e2e/shim.so
CLEANFILES += tests/e2e/shim.so
tests/e2e/shim.so: tests/e2e/shim.c
	@$(MKDIR_P) tests/e2e
	$(AM_V_CC)$(CC) -std=gnu11 -D_GNU_SOURCE -O1 -fPIC -shared -o $@ $(srcdir)/tests/e2e/shim.c -ldl

# Not in `check`: it clones, builds and starts everything anew.
.PHONY: check-quickstart
check-quickstart:
	$(srcdir)/tests/e2e/quickstart.sh
