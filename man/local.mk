dist_man_MANS += \
	man/natload.1 \
	man/natping.1 \
	man/natprobe.1 \
	man/natsrv.conf.5 \
	man/natsrvd.8
EXTRA_DIST += man/natsrv.conf.5.in

# What comes from the tables of settings and of stun/, written anew; a wall compares.
.PHONY: regenerate
regenerate: tests/conf/run_generated dict
	NATSRV_ACCEPT=1 top_srcdir='$(abs_top_srcdir)' tests/conf/run_generated
