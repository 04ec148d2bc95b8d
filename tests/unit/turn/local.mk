# Unit tests of the machine: one program per source file, and two for what goes through all of them.

RIG_SOURCES = tests/lib/fake_io.c tests/lib/fake_io.h tests/lib/rig.c tests/lib/rig.h

check_PROGRAMS += tests/unit/turn/test_alloc
tests_unit_turn_test_alloc_SOURCES = tests/unit/turn/test_alloc.c $(RIG_SOURCES)
tests_unit_turn_test_alloc_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_allocate
tests_unit_turn_test_allocate_SOURCES = tests/unit/turn/test_allocate.c $(RIG_SOURCES)
tests_unit_turn_test_allocate_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_auth
tests_unit_turn_test_auth_SOURCES = tests/unit/turn/test_auth.c $(RIG_SOURCES)
tests_unit_turn_test_auth_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_binding
tests_unit_turn_test_binding_SOURCES = tests/unit/turn/test_binding.c $(RIG_SOURCES)
tests_unit_turn_test_binding_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_channel
tests_unit_turn_test_channel_SOURCES = tests/unit/turn/test_channel.c $(RIG_SOURCES)
tests_unit_turn_test_channel_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_check
tests_unit_turn_test_check_SOURCES = tests/unit/turn/test_check.c $(RIG_SOURCES)
tests_unit_turn_test_check_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_crowd
tests_unit_turn_test_crowd_SOURCES = tests/unit/turn/test_crowd.c $(RIG_SOURCES)
tests_unit_turn_test_crowd_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_door
tests_unit_turn_test_door_SOURCES = tests/unit/turn/test_door.c $(RIG_SOURCES)
tests_unit_turn_test_door_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_gate
tests_unit_turn_test_gate_SOURCES = tests/unit/turn/test_gate.c $(RIG_SOURCES)
tests_unit_turn_test_gate_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_keyring
tests_unit_turn_test_keyring_SOURCES = tests/unit/turn/test_keyring.c
tests_unit_turn_test_keyring_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_machine
tests_unit_turn_test_machine_SOURCES = tests/unit/turn/test_machine.c $(RIG_SOURCES)
tests_unit_turn_test_machine_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_peers
tests_unit_turn_test_peers_SOURCES = tests/unit/turn/test_peers.c
tests_unit_turn_test_peers_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_permission
tests_unit_turn_test_permission_SOURCES = tests/unit/turn/test_permission.c $(RIG_SOURCES)
tests_unit_turn_test_permission_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_refresh
tests_unit_turn_test_refresh_SOURCES = tests/unit/turn/test_refresh.c $(RIG_SOURCES)
tests_unit_turn_test_refresh_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_relay
tests_unit_turn_test_relay_SOURCES = tests/unit/turn/test_relay.c $(RIG_SOURCES)
tests_unit_turn_test_relay_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_reply
tests_unit_turn_test_reply_SOURCES = tests/unit/turn/test_reply.c $(RIG_SOURCES)
tests_unit_turn_test_reply_LDADD = $(TURN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/turn/test_shortage
tests_unit_turn_test_shortage_SOURCES = tests/unit/turn/test_shortage.c $(RIG_SOURCES)
tests_unit_turn_test_shortage_LDADD = $(TURN_LIBS) $(TEST_LIBS)
tests_unit_turn_test_shortage_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=digest_hash,--wrap=digest_hmac

check_PROGRAMS += tests/unit/turn/test_turn
tests_unit_turn_test_turn_SOURCES = tests/unit/turn/test_turn.c $(RIG_SOURCES)
tests_unit_turn_test_turn_LDADD = $(TURN_LIBS) $(TEST_LIBS)
