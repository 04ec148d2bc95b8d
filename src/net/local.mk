noinst_LIBRARIES += libnet.a
libnet_a_SOURCES = \
	src/net/batch.c src/net/batch.h \
	src/net/counters.def src/net/counters.h \
	src/net/dgram.c src/net/dgram.h \
	src/net/host.c src/net/host.h \
	src/net/loop.c src/net/loop.h \
	src/net/mailbox.c src/net/mailbox.h \
	src/net/ports.c src/net/ports.h \
	src/net/sock.c src/net/sock.h
