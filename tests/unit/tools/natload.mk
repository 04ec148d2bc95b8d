# The engines, against a small server in a child process.
natload_engine = \
	tests/unit/tools/fake_turn.h tests/unit/tools/load_fixture.h \
	src/tools/natload_allocate.c src/tools/natload_binding.c src/tools/natload_crowd.c \
	src/tools/natload_hist.c src/tools/natload_hold.c src/tools/natload_job.c \
	src/tools/natload_lane.c src/tools/natload_meter.c src/tools/natload_proc.c \
	src/tools/natload_relay.c src/tools/natload_report.c src/tools/natload_wire.c \
	src/tools/toolfile.c src/tools/toolsock.c

check_PROGRAMS += \
	tests/unit/tools/test_natload_allocate \
	tests/unit/tools/test_natload_binding \
	tests/unit/tools/test_natload_crowd \
	tests/unit/tools/test_natload_hist \
	tests/unit/tools/test_natload_hold \
	tests/unit/tools/test_natload_job \
	tests/unit/tools/test_natload_lane \
	tests/unit/tools/test_natload_meter \
	tests/unit/tools/test_natload_options \
	tests/unit/tools/test_natload_proc \
	tests/unit/tools/test_natload_relay \
	tests/unit/tools/test_natload_report \
	tests/unit/tools/test_natload_wire

tests_unit_tools_test_natload_hist_SOURCES = tests/unit/tools/test_natload_hist.c \
	src/tools/natload_hist.c
tests_unit_tools_test_natload_hist_LDADD = $(TEST_LIBS)

tests_unit_tools_test_natload_lane_SOURCES = tests/unit/tools/test_natload_lane.c \
	src/tools/natload_lane.c src/tools/natload_hist.c src/tools/natload_wire.c
tests_unit_tools_test_natload_lane_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

tests_unit_tools_test_natload_meter_SOURCES = tests/unit/tools/test_natload_meter.c \
	src/tools/natload_meter.c src/tools/natload_hist.c src/tools/natload_proc.c \
	src/tools/natload_report.c
tests_unit_tools_test_natload_meter_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)

tests_unit_tools_test_natload_options_SOURCES = tests/unit/tools/test_natload_options.c \
	src/tools/natload_options.c
tests_unit_tools_test_natload_options_LDADD = $(CONF_LIBS) $(TEST_LIBS)

tests_unit_tools_test_natload_proc_SOURCES = tests/unit/tools/test_natload_proc.c \
	src/tools/natload_proc.c
tests_unit_tools_test_natload_proc_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

tests_unit_tools_test_natload_wire_SOURCES = tests/unit/tools/test_natload_wire.c \
	src/tools/natload_wire.c
tests_unit_tools_test_natload_wire_LDADD = $(COMMON_LIBS) $(TEST_LIBS)

tests_unit_tools_test_natload_job_SOURCES = tests/unit/tools/test_natload_job.c \
	src/tools/natload_job.c src/tools/natload_wire.c src/tools/toolfile.c src/tools/toolsock.c
tests_unit_tools_test_natload_job_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)

tests_unit_tools_test_natload_report_SOURCES = tests/unit/tools/test_natload_report.c \
	src/tools/natload_report.c src/tools/natload_hist.c
tests_unit_tools_test_natload_report_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)

tests_unit_tools_test_natload_allocate_SOURCES = tests/unit/tools/test_natload_allocate.c $(natload_engine)
tests_unit_tools_test_natload_allocate_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)

tests_unit_tools_test_natload_binding_SOURCES = tests/unit/tools/test_natload_binding.c $(natload_engine)
tests_unit_tools_test_natload_binding_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)

tests_unit_tools_test_natload_crowd_SOURCES = tests/unit/tools/test_natload_crowd.c $(natload_engine)
tests_unit_tools_test_natload_crowd_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)

tests_unit_tools_test_natload_hold_SOURCES = tests/unit/tools/test_natload_hold.c $(natload_engine)
tests_unit_tools_test_natload_hold_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)

tests_unit_tools_test_natload_relay_SOURCES = tests/unit/tools/test_natload_relay.c $(natload_engine)
tests_unit_tools_test_natload_relay_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)
