include $(top_srcdir)/tests/unit/tools/natload.mk
include $(top_srcdir)/tests/unit/tools/natping.mk
