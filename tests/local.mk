# All tests speak TAP; automake's driver counts each of their lines.
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	CC='$(CC)'; export CC; CPPFLAGS='$(CPPFLAGS)'; export CPPFLAGS; CLANG='$(CLANG)'; export CLANG; MANDOC='$(MANDOC)'; export MANDOC; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir;
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
TEST_EXTENSIONS = .sh
TESTS = $(check_PROGRAMS) $(dist_check_SCRIPTS)

if HAVE_CMOCKA
include $(top_srcdir)/tests/unit/common/local.mk
include $(top_srcdir)/tests/unit/stun/local.mk
include $(top_srcdir)/tests/unit/turn/local.mk
include $(top_srcdir)/tests/unit/client/local.mk
include $(top_srcdir)/tests/unit/conf/local.mk
include $(top_srcdir)/tests/unit/stats/local.mk
include $(top_srcdir)/tests/unit/net/local.mk
include $(top_srcdir)/tests/unit/server/local.mk
include $(top_srcdir)/tests/unit/tools/local.mk
include $(top_srcdir)/tests/vectors/local.mk
include $(top_srcdir)/tests/scn/local.mk
else
check-local:
	@echo 'the tests need cmocka; on Debian: apt-get install libcmocka-dev, then configure again'
	@exit 1
endif

include $(top_srcdir)/tests/fuzz/local.mk
include $(top_srcdir)/tests/walls/local.mk
include $(top_srcdir)/tests/e2e/local.mk
include $(top_srcdir)/tests/bench/local.mk
