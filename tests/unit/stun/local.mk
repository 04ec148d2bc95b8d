# Unit tests of the wire, one program per source file.

check_PROGRAMS += tests/unit/stun/test_build
tests_unit_stun_test_build_SOURCES = tests/unit/stun/test_build.c
tests_unit_stun_test_build_LDADD = $(STUN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/stun/test_crc
tests_unit_stun_test_crc_SOURCES = tests/unit/stun/test_crc.c
tests_unit_stun_test_crc_LDADD = $(STUN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/stun/test_frame
tests_unit_stun_test_frame_SOURCES = tests/unit/stun/test_frame.c
tests_unit_stun_test_frame_LDADD = $(STUN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/stun/test_key
tests_unit_stun_test_key_SOURCES = tests/unit/stun/test_key.c
tests_unit_stun_test_key_LDADD = $(STUN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/stun/test_name
tests_unit_stun_test_name_SOURCES = tests/unit/stun/test_name.c
tests_unit_stun_test_name_LDADD = $(STUN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/stun/test_nonce
tests_unit_stun_test_nonce_SOURCES = tests/unit/stun/test_nonce.c
tests_unit_stun_test_nonce_LDADD = $(STUN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/stun/test_parse
tests_unit_stun_test_parse_SOURCES = tests/unit/stun/test_parse.c
tests_unit_stun_test_parse_LDADD = $(STUN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/stun/test_prep
tests_unit_stun_test_prep_SOURCES = tests/unit/stun/test_prep.c
tests_unit_stun_test_prep_LDADD = $(STUN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/stun/test_seal
tests_unit_stun_test_seal_SOURCES = tests/unit/stun/test_seal.c
tests_unit_stun_test_seal_LDADD = $(STUN_LIBS) $(TEST_LIBS)
