include $(top_srcdir)/tests/unit/tools/natping.mk
