#include "client/credential.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void
known_answers_T_370(void **state)
{
	struct digest *d = digest_new();
	struct credential c;

	(void)state;
	assert_null(credential_mint(d, bytes_text("north"), "alice", 1735689600, &c));
	assert_string_equal(c.username, "1735689600:alice");
	assert_string_equal(c.password, "HbvWA6hGDtdv3wflBolXLhvzs0w=");
	assert_null(credential_mint(d, bytes_text("north"), NULL, 1735689600, &c));
	assert_string_equal(c.username, "1735689600");
	assert_string_equal(c.password, "vK3VkdJkUwA4MxbPUZFTbu9UJhk=");
	assert_null(credential_mint(d, bytes_text("north"), "", 1735689600, &c));
	assert_string_equal(c.username, "1735689600");
	assert_null(credential_mint(d, bytes_text("north"), "x", 0, &c));
	assert_string_equal(c.username, "0:x");
	digest_free(d);
}

static void
refusals(void **state)
{
	static const struct credential nothing;
	struct digest *d = digest_new();
	struct credential c;
	char user[CREDENTIAL_NAME];

	(void)state;
	assert_non_null(credential_mint(d, BYTES_NONE, "alice", 1, &c));
	assert_non_null(credential_mint(d, bytes_text("north"), "alice", -1, &c));
	memset(user, 'u', sizeof user);
	user[CREDENTIAL_NAME - 1 - 2] = '\0'; /* "1:" and this fill the room */
	assert_null(credential_mint(d, bytes_text("north"), user, 1, &c));
	assert_int_equal(strlen(c.username), CREDENTIAL_NAME - 1);
	assert_non_null(credential_mint(d, bytes_text("north"), user, 10, &c));
	assert_memory_equal(&c, &nothing, sizeof c);
	digest_free(d);
}

static void
wiped(void **state)
{
	static const struct credential nothing;
	struct digest *d = digest_new();
	struct credential c;

	(void)state;
	assert_null(credential_mint(d, bytes_text("north"), "alice", INT64_MAX, &c));
	assert_string_equal(c.username, "9223372036854775807:alice");
	credential_wipe(&c);
	assert_memory_equal(&c, &nothing, sizeof c);
	credential_wipe(NULL);
	digest_free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers_T_370),
		cmocka_unit_test(refusals),
		cmocka_unit_test(wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
