bin_PROGRAMS += natprobe
natprobe_SOURCES = \
	src/tools/natprobe.c \
	src/tools/natprobe_ask.c src/tools/natprobe_ask.h \
	src/tools/natprobe_show.c src/tools/natprobe_show.h \
	src/tools/tooljson.c src/tools/tooljson.h \
	src/tools/toolsock.c src/tools/toolsock.h
natprobe_LDADD = $(CLIENT_LIBS) $(CONF_LIBS)
