noinst_LIBRARIES += libstats.a
libstats_a_SOURCES = \
	src/stats/cell.h \
	src/stats/line.c src/stats/line.h
