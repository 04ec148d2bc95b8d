# Messages of the RFCs byte for byte, and what becomes of them when they are damaged.

EXTRA_DIST += \
	tests/vectors/README.md \
	tests/vectors/verify_vectors.py \
	tests/vectors/derived-1a-rfc8489-B.1-length-fixed-sha256-key.hex \
	tests/vectors/derived-1b-rfc8489-B.1-length-fixed-md5-key.hex \
	tests/vectors/derived-2-longterm-sha256-userhash-full.hex \
	tests/vectors/derived-3-longterm-md5-key-with-mi-sha256.hex \
	tests/vectors/derived-4-shortterm-mi-misha256-trailing-unknown.hex \
	tests/vectors/derived-5-shortterm-misha256-truncated-16.hex \
	tests/vectors/derived-6-longterm-sha256-username.hex \
	tests/vectors/rfc5769-2.1-request-shortterm.hex \
	tests/vectors/rfc5769-2.2-response-ipv4.hex \
	tests/vectors/rfc5769-2.3-response-ipv6.hex \
	tests/vectors/rfc5769-2.4-request-longterm.hex \
	tests/vectors/rfc8489-B.1-as-printed.hex \
	tests/vectors/rfc8489-B.1-erratum6268.hex

tests_vectors = \
	tests/vectors/rebuild.c tests/vectors/rebuild.h \
	tests/vectors/vector.c tests/vectors/vector.h

check_PROGRAMS += tests/vectors/test_vectors
tests_vectors_test_vectors_SOURCES = tests/vectors/test_vectors.c $(tests_vectors)
tests_vectors_test_vectors_LDADD = $(STUN_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/vectors/test_sweep
tests_vectors_test_sweep_SOURCES = tests/vectors/test_sweep.c $(tests_vectors)
tests_vectors_test_sweep_LDADD = $(STUN_LIBS) $(TEST_LIBS)
