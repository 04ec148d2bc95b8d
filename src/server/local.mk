
noinst_LIBRARIES += libserver.a
libserver_a_SOURCES =
include $(top_srcdir)/src/server/settings.mk
