bin_PROGRAMS += natping
natping_SOURCES = \
	src/tools/natping.c \
	src/tools/natping_check.c src/tools/natping_check.h \
	src/tools/natping_client.c src/tools/natping_client.h \
	src/tools/natping_echo.c src/tools/natping_echo.h \
	src/tools/natping_flow.c src/tools/natping_flow.h \
	src/tools/natping_proof.c src/tools/natping_proof.h \
	src/tools/natping_relay.c src/tools/natping_relay.h \
	src/tools/natping_show.c src/tools/natping_show.h \
	src/tools/natping_state.h \
	src/tools/natping_steps.c src/tools/natping_steps.h \
	src/tools/toolfile.c src/tools/toolfile.h \
	src/tools/tooljson.c src/tools/tooljson.h \
	src/tools/toolsock.c src/tools/toolsock.h
natping_LDADD = $(CLIENT_LIBS) $(CONF_LIBS)
