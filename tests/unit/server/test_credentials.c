/* server/credentials: where secrets, users and nonce keys come from. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lab.h"

static bool
knows(const struct lab *l, const char *name, enum key_algorithm a)
{
	struct digest *d = digest_new();
	struct keyring_match m;
	bool found = keyring_find(l->b.keys, d, a, bytes_text(name), 1000, &m);

	digest_free(d);
	return found;
}

static void
secrets_come_from_the_environment(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	assert_int_equal(lab_load(&l, "", NULL), 0);
	assert_true(knows(&l, "2000:ann", KEY_MD5));
	assert_false(knows(&l, "ann", KEY_MD5));
	setenv("NATSRV_SECRET_FILE", "/nonexistent", 1);
	assert_int_equal(lab_load(&l, "", NULL), 1);
	unsetenv("NATSRV_SECRET_FILE");
	lab_write(&l, "turn-secret", "another-secret-of-the-lab\n");
	setenv("CREDENTIALS_DIRECTORY", l.directory, 1);
	assert_int_equal(lab_load(&l, "", NULL), 0);
	assert_true(knows(&l, "2000:ann", KEY_MD5));
	lab_close(&l);
}

static void
written_files_must_be_there(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	assert_int_equal(lab_load(&l, "auth = { secret_files = [ \"/nonexistent\" ]; };", NULL), 1);
	assert_true(lab_says(&l, "auth.secret_files: cannot read this file"));
	assert_int_equal(lab_load(&l, "auth = { users_file = \"/nonexistent\"; };", NULL), 1);
	assert_int_equal(lab_load(&l, "auth = { nonce_key_file = \"/nonexistent\"; };", NULL), 1);
	lab_close(&l);
}

static void
a_relay_without_credentials_is_refused(void **state) /* A16 */
{
	static const char none[] = "auth = { secret_files = [ ]; };";
	struct lab l;

	(void)state;
	lab_open(&l);
	unsetenv("NATSRV_SECRET_FILE");
	assert_int_equal(lab_load(&l, none, NULL), 1);
	assert_true(lab_says(&l, "no credentials"));
	assert_int_equal(lab_load(&l, none, "relay.enabled=false"), 0);
	assert_int_equal(
		lab_load(&l, "auth = { users = ( { name = \"a\"; password = \"p\"; } ); };", NULL),
		0);
	lab_close(&l);
}

static void
users_come_from_both_lists(void **state)
{
	struct lab l;
	char text[400], path[128];

	(void)state;
	lab_open(&l);
	lab_write(&l, "users",
	          "# names\n\nbob:r:00112233445566778899aabbccddeeff\n"
	          "cid:r:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
	          "cid:r:00112233445566778899aabbccddeeff\n");
	snprintf(text, sizeof text,
	         "server = { realm = \"r\"; }; auth = { users_file = \"%s\";\n"
	         "users = ( { name = \"ann\"; password = \"p\"; } ); };",
	         lab_path(&l, "users", path));
	assert_int_equal(lab_load(&l, text, NULL), 0);
	assert_true(knows(&l, "ann", KEY_MD5));
	assert_true(knows(&l, "ann", KEY_SHA256));
	assert_true(knows(&l, "bob", KEY_MD5));
	assert_false(knows(&l, "bob", KEY_SHA256));
	assert_true(knows(&l, "cid", KEY_SHA256));
	lab_close(&l);
}

#define MD5_KEY "00112233445566778899aabbccddeeff"

/* what one user's key cannot serve is offered to nobody, so every user must have the rest. */
static void
nobody_is_shut_out(void **state)
{
	static const struct {
		const char *users, *file;
		size_t errors;
		const char *says;
	} rows[] = {
		{"{ name = \"k\"; key = \"" MD5_KEY "\"; },\n{ name = \"h\"; key = \"" MD5_KEY MD5_KEY
		 "\"; }", "", 1, "x.conf:3: error: this user can never log in"},
		{"{ name = \"h\"; key = \"" MD5_KEY MD5_KEY "\"; },\n{ name = \"k\"; key = \"" MD5_KEY
		 "\"; }", "", 1, "the MD5 key in line 3 of"},
		{"{ name = \"k\"; key = \"" MD5_KEY "\"; }", "\nh:r:" MD5_KEY MD5_KEY "\n", 1,
		 "users:2: error: this user"},
		{"{ name = \"h\"; key = \"" MD5_KEY MD5_KEY "\"; }", "\nk:r:" MD5_KEY "\n", 1,
		 "the MD5 key in line 2 of"},
		{"{ name = \"h\"; key = \"" MD5_KEY MD5_KEY "\"; }",
		 "h:r:" MD5_KEY "\nk:r:" MD5_KEY "\n", 0, ""},
		{"{ name = \"k\"; key = \"" MD5_KEY "\"; },{ name = \"p\"; password = \"p\"; }",
		 "k:r:" MD5_KEY MD5_KEY "\nh:r:" MD5_KEY MD5_KEY "\n", 0, ""},
	};
	struct lab l;
	char text[800], path[128];

	(void)state;
	lab_open(&l);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		lab_write(&l, "users", rows[i].file);
		snprintf(text, sizeof text,
		         "server = { realm = \"r\"; }; auth = { users_file = \"%s\"; users = (\n%s ); };",
		         lab_path(&l, "users", path), rows[i].users);
		if (lab_load(&l, text, NULL) != rows[i].errors)
			fail_msg("row %zu: %zu errors", i, complaints_errors(l.c));
		if (!lab_says(&l, rows[i].says))
			fail_msg("row %zu does not say '%s'", i, rows[i].says);
	}
	lab_close(&l);
}

static void
bad_lines_have_numbers(void **state)
{
	static const char *const bad[] = {"bob",
	                                  "bob:r",
	                                  ":r:00112233445566778899aabbccddeeff",
	                                  "bob:other:00112233445566778899aabbccddeeff",
	                                  "bob:r:0011",
	                                  "bob:r:zz112233445566778899aabbccddeeff"};
	struct lab l;
	char text[400], path[128], line[100];

	(void)state;
	lab_open(&l);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		snprintf(line, sizeof line, "\n%s\n", bad[i]);
		lab_write(&l, "users", line);
		snprintf(text, sizeof text,
		         "server = { realm = \"r\"; }; auth = { users_file = \"%s\"; };",
		         lab_path(&l, "users", path));
		assert_int_equal(lab_load(&l, text, NULL), 1);
		assert_true(lab_says(&l, "users:2: error: "));
	}
	lab_close(&l);
}

static void
files_that_all_can_read_are_warned_of(void **state)
{
	struct lab l;
	char path[128];

	(void)state;
	lab_open(&l);
	assert_int_equal(chmod(lab_path(&l, "secret", path), 0644), 0);
	assert_int_equal(lab_load(&l, "", NULL), 0);
	assert_int_equal(complaints_warnings(l.c), 1);
	lab_close(&l);
}

static void
nonce_keys_are_shared_by_files(void **state)
{
	struct lab l;
	struct nonce_keys first;
	char text[300], path[128];

	(void)state;
	lab_open(&l);
	lab_write(&l, "keys", "0123456789abcdef0123456789abcdef\n  second-key-of-the-lab  \r\n");
	snprintf(text, sizeof text, "auth = { nonce_key_file = \"%s\"; };",
	         lab_path(&l, "keys", path));
	assert_int_equal(lab_load(&l, text, NULL), 0);
	first = l.b.policy.nonce_keys;
	assert_int_equal(first.n, 2);
	assert_int_equal(lab_load(&l, text, NULL), 0);
	assert_memory_equal(&first, &l.b.policy.nonce_keys, sizeof first);
	lab_write(&l, "keys",
	          "a-key-of-the-lab-1\na-key-of-the-lab-2\na-key-of-the-lab-3\n"
	          "a-key-of-the-lab-4\na-key-of-the-lab-5\n");
	assert_int_equal(lab_load(&l, text, NULL), 1);
	lab_write(&l, "keys", "short\n");
	assert_int_equal(lab_load(&l, text, NULL), 1);
	lab_write(&l, "keys", "");
	assert_int_equal(lab_load(&l, text, NULL), 1);
	lab_close(&l);
}

static void
random_nonce_keys_differ(void **state)
{
	struct lab l;
	struct nonce_keys first;

	(void)state;
	lab_open(&l);
	lab_load(&l, "", NULL);
	first = l.b.policy.nonce_keys;
	lab_load(&l, "", NULL);
	assert_memory_not_equal(&first, &l.b.policy.nonce_keys, sizeof first);
	lab_close(&l);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_come_from_the_environment),
		cmocka_unit_test(written_files_must_be_there),
		cmocka_unit_test(a_relay_without_credentials_is_refused),
		cmocka_unit_test(users_come_from_both_lists),
		cmocka_unit_test(nobody_is_shut_out),
		cmocka_unit_test(bad_lines_have_numbers),
		cmocka_unit_test(files_that_all_can_read_are_warned_of),
		cmocka_unit_test(nonce_keys_are_shared_by_files),
		cmocka_unit_test(random_nonce_keys_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
