EXTRA_DIST += etc/natsrv.conf
examplesdir = $(docdir)/examples
dist_examples_DATA = etc/natsrv.conf.sample

# A configuration that somebody has edited is neither overwritten nor removed.
install-data-local:
	$(MKDIR_P) '$(DESTDIR)$(sysconfdir)'
	test -f '$(DESTDIR)$(sysconfdir)/natsrv.conf' || \
		$(INSTALL_DATA) $(srcdir)/etc/natsrv.conf '$(DESTDIR)$(sysconfdir)/natsrv.conf'
uninstall-local:
	! cmp -s $(srcdir)/etc/natsrv.conf '$(DESTDIR)$(sysconfdir)/natsrv.conf' || \
		rm -f '$(DESTDIR)$(sysconfdir)/natsrv.conf'
