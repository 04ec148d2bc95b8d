include $(top_srcdir)/tests/unit/server/settings.mk

check_PROGRAMS += tests/unit/server/test_privs
tests_unit_server_test_privs_SOURCES = tests/unit/server/test_privs.c
tests_unit_server_test_privs_LDADD = $(SERVER_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/server/test_quota
tests_unit_server_test_quota_SOURCES = tests/unit/server/test_quota.c
tests_unit_server_test_quota_LDADD = $(SERVER_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/server/test_relays
tests_unit_server_test_relays_SOURCES = tests/unit/server/test_relays.c
tests_unit_server_test_relays_LDADD = $(SERVER_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/server/test_shard
tests_unit_server_test_shard_SOURCES = tests/unit/server/test_shard.c
tests_unit_server_test_shard_LDADD = $(SERVER_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/server/test_events
tests_unit_server_test_events_SOURCES = tests/unit/server/test_events.c
tests_unit_server_test_events_LDADD = $(SERVER_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/server/test_courier
tests_unit_server_test_courier_SOURCES = tests/unit/server/test_courier.c
tests_unit_server_test_courier_LDADD = $(SERVER_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/server/test_pool
tests_unit_server_test_pool_SOURCES = tests/unit/server/test_pool.c
tests_unit_server_test_pool_LDADD = $(SERVER_LIBS) $(TEST_LIBS)
