include $(top_srcdir)/src/tools/natping.mk
include $(top_srcdir)/src/tools/natprobe.mk
include $(top_srcdir)/src/tools/natload.mk
