EXTRA_DIST += tests/bench/run tests/bench/bench.py tests/bench/cells.py tests/bench/picture.py \
	tests/bench/profile.py tests/bench/servers.py tests/bench/README.md

# natsrvd and Debian's coturn side by side; e.g. make bench BENCH_FLAGS=--quick
.PHONY: bench
bench: natsrvd$(EXEEXT) natload$(EXEEXT)
	$(srcdir)/tests/bench/run --natsrvd ./natsrvd$(EXEEXT) --natload ./natload$(EXEEXT) \
		--output bench-results $(BENCH_FLAGS)
