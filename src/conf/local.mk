noinst_LIBRARIES += libconf.a
libconf_a_SOURCES = \
	src/conf/cli.c src/conf/cli.h \
	src/conf/complaints.c src/conf/complaints.h \
	src/conf/grammar.c src/conf/grammar.h \
	src/conf/listing.c src/conf/listing.h \
	src/conf/names.c src/conf/names.h \
	src/conf/option.h \
	src/conf/print.c src/conf/print.h \
	src/conf/read.c src/conf/read.h \
	src/conf/scan.c src/conf/scan.h \
	src/conf/source.c src/conf/source.h \
	src/conf/table.c src/conf/table.h \
	src/conf/tree.c src/conf/tree.h \
	src/conf/value.c src/conf/value.h \
	src/conf/veil.c src/conf/veil.h
