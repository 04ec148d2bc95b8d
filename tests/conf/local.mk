check_PROGRAMS += tests/conf/run_broken
tests_conf_run_broken_SOURCES = tests/conf/run_broken.c
tests_conf_run_broken_LDADD = $(SERVER_LIBS)

check_PROGRAMS += tests/conf/run_generated
tests_conf_run_generated_SOURCES = tests/conf/run_generated.c
tests_conf_run_generated_LDADD = $(SERVER_LIBS)

EXTRA_DIST += tests/conf/broken
