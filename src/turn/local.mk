# The TURN server as a pure machine.

noinst_LIBRARIES += libturn.a
libturn_a_SOURCES = \
	src/turn/counters.def \
	src/turn/events.def \
	src/turn/reasons.def \
	src/turn/policy.h \
	src/turn/turn.c src/turn/turn.h \
	src/turn/machine.c src/turn/machine.h \
	src/turn/alloc.c src/turn/alloc.h \
	src/turn/request.h \
	src/turn/door.c src/turn/door.h \
	src/turn/auth.c src/turn/auth.h \
	src/turn/keyring.c src/turn/keyring.h \
	src/turn/reply.c src/turn/reply.h \
	src/turn/binding.c src/turn/binding.h \
	src/turn/allocate.c src/turn/allocate.h \
	src/turn/refresh.c src/turn/refresh.h \
	src/turn/permission.c src/turn/permission.h \
	src/turn/channel.c src/turn/channel.h \
	src/turn/gate.c src/turn/gate.h \
	src/turn/peers.c src/turn/peers.h \
	src/turn/relay.c src/turn/relay.h \
	src/turn/check.c src/turn/check.h
