libserver_a_SOURCES += \
	src/server/bind.c src/server/bind.h \
	src/server/book.h \
	src/server/build.c src/server/build.h \
	src/server/checks.c src/server/checks.h \
	src/server/credentials.c src/server/credentials.h \
	src/server/foreign.c src/server/foreign.h \
	src/server/lines.c src/server/lines.h \
	src/server/options.c src/server/options.h \
	src/server/settings.c src/server/settings.h
