sbin_PROGRAMS += natsrvd
natsrvd_SOURCES = src/server/main.c
natsrvd_CPPFLAGS = $(AM_CPPFLAGS) -DNATSRV_CONF='"$(sysconfdir)/natsrv.conf"'
natsrvd_LDADD = $(SERVER_LIBS)

noinst_LIBRARIES += libserver.a
libserver_a_SOURCES = \
	src/server/courier.c src/server/courier.h \
	src/server/daemon.c src/server/daemon.h \
	src/server/events.c src/server/events.h \
	src/server/pool.c src/server/pool.h \
	src/server/privs.c src/server/privs.h \
	src/server/quota.c src/server/quota.h \
	src/server/relays.c src/server/relays.h \
	src/server/shard.c src/server/shard.h \
	src/server/shards.c src/server/shards.h
include $(top_srcdir)/src/server/settings.mk
