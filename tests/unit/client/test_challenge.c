#include "client/challenge.h"

#include <stdlib.h>

#include "script.h"

static const struct challenge_user user = {
	{(const uint8_t *)"user", 4}, {(const uint8_t *)"pass", 4}, false
};

struct told {
	const char *realm, *nonce;
	struct bytes algorithms; /* value of PASSWORD-ALGORITHMS; p NULL = absent */
};

static struct parse
answer(const struct told *told)
{
	static const uint8_t tid[STUN_TID] = "123456789012";
	static uint8_t raw[2048];
	struct build b;
	struct parse m;

	build_begin(&b, raw, sizeof raw, name_type(METHOD_ALLOCATE, STUN_ERROR), tid);
	build_error(&b, 401, BYTES_NONE);
	if (told->realm != NULL)
		build_bytes(&b, ATTR_REALM, bytes_text(told->realm));
	if (told->nonce != NULL)
		build_bytes(&b, ATTR_NONCE, bytes_text(told->nonce));
	if (told->algorithms.p != NULL)
		build_bytes(&b, ATTR_PASSWORD_ALGORITHMS, told->algorithms);
	size_t n = build_end(&b);
	assert_int_not_equal(n, 0);
	assert_int_equal(parse_message(&m, bytes_view(raw, n)), PARSE_OK);
	return m;
}

static enum challenge_news
take(struct challenge *c, const struct challenge_user *who, const struct told *told)
{
	struct digest *d = digest_new();
	struct parse m = answer(told);
	enum challenge_news news = challenge_take(c, d, who, &m);

	digest_free(d);
	return news;
}

#define LIST(s) {(const uint8_t *)(s), sizeof(s) - 1}

/* S-276: the first algorithm of the list that we know, wherever it stands */
static void
picks_first_known(void **state)
{
	static const struct told sha_first = {SCRIPT_REALM, SCRIPT_COOKIE_NONCE, LIST("\0\2\0\0\0\1\0\0")};
	static const struct told md5_first = {SCRIPT_REALM, SCRIPT_COOKIE_NONCE, LIST("\0\1\0\0\0\2\0\0")};
	static const struct told strange_first = {
		SCRIPT_REALM, SCRIPT_COOKIE_NONCE, LIST("\0\11\0\3\1\2\3\0\0\2\0\0")
	};
	static const struct told parameters = {
		SCRIPT_REALM, SCRIPT_COOKIE_NONCE, LIST("\0\2\0\1\7\0\0\0\0\1\0\0")
	};
	struct challenge c = {0};

	(void)state;
	assert_false(challenge_ready(&c));
	assert_int_equal(take(&c, &user, &sha_first), CHALLENGE_NEW);
	assert_true(challenge_ready(&c));
	assert_int_equal(c.algorithm, KEY_SHA256);
	assert_int_equal(c.key.n, 32);
	assert_true(c.sha256);
	assert_false(c.anonymous);
	assert_int_equal(take(&c, &user, &md5_first), CHALLENGE_NEW);
	assert_int_equal(c.algorithm, KEY_MD5);
	assert_int_equal(c.key.n, 16);
	assert_true(c.sha256);
	assert_int_equal(take(&c, &user, &strange_first), CHALLENGE_NEW);
	assert_int_equal(c.algorithm, KEY_SHA256);
	assert_int_equal(take(&c, &user, &parameters), CHALLENGE_NEW);
	assert_int_equal(c.algorithm, KEY_MD5);
	challenge_fini(&c);
	challenge_fini(NULL);
}

/* S-276: no retry when there is no common algorithm, or when the list was taken away (9.2.5) */
static void
refuses(void **state)
{
	static const struct told unknown = {SCRIPT_REALM, SCRIPT_COOKIE_NONCE, LIST("\0\11\0\0")};
	static const struct told cut = {SCRIPT_REALM, SCRIPT_COOKIE_NONCE, LIST("\0\11\0\10\0\1\0\0")};
	static const struct told bid_down = {SCRIPT_REALM, SCRIPT_COOKIE_NONCE, {NULL, 0}};
	static const struct told no_realm = {NULL, SCRIPT_PLAIN_NONCE, {NULL, 0}};
	static const struct told no_nonce = {SCRIPT_REALM, NULL, {NULL, 0}};
	static const struct told empty_realm = {"", SCRIPT_PLAIN_NONCE, {NULL, 0}};
	struct challenge c = {0};

	(void)state;
	assert_int_equal(take(&c, &user, &unknown), CHALLENGE_NO_ALGORITHM);
	assert_int_equal(take(&c, &user, &cut), CHALLENGE_NO_ALGORITHM);
	assert_int_equal(take(&c, &user, &bid_down), CHALLENGE_NO_ALGORITHM);
	assert_int_equal(take(&c, &user, &no_realm), CHALLENGE_INCOMPLETE);
	assert_int_equal(take(&c, &user, &no_nonce), CHALLENGE_INCOMPLETE);
	assert_int_equal(take(&c, &user, &empty_realm), CHALLENGE_INCOMPLETE);
	assert_false(challenge_ready(&c));
}

/* RFC 5389 servers, and clients that are told to behave like one */
static void
old_ways(void **state)
{
	static const struct told plain = {SCRIPT_REALM, SCRIPT_PLAIN_NONCE, {NULL, 0}};
	static const struct told secret = {SCRIPT_REALM, SCRIPT_SECRET_NONCE, LIST("\0\2\0\0")};
	struct challenge_user legacy = user;
	struct challenge c = {0};
	struct digest *d = digest_new();
	struct key want;

	(void)state;
	legacy.legacy = true;
	assert_true(key_long_term(d, KEY_MD5, user.name, bytes_text(SCRIPT_REALM), user.password, &want));
	assert_int_equal(take(&c, &user, &plain), CHALLENGE_NEW);
	assert_false(c.sha256);
	assert_memory_equal(c.key.b, want.b, 16);
	assert_int_equal(take(&c, &legacy, &secret), CHALLENGE_NONCE);
	assert_false(c.sha256);
	assert_false(c.anonymous);
	challenge_fini(&c);
	digest_free(d);
}

/* What a repetition would change: nothing, the nonce, or who we are */
static void
news(void **state)
{
	static const struct told one = {SCRIPT_REALM, SCRIPT_PLAIN_NONCE, {NULL, 0}};
	static const struct told longer = {SCRIPT_REALM, "a much longer nonce than the one before", {NULL, 0}};
	static const struct told no_realm = {NULL, "and one without a realm, longer still by a word", {NULL, 0}};
	static const struct told shorter = {SCRIPT_REALM, "short", {NULL, 0}};
	static const struct told realm = {"example.net", "short", {NULL, 0}};
	static const struct told secret = {"example.net", SCRIPT_SECRET_NONCE, LIST("\0\1\0\0")};
	struct challenge c = {0};

	(void)state;
	assert_int_equal(take(&c, &user, &one), CHALLENGE_NEW);
	assert_int_equal(take(&c, &user, &one), CHALLENGE_SAME);
	assert_int_equal(take(&c, &user, &longer), CHALLENGE_NONCE);
	assert_int_equal(take(&c, &user, &no_realm), CHALLENGE_NONCE);
	assert_int_equal(challenge_realm(&c).n, strlen(SCRIPT_REALM));
	assert_memory_equal(challenge_realm(&c).p, SCRIPT_REALM, strlen(SCRIPT_REALM));
	assert_int_equal(take(&c, &user, &shorter), CHALLENGE_NONCE);
	assert_int_equal(take(&c, &user, &realm), CHALLENGE_NEW);
	assert_int_equal(take(&c, &user, &secret), CHALLENGE_NEW);
	assert_true(c.anonymous);
	challenge_fini(&c);
}

/* The longest that RFC 8489 lets a receiver meet */
static void
sizes(void **state)
{
	char realm[STUN_TEXT_MAX + 1], nonce[STUN_TEXT_MAX + 1];
	struct told told = {realm, nonce, {NULL, 0}};
	struct challenge c = {0};

	(void)state;
	memset(realm, 'r', sizeof realm);
	memset(nonce, 'n', sizeof nonce);
	realm[STUN_TEXT_MAX] = nonce[STUN_TEXT_MAX] = '\0';
	assert_int_equal(take(&c, &user, &told), CHALLENGE_NEW);
	assert_int_equal(challenge_realm(&c).n, STUN_TEXT_MAX);
	challenge_fini(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(picks_first_known),
		cmocka_unit_test(refuses),
		cmocka_unit_test(old_ways),
		cmocka_unit_test(news),
		cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
