noinst_LIBRARIES += libclient.a
libclient_a_SOURCES = \
	src/client/answer.c src/client/answer.h \
	src/client/challenge.c src/client/challenge.h \
	src/client/credential.c src/client/credential.h \
	src/client/request.c src/client/request.h \
	src/client/state.h \
	src/client/turnc.c src/client/turnc.h \
	src/client/txn.c src/client/txn.h \
	src/client/uri.c src/client/uri.h
