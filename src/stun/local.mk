# The wire: STUN and TURN messages, framing, keys, nonces.

noinst_LIBRARIES += libstun.a
libstun_a_SOURCES = \
	src/stun/attrs.def \
	src/stun/methods.def \
	src/stun/codes.def \
	src/stun/build.c src/stun/build.h \
	src/stun/crc.c src/stun/crc.h \
	src/stun/frame.c src/stun/frame.h \
	src/stun/key.c src/stun/key.h \
	src/stun/name.c src/stun/name.h \
	src/stun/nonce.c src/stun/nonce.h \
	src/stun/parse.c src/stun/parse.h \
	src/stun/prep.c src/stun/prep.h \
	src/stun/seal.c src/stun/seal.h
