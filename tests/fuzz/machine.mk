# The machine under programs of the fuzzer's, as in local.mk: make fuzz-machine, fuzz-keep-machine,
# afl-machine.

FUZZ_TARGETS += machine
FUZZ_machine = tests/fuzz/fuzz_machine.c tests/lib/fake_io.c tests/lib/rig.c $(libturn_a_SOURCES) \
	$(libstun_a_SOURCES) $(libcommon_a_SOURCES)

check_PROGRAMS += tests/fuzz/replay_machine
tests_fuzz_replay_machine_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz.h tests/fuzz/fuzz_machine.c \
	tests/lib/fake_io.c tests/lib/fake_io.h tests/lib/rig.c tests/lib/rig.h
tests_fuzz_replay_machine_LDADD = $(TURN_LIBS)

.PHONY: fuzz-machine fuzz-keep-machine afl-machine
fuzz: fuzz-machine

fuzz-machine: $(FUZZ_FOLDER)/fuzz_machine
	@$(FUZZ_RUN); fuzz_run machine
fuzz-keep-machine: $(FUZZ_FOLDER)/fuzz_machine
	@$(FUZZ_KEEP); fuzz_keep machine
afl-machine: $(FUZZ_FOLDER)/afl_machine
	@$(AFL_RUN); afl_run machine

$(FUZZ_FOLDER)/fuzz_machine: $(FUZZ_machine)
	$(AM_V_GEN)$(MKDIR_P) $(FUZZ_FOLDER) && $(FUZZ_COMPILE) && fuzz_compile $(CLANG) $@ $(FUZZ_machine)
$(FUZZ_FOLDER)/afl_machine: $(FUZZ_machine)
	$(AM_V_GEN)$(MKDIR_P) $(FUZZ_FOLDER) && $(FUZZ_COMPILE) && fuzz_compile $(AFL_CLANG) $@ $(FUZZ_machine)
