noinst_LIBRARIES += libcommon.a
libcommon_a_SOURCES = \
	src/common/addr.c src/common/addr.h \
	src/common/bytes.h \
	src/common/clock.c src/common/clock.h \
	src/common/digest.c src/common/digest.h \
	src/common/entropy.c src/common/entropy.h \
	src/common/flow.c src/common/flow.h \
	src/common/htab.c src/common/htab.h \
	src/common/instant.h \
	src/common/list.h \
	src/common/log.c src/common/log.h \
	src/common/logform.c src/common/logform.h \
	src/common/logsink.c src/common/logsink.h \
	src/common/prefix.c src/common/prefix.h \
	src/common/siphash.c src/common/siphash.h \
	src/common/text.c src/common/text.h \
	src/common/wheel.c src/common/wheel.h
