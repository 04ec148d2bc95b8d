check_PROGRAMS += \
	tests/unit/tools/test_toolfile \
	tests/unit/tools/test_tooljson \
	tests/unit/tools/test_toolsock
tests_unit_tools_test_toolfile_SOURCES = tests/unit/tools/test_toolfile.c src/tools/toolfile.c
tests_unit_tools_test_toolfile_LDADD = $(COMMON_LIBS) $(TEST_LIBS)
tests_unit_tools_test_tooljson_SOURCES = tests/unit/tools/test_tooljson.c src/tools/tooljson.c
tests_unit_tools_test_tooljson_LDADD = $(COMMON_LIBS) $(TEST_LIBS)
tests_unit_tools_test_toolsock_SOURCES = tests/unit/tools/test_toolsock.c src/tools/toolsock.c
tests_unit_tools_test_toolsock_LDADD = $(COMMON_LIBS) $(TEST_LIBS)
