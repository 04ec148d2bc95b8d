# Fuzz targets. `make check` replays their corpora; fuzzing itself wants clang (libFuzzer) or AFL++:
#
#	make fuzz                    every target for FUZZ_SECONDS
#	make fuzz-parse              one target; what it finds new goes to build-fuzz/parse
#	make fuzz-keep-parse         adds to the corpus in the tree what widens its coverage
#	make afl-parse               the same target under AFL++, until interrupted
#	make dict                    the dictionary anew, after a change of the tables in src/stun
#	make fuzz-clean              removes build-fuzz
#
# A finding is reproduced by tests/fuzz/replay_parse FILE, best in a build with sanitizers.
# A new target is fuzz_<name>.c, a row for its replay below, its corpus, and its name in FUZZ_TARGETS,
# with FUZZ_<name> naming the sources it needs.

FUZZ_SECONDS = 60
FUZZ_FLAGS = -max_len=2048 -timeout=5
FUZZ_FOLDER = build-fuzz
FUZZ_TARGETS = parse frame
FUZZ_parse = tests/fuzz/fuzz_parse.c tests/vectors/rebuild.c $(libstun_a_SOURCES) $(libcommon_a_SOURCES)
FUZZ_frame = tests/fuzz/fuzz_frame.c $(libstun_a_SOURCES) $(libcommon_a_SOURCES)

check_PROGRAMS += tests/fuzz/replay_parse
tests_fuzz_replay_parse_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz.h tests/fuzz/fuzz_parse.c \
	tests/vectors/rebuild.c tests/vectors/rebuild.h
tests_fuzz_replay_parse_LDADD = $(STUN_LIBS)

check_PROGRAMS += tests/fuzz/replay_frame
tests_fuzz_replay_frame_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz.h tests/fuzz/fuzz_frame.c
tests_fuzz_replay_frame_LDADD = $(STUN_LIBS)

check_PROGRAMS += tests/fuzz/dict
tests_fuzz_dict_SOURCES = tests/fuzz/dict.c
tests_fuzz_dict_LDADD = $(STUN_LIBS)

EXTRA_DIST += tests/fuzz/stun.dict tests/fuzz/corpus

# Whole sources instead of archives, because every line is instrumented. Of the list only .c is compiled.
FUZZ_COMPILE = fuzz_compile() { \
		compiler=$$1; out=$$2; shift 2; \
		for file in "$$@"; do \
			shift; \
			case $$file in *.c) set -- "$$@" "$(srcdir)/$$file" ;; esac; \
		done; \
		$$compiler -std=gnu11 $(DEFS) $(AM_CPPFLAGS) $(CPPFLAGS) -O1 -g \
			-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
			"$$@" $(CRYPTO_LIBS) $(UNISTRING_LIBS) -lpthread -o "$$out"; \
	}
FUZZ_RUN = fuzz_run() { \
		$(MKDIR_P) $(FUZZ_FOLDER)/$$1 && \
		$(FUZZ_FOLDER)/fuzz_$$1 -max_total_time=$(FUZZ_SECONDS) $(FUZZ_FLAGS) \
			-dict=$(srcdir)/tests/fuzz/stun.dict -artifact_prefix=$(FUZZ_FOLDER)/$$1- \
			$(FUZZ_FOLDER)/$$1 $(srcdir)/tests/fuzz/corpus/$$1; \
	}
# Merging judges by coverage; what the tree has stays.
FUZZ_KEEP = fuzz_keep() { \
		$(MKDIR_P) $(FUZZ_FOLDER)/$$1 && \
		$(FUZZ_FOLDER)/fuzz_$$1 -merge=1 $(srcdir)/tests/fuzz/corpus/$$1 $(FUZZ_FOLDER)/$$1; \
	}

.PHONY: fuzz fuzz-parse fuzz-frame fuzz-keep-parse fuzz-keep-frame afl-parse afl-frame dict
fuzz: fuzz-parse fuzz-frame

fuzz-parse: $(FUZZ_FOLDER)/fuzz_parse
	@$(FUZZ_RUN); fuzz_run parse
fuzz-frame: $(FUZZ_FOLDER)/fuzz_frame
	@$(FUZZ_RUN); fuzz_run frame
fuzz-keep-parse: $(FUZZ_FOLDER)/fuzz_parse
	@$(FUZZ_KEEP); fuzz_keep parse
fuzz-keep-frame: $(FUZZ_FOLDER)/fuzz_frame
	@$(FUZZ_KEEP); fuzz_keep frame

$(FUZZ_FOLDER)/fuzz_parse: $(FUZZ_parse)
	$(AM_V_GEN)$(MKDIR_P) $(FUZZ_FOLDER) && $(FUZZ_COMPILE) && fuzz_compile $(CLANG) $@ $(FUZZ_parse)
$(FUZZ_FOLDER)/fuzz_frame: $(FUZZ_frame)
	$(AM_V_GEN)$(MKDIR_P) $(FUZZ_FOLDER) && $(FUZZ_COMPILE) && fuzz_compile $(CLANG) $@ $(FUZZ_frame)

# AFL++: afl-clang-fast brings its own driver for LLVMFuzzerTestOneInput.
AFL_CLANG = afl-clang-fast
AFL_FUZZ = afl-fuzz
AFL_RUN = afl_run() { \
		$(AFL_FUZZ) -i $(srcdir)/tests/fuzz/corpus/$$1 -o $(FUZZ_FOLDER)/afl_$$1.out \
			-x $(srcdir)/tests/fuzz/stun.dict -m none -- $(FUZZ_FOLDER)/afl_$$1; \
	}
afl-parse: $(FUZZ_FOLDER)/afl_parse
	@$(AFL_RUN); afl_run parse
afl-frame: $(FUZZ_FOLDER)/afl_frame
	@$(AFL_RUN); afl_run frame
$(FUZZ_FOLDER)/afl_parse: $(FUZZ_parse)
	$(AM_V_GEN)$(MKDIR_P) $(FUZZ_FOLDER) && $(FUZZ_COMPILE) && fuzz_compile $(AFL_CLANG) $@ $(FUZZ_parse)
$(FUZZ_FOLDER)/afl_frame: $(FUZZ_frame)
	$(AM_V_GEN)$(MKDIR_P) $(FUZZ_FOLDER) && $(FUZZ_COMPILE) && fuzz_compile $(AFL_CLANG) $@ $(FUZZ_frame)

dict: tests/fuzz/dict$(EXEEXT)
	tests/fuzz/dict$(EXEEXT) --print >$(srcdir)/tests/fuzz/stun.dict

.PHONY: fuzz-clean
fuzz-clean:
	rm -rf $(FUZZ_FOLDER)

include $(top_srcdir)/tests/fuzz/machine.mk
