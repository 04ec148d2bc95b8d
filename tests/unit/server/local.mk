include $(top_srcdir)/tests/unit/server/settings.mk







