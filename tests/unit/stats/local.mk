check_PROGRAMS += tests/unit/stats/test_line
tests_unit_stats_test_line_SOURCES = tests/unit/stats/test_line.c
tests_unit_stats_test_line_LDADD = $(STATS_LIBS) $(TEST_LIBS)
