check_PROGRAMS += tests/unit/common/test_addr
tests_unit_common_test_addr_SOURCES = tests/unit/common/test_addr.c
tests_unit_common_test_addr_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/common/test_bytes
tests_unit_common_test_bytes_SOURCES = tests/unit/common/test_bytes.c
tests_unit_common_test_bytes_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/common/test_clock
tests_unit_common_test_clock_SOURCES = tests/unit/common/test_clock.c
tests_unit_common_test_clock_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/common/test_digest
tests_unit_common_test_digest_SOURCES = tests/unit/common/test_digest.c
tests_unit_common_test_digest_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/common/test_entropy
tests_unit_common_test_entropy_SOURCES = tests/unit/common/test_entropy.c
tests_unit_common_test_entropy_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/common/test_flow
tests_unit_common_test_flow_SOURCES = tests/unit/common/test_flow.c
tests_unit_common_test_flow_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/common/test_htab
tests_unit_common_test_htab_SOURCES = tests/unit/common/test_htab.c
tests_unit_common_test_htab_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/common/test_list
tests_unit_common_test_list_SOURCES = tests/unit/common/test_list.c
tests_unit_common_test_list_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/common/test_log
tests_unit_common_test_log_SOURCES = tests/unit/common/test_log.c
tests_unit_common_test_log_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/common/test_logform
tests_unit_common_test_logform_SOURCES = tests/unit/common/test_logform.c
tests_unit_common_test_logform_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/common/test_logsink
tests_unit_common_test_logsink_SOURCES = tests/unit/common/test_logsink.c
tests_unit_common_test_logsink_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/common/test_prefix
tests_unit_common_test_prefix_SOURCES = tests/unit/common/test_prefix.c
tests_unit_common_test_prefix_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/common/test_siphash
tests_unit_common_test_siphash_SOURCES = tests/unit/common/test_siphash.c
tests_unit_common_test_siphash_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/common/test_text
tests_unit_common_test_text_SOURCES = tests/unit/common/test_text.c
tests_unit_common_test_text_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/common/test_wheel
tests_unit_common_test_wheel_SOURCES = tests/unit/common/test_wheel.c
tests_unit_common_test_wheel_LDADD = $(COMMON_LIBS) $(TEST_LIBS)
