/* stun/prep.c: OpaqueString (RFC 8265, 4.2) and realms. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "stun/prep.h"

enum { ROOM = 1024 };

static void
becomes(const char *from, const char *to)
{
	uint8_t got[ROOM];
	size_t n;
	const char *complaint = prep_opaque(bytes_text(from), got, sizeof got, &n);

	if (complaint != NULL)
		fail_msg("\"%s\" %s", from, complaint);
	assert_true(bytes_equal(bytes_view(got, n), bytes_text(to)));
	/* what is prepared stays as it is */
	assert_null(prep_opaque(bytes_text(to), got, sizeof got, &n));
	assert_true(bytes_equal(bytes_view(got, n), bytes_text(to)));
}

static void
is_refused(struct bytes text)
{
	uint8_t got[ROOM];
	size_t n = 1;

	assert_non_null(prep_opaque(text, got, sizeof got, &n));
	assert_int_equal(n, 0);
}

static void
refused(const char *text)
{
	is_refused(bytes_text(text));
}

/* conformance-stun 7.8, every row; S-174 ... S-177, S-179 */
static void
table(void **state)
{
	(void)state;
	becomes("user", "user");
	becomes("USER", "USER");
	refused("");
	becomes("foo\xe1\x9a\x80"
	        "bar",
	        "foo bar"); /* U+1680 */
	refused("a\tb");
	refused("I\xc2\xadX");                   /* U+00AD */
	becomes("\xc2\xaa", "\xc2\xaa");         /* U+00AA */
	becomes("\xe2\x85\xa8", "\xe2\x85\xa8"); /* U+2168 */
	becomes("e\xcc\x81", "\xc3\xa9");        /* U+0301 -> U+00E9 */
	refused("\a");
	becomes("\xd8\xa7"
	        "1",
	        "\xd8\xa7"
	        "1"); /* U+0627: no bidi rule */
	refused("The\xc2\xadM\xc2\xaatr\xe2\x85\xa8");
}

/* RFC 8265, 4.2.4: what is allowed, and what becomes of it */
static void
more_allowed(void **state)
{
	(void)state;
	becomes("correct horse battery staple", "correct horse battery staple");
	becomes("Correct Horse Battery Staple", "Correct Horse Battery Staple");
	becomes("\xcf\x80\xc3\x9f\xc3\xa5", "\xcf\x80\xc3\x9f\xc3\xa5");
	becomes("Jack of \xe2\x99\xa6s", "Jack of \xe2\x99\xa6s");
	becomes(" leading and trailing ", " leading and trailing ");
	becomes("\xc2\xa0x\xe3\x80\x80", " x ");         /* U+00A0, U+3000 */
	becomes("\xef\xac\x81", "\xef\xac\x81");         /* U+FB01: no compatibility mapping */
	becomes("\xef\xbc\xa1", "\xef\xbc\xa1");         /* U+FF21: no width mapping */
	becomes("\xe2\x84\xab", "\xc3\x85");             /* U+212B is canonically U+00C5 */
	becomes("\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"); /* U+1F600 */
	becomes("\xe3\x83\x9e\xe3\x83\x88\xe3\x83\xaa\xe3\x83\x83\xe3\x82\xaf\xe3\x82\xb9",
	        "\xe3\x83\x9e\xe3\x83\x88\xe3\x83\xaa\xe3\x83\x83\xe3\x82\xaf\xe3\x82\xb9");
	becomes("q\xcc\x81\xcc\xa3", "q\xcc\xa3\xcc\x81");       /* marks in canonical order */
	becomes("\xe3\x80\x87\xdb\xbd", "\xe3\x80\x87\xdb\xbd"); /* exceptions U+3007, U+06FD */
	becomes("\xed\x95\x9c", "\xed\x95\x9c");                 /* U+D55C, a composed syllable */
}

/* S-177, RFC 8264, 8 */
static void
more_refused(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 0x20; c++) { /* controls, NUL as well */
		uint8_t b[3] = {'a', (uint8_t)c, 'b'};
		is_refused(bytes_view(b, 3));
	}
	refused("\x7f");
	refused("\xc2\x80");         /* U+0080 */
	refused("\xe2\x80\x8b");     /* U+200B zero width space */
	refused("\xe2\x80\xae");     /* U+202E right-to-left override */
	refused("\xe2\x80\xa8");     /* U+2028 line separator */
	refused("\xef\xbb\xbf");     /* U+FEFF */
	refused("\xef\xb8\x8f");     /* U+FE0F variation selector */
	refused("\xe1\x84\x80");     /* U+1100 old Hangul jamo */
	refused("\xed\x9f\xbb");     /* U+D7FB */
	refused("\xea\xa5\xa0");     /* U+A960 */
	refused("\xcd\xb8");         /* U+0378 unassigned */
	refused("\xef\xb7\x90");     /* U+FDD0 noncharacter */
	refused("\xf4\x8f\xbf\xbf"); /* U+10FFFF */
	refused("\xee\x80\x80");     /* U+E000 private */
	refused("\xd9\x80");         /* U+0640 tatweel, an exception */
	refused("\xdf\xba");         /* U+07FA */
	refused("\xe3\x80\xae");     /* U+302E */
	refused("\xe3\x80\xb1");     /* U+3031 */
	refused("\xe3\x80\xbb");     /* U+303B */
	refused("\xf3\xa0\x81\x81"); /* U+E0041 tag */
}

/* S-180 */
static void
bad_utf8(void **state)
{
	(void)state;
	refused("\x80");
	refused("a\xc3");
	refused("\xc0\xaf"); /* overlong */
	refused("\xe0\x80\xaf");
	refused("\xed\xa0\x80");     /* surrogate */
	refused("\xf4\x90\x80\x80"); /* beyond U+10FFFF */
	refused("\xff");
}

/* RFC 5892, appendix A */
static void
contexts(void **state)
{
	(void)state;
	/* A.1, A.2: zero width non-joiner and joiner */
	becomes("\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8c\xe0\xa4\xb7",
	        "\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8c\xe0\xa4\xb7");
	becomes("\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d\xe0\xa4\xb7",
	        "\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d\xe0\xa4\xb7");
	becomes("\xd9\x86\xd9\x85\xe2\x80\x8c\xd9\x86",
	        "\xd9\x86\xd9\x85\xe2\x80\x8c\xd9\x86"); /* noon meem ZWNJ noon */
	becomes("\xd9\x86\xd9\x8e\xe2\x80\x8c\xd9\x8e\xd9\x86",
	        "\xd9\x86\xd9\x8e\xe2\x80\x8c\xd9\x8e\xd9\x86"); /* over marks */
	refused("\xd8\xa7\xe2\x80\x8c\xd9\x86"); /* alef joins nothing to its left */
	refused("\xd9\x86\xd9\x85\xe2\x80\x8d\xd9\x86");
	refused("a\xe2\x80\x8c"
	        "b");
	refused("\xe2\x80\x8c");
	refused("\xd9\x86\xe2\x80\x8c");
	refused("\xe2\x80\x8d");
	/* A.3: middle dot between two l */
	becomes("col\xc2\xb7lecci\xc3\xb3", "col\xc2\xb7lecci\xc3\xb3");
	refused("co\xc2\xb7lecci\xc3\xb3");
	refused("l\xc2\xb7");
	refused("\xc2\xb7l");
	/* A.4: Greek keraia before a Greek letter */
	becomes("\xcd\xb5\xce\xb1", "\xcd\xb5\xce\xb1");
	refused("\xcd\xb5"
	        "a");
	refused("\xce\xb1\xcd\xb5");
	/* A.5, A.6: behind a Hebrew letter */
	becomes("\xd7\x90\xd7\xb3", "\xd7\x90\xd7\xb3");
	becomes("\xd7\x90\xd7\xb4\xd7\x91", "\xd7\x90\xd7\xb4\xd7\x91");
	refused("\xd7\xb3\xd7\x90");
	refused("a\xd7\xb4");
	/* A.7: with kana or Han */
	becomes("\xe3\x83\xbb\xe3\x81\x82", "\xe3\x83\xbb\xe3\x81\x82");
	becomes("\xe3\x82\xa2\xe3\x83\xbb", "\xe3\x82\xa2\xe3\x83\xbb");
	becomes("\xe4\xb8\x80\xe3\x83\xbb", "\xe4\xb8\x80\xe3\x83\xbb");
	refused("a\xe3\x83\xbb"
	        "b");
	refused("\xe3\x83\xbb");
	/* A.8, A.9: Arabic-Indic digits of one kind */
	becomes("\xd9\xa1\xd9\xa2", "\xd9\xa1\xd9\xa2");
	becomes("\xdb\xb1\xdb\xb2", "\xdb\xb1\xdb\xb2");
	refused("\xd9\xa1\xdb\xb2");
	refused("\xdb\xb2\xd9\xa1");
}

static void
room(void **state)
{
	size_t n;

	(void)state;
	for (size_t cap = 0; cap < 8; cap++) {
		uint8_t *exact = malloc(cap + 1);
		assert_non_null(exact);
		assert_int_equal(prep_opaque(bytes_text("abcd"), exact, cap, &n) == NULL, cap >= 4);
		assert_int_equal(n, cap >= 4 ? 4 : 0);
		assert_int_equal(prep_opaque(bytes_text("ab\xc3\xa9"), exact, cap, &n) == NULL,
		                 cap >= 4);
		assert_int_equal(n, cap >= 4 ? 4 : 0);
		free(exact);
	}
	/* long texts: ASCII of any size, others up to a bound */
	uint8_t big[2048], got[2048];
	memset(big, 'a', sizeof big);
	assert_null(prep_opaque(bytes_view(big, sizeof big), got, sizeof got, &n));
	assert_int_equal(n, sizeof big);
	memcpy(big, "\xc3\xa9", 2);
	assert_null(prep_opaque(bytes_view(big, 763), got, sizeof got, &n));
	assert_int_equal(n, 763);
	assert_null(prep_opaque(bytes_view(big, 1024), got, sizeof got, &n));
	assert_non_null(prep_opaque(bytes_view(big, 1025), got, sizeof got, &n));
	/* U+FB2C becomes three code points: more than fit */
	for (size_t i = 0; i + 3 <= 1024; i += 3)
		memcpy(big + i, "\xef\xac\xac", 3);
	assert_null(prep_opaque(bytes_view(big, 1023), got, sizeof got, &n));
	assert_int_equal(n, 341 * 6);
}

/* S-149, S-173 */
static void
realms(void **state)
{
	char longest[130];

	(void)state;
	assert_null(prep_realm(bytes_text("example.org")));
	assert_null(prep_realm(bytes_text("My Realm, no. 7")));
	assert_null(prep_realm(bytes_text("b\xc3\xbc"
	                                  "cher.example")));
	assert_non_null(prep_realm(bytes_text("")));
	assert_non_null(prep_realm(bytes_text("\"example.org\"")));
	assert_non_null(prep_realm(bytes_text("exa\"mple")));
	assert_non_null(prep_realm(bytes_text("exa\\mple")));
	assert_non_null(prep_realm(bytes_text("a\nb")));
	assert_non_null(prep_realm(bytes_text("a\tb")));
	assert_non_null(prep_realm(bytes_view("a\0b", 3)));
	assert_non_null(prep_realm(bytes_text("\xff")));
	assert_non_null(prep_realm(bytes_text("bu\xcc\x88"
	                                      "cher"))); /* clients would hash another one */
	memset(longest, 'a', sizeof longest);
	assert_null(prep_realm(bytes_view(longest, 127)));
	assert_non_null(prep_realm(bytes_view(longest, 128)));
	uint8_t wide[4 * 128];
	for (size_t i = 0; i < sizeof wide; i += 4)
		memcpy(wide + i, "\xf0\x9f\x98\x80", 4);
	assert_null(prep_realm(bytes_view(wide, 508)));
	assert_non_null(prep_realm(bytes_view(wide, 512)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),        cmocka_unit_test(more_allowed),
		cmocka_unit_test(more_refused), cmocka_unit_test(bad_utf8),
		cmocka_unit_test(contexts),     cmocka_unit_test(room),
		cmocka_unit_test(realms),
	};

	return cmocka_run_group_tests_name("stun/prep", tests, NULL, NULL);
}
