check_PROGRAMS += tests/unit/conf/test_cli
tests_unit_conf_test_cli_SOURCES = tests/unit/conf/test_cli.c
tests_unit_conf_test_cli_LDADD = $(CONF_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/conf/test_complaints
tests_unit_conf_test_complaints_SOURCES = tests/unit/conf/test_complaints.c
tests_unit_conf_test_complaints_LDADD = $(CONF_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/conf/test_grammar
tests_unit_conf_test_grammar_SOURCES = tests/unit/conf/test_grammar.c
tests_unit_conf_test_grammar_LDADD = $(CONF_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/conf/test_listing
tests_unit_conf_test_listing_SOURCES = tests/unit/conf/test_listing.c
tests_unit_conf_test_listing_LDADD = $(CONF_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/conf/test_names
tests_unit_conf_test_names_SOURCES = tests/unit/conf/test_names.c
tests_unit_conf_test_names_LDADD = $(CONF_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/conf/test_print
tests_unit_conf_test_print_SOURCES = tests/unit/conf/test_print.c tests/unit/conf/table.h
tests_unit_conf_test_print_LDADD = $(CONF_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/conf/test_read
tests_unit_conf_test_read_SOURCES = tests/unit/conf/test_read.c
tests_unit_conf_test_read_LDADD = $(CONF_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/conf/test_scan
tests_unit_conf_test_scan_SOURCES = tests/unit/conf/test_scan.c
tests_unit_conf_test_scan_LDADD = $(CONF_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/conf/test_source
tests_unit_conf_test_source_SOURCES = tests/unit/conf/test_source.c
tests_unit_conf_test_source_LDADD = $(CONF_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/conf/test_table
tests_unit_conf_test_table_SOURCES = tests/unit/conf/test_table.c tests/unit/conf/table.h
tests_unit_conf_test_table_LDADD = $(CONF_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/conf/test_tree
tests_unit_conf_test_tree_SOURCES = tests/unit/conf/test_tree.c
tests_unit_conf_test_tree_LDADD = $(CONF_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/conf/test_value
tests_unit_conf_test_value_SOURCES = tests/unit/conf/test_value.c
tests_unit_conf_test_value_LDADD = $(CONF_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/conf/test_veil
tests_unit_conf_test_veil_SOURCES = tests/unit/conf/test_veil.c
tests_unit_conf_test_veil_LDADD = $(CONF_LIBS) $(TEST_LIBS)
