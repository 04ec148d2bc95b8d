/* common/bytes.h: nothing is read or written outside a view (security F1-F3, rule R2). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "common/bytes.h"

static void
views_compare_by_content(void **state)
{
	(void)state;
	assert_true(bytes_equal(bytes_text("turn"), bytes_view("turning", 4)));
	assert_false(bytes_equal(bytes_text("turn"), bytes_text("turns")));
	assert_false(bytes_equal(bytes_text("turn"), bytes_text("tarn")));
	assert_true(bytes_equal(BYTES_NONE, bytes_text("")));
	assert_true(bytes_equal(bytes_text(NULL), BYTES_NONE));
}

static void
a_cursor_reads_big_endian(void **state)
{
	(void)state;
	static const uint8_t wire[] = {1, 0x80, 2, 0xfe, 0xdc, 0xba, 0x98, 'x', 'y'};
	struct cursor c = cursor_over(bytes_view(wire, sizeof wire));

	assert_int_equal(cursor_u8(&c), 1);
	assert_int_equal(cursor_u16(&c), 0x8002);
	assert_int_equal(cursor_u32(&c), 0xfedcba98);
	struct bytes rest = cursor_take(&c, cursor_left(&c));
	assert_true(bytes_equal(rest, bytes_text("xy")));
	assert_int_equal(cursor_left(&c), 0);
	assert_false(c.bad);
}

/* Every read at every distance from the end, in memory that ASan watches byte by byte. */
static void
a_cursor_never_leaves_its_view(void **state)
{
	(void)state;
	for (size_t n = 0; n < 5; n++) {
		uint8_t *p = malloc(n + 1);
		memset(p, 0xff, n + 1);
		for (unsigned size = 1; size <= 4; size *= 2) {
			struct cursor c = cursor_over(bytes_view(p, n));
			uint32_t v = size == 1 ? cursor_u8(&c) : size == 2 ? cursor_u16(&c)
			                                                   : cursor_u32(&c);
			assert_int_equal(c.bad, n < size);
			if (c.bad)
				assert_int_equal(v, 0);
			else
				assert_int_equal(cursor_left(&c), n - size);
		}
		free(p);
	}
}

static void
a_cursor_remembers_its_first_failure(void **state)
{
	(void)state;
	struct cursor c = cursor_over(bytes_text("abc"));

	assert_null(cursor_take(&c, SIZE_MAX).p);
	assert_true(c.bad);
	assert_int_equal(cursor_u8(&c), 0);
	assert_int_equal(cursor_take(&c, 0).n, 0);
	assert_true(c.bad);
	assert_int_equal(cursor_left(&c), 3);

	struct cursor none = cursor_over(BYTES_NONE);
	assert_int_equal(cursor_left(&none), 0);
	assert_int_equal(cursor_u8(&none), 0);
	assert_true(none.bad);
}

static void
a_pen_writes_big_endian(void **state)
{
	(void)state;
	uint8_t room[10];
	struct pen w = pen_over(room, sizeof room);

	pen_u8(&w, 1);
	pen_u16(&w, 0x8002);
	pen_u32(&w, 0xfedcba98);
	pen_put(&w, "xyz", 3);
	assert_false(w.full);
	assert_int_equal(pen_used(&w), sizeof room);
	assert_memory_equal(room, "\x01\x80\x02\xfe\xdc\xba\x98xyz", sizeof room);
}

static void
a_full_pen_writes_nothing_more(void **state)
{
	(void)state;
	uint8_t room[4] = {9, 9, 9, 9};
	struct pen w = pen_over(room, 3);

	pen_u16(&w, 0x0102);
	pen_u16(&w, 0x0304); /* one byte too long: not even its first half */
	assert_true(w.full);
	pen_u8(&w, 5); /* would fit, but comes after a loss */
	assert_null(pen_room(&w, 0));
	assert_null(pen_room(&w, SIZE_MAX));
	assert_int_equal(pen_used(&w), 2);
	assert_memory_equal(room, "\x01\x02\x09\x09", 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(views_compare_by_content),
		cmocka_unit_test(a_cursor_reads_big_endian),
		cmocka_unit_test(a_cursor_never_leaves_its_view),
		cmocka_unit_test(a_cursor_remembers_its_first_failure),
		cmocka_unit_test(a_pen_writes_big_endian),
		cmocka_unit_test(a_full_pen_writes_nothing_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
