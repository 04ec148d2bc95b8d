
noinst_LIBRARIES += libserver.a
libserver_a_SOURCES = \
	src/server/courier.c src/server/courier.h \
	src/server/events.c src/server/events.h \
	src/server/pool.c src/server/pool.h \
	src/server/privs.c src/server/privs.h \
	src/server/quota.c src/server/quota.h \
	src/server/relays.c src/server/relays.h
include $(top_srcdir)/src/server/settings.mk
