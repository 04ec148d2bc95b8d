bin_PROGRAMS += natload
natload_SOURCES = \
	src/tools/natload.c \
	src/tools/natload_allocate.c src/tools/natload_allocate.h \
	src/tools/natload_binding.c src/tools/natload_binding.h \
	src/tools/natload_crowd.c src/tools/natload_crowd.h \
	src/tools/natload_hist.c src/tools/natload_hist.h \
	src/tools/natload_hold.c src/tools/natload_hold.h \
	src/tools/natload_job.c src/tools/natload_job.h \
	src/tools/natload_lane.c src/tools/natload_lane.h \
	src/tools/natload_meter.c src/tools/natload_meter.h \
	src/tools/natload_options.c src/tools/natload_options.h \
	src/tools/natload_pace.h \
	src/tools/natload_proc.c src/tools/natload_proc.h \
	src/tools/natload_relay.c src/tools/natload_relay.h \
	src/tools/natload_report.c src/tools/natload_report.h \
	src/tools/natload_stamp.h \
	src/tools/natload_wire.c src/tools/natload_wire.h \
	src/tools/toolfile.c src/tools/toolfile.h \
	src/tools/toolsock.c src/tools/toolsock.h
natload_LDADD = $(CLIENT_LIBS) $(CONF_LIBS)
