check_PROGRAMS += \
	tests/unit/client/test_answer \
	tests/unit/client/test_challenge \
	tests/unit/client/test_credential \
	tests/unit/client/test_request \
	tests/unit/client/test_turnc \
	tests/unit/client/test_txn \
	tests/unit/client/test_uri


tests_unit_client_test_answer_SOURCES = tests/unit/client/test_answer.c tests/unit/client/script.h
tests_unit_client_test_answer_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)
tests_unit_client_test_challenge_SOURCES = tests/unit/client/test_challenge.c tests/unit/client/script.h
tests_unit_client_test_challenge_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)
tests_unit_client_test_credential_SOURCES = tests/unit/client/test_credential.c
tests_unit_client_test_credential_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)
tests_unit_client_test_request_SOURCES = tests/unit/client/test_request.c tests/unit/client/script.h
tests_unit_client_test_request_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)
tests_unit_client_test_turnc_SOURCES = tests/unit/client/test_turnc.c tests/unit/client/script.h
tests_unit_client_test_turnc_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)
tests_unit_client_test_txn_SOURCES = tests/unit/client/test_txn.c
tests_unit_client_test_txn_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)
tests_unit_client_test_uri_SOURCES = tests/unit/client/test_uri.c
tests_unit_client_test_uri_LDADD = $(CLIENT_LIBS) $(TEST_LIBS)
