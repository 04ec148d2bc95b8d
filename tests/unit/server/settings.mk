# The configuration of natsrvd: units of src/server, broken files, generated text.
check_PROGRAMS += tests/unit/server/test_bind
tests_unit_server_test_bind_SOURCES = tests/unit/server/test_bind.c tests/unit/server/lab.h
tests_unit_server_test_bind_LDADD = $(SERVER_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/server/test_build
tests_unit_server_test_build_SOURCES = tests/unit/server/test_build.c tests/unit/server/lab.h
tests_unit_server_test_build_LDADD = $(SERVER_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/server/test_checks
tests_unit_server_test_checks_SOURCES = tests/unit/server/test_checks.c tests/unit/server/lab.h
tests_unit_server_test_checks_LDADD = $(SERVER_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/server/test_credentials
tests_unit_server_test_credentials_SOURCES = tests/unit/server/test_credentials.c tests/unit/server/lab.h
tests_unit_server_test_credentials_LDADD = $(SERVER_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/server/test_foreign
tests_unit_server_test_foreign_SOURCES = tests/unit/server/test_foreign.c
tests_unit_server_test_foreign_LDADD = $(SERVER_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/server/test_lines
tests_unit_server_test_lines_SOURCES = tests/unit/server/test_lines.c tests/unit/server/lab.h
tests_unit_server_test_lines_LDADD = $(SERVER_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/server/test_options
tests_unit_server_test_options_SOURCES = tests/unit/server/test_options.c
tests_unit_server_test_options_LDADD = $(SERVER_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/server/test_settings
tests_unit_server_test_settings_SOURCES = tests/unit/server/test_settings.c tests/unit/server/lab.h
tests_unit_server_test_settings_LDADD = $(SERVER_LIBS) $(TEST_LIBS)
include $(top_srcdir)/tests/conf/local.mk
