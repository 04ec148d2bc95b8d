/* common/logform.h: one record a line, whatever a stranger writes (security F10, surface 11). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/logform.h"
#include "common/text.h"

enum { ROOM = 4096 };

static const int64_t stamp = 1767323045678901; /* 2026-01-02T03:04:05.678901Z */

static const char *
formed(enum log_format format, const char *body)
{
	static char text[ROOM + 1];
	struct logform line = {stamp, LOG_INFO, "allocation.closed", bytes_text(body)};
	size_t n = logform_line(&line, format, text, ROOM);

	assert_true(n > 0 && n <= ROOM);
	text[n] = '\0';
	assert_ptr_equal(strchr(text, '\n'), text + n - 1);
	return text;
}

/* The example of surface 11. */
static void
each_format_has_its_shape(void **state)
{
	(void)state;
	const char *body = "user=alice client=198.51.100.7:50111 dur=312.4 rx_bytes=9";

	assert_string_equal(formed(LOG_FORMAT_LOGFMT, body),
	                    "ts=2026-01-02T03:04:05.678Z level=info event=allocation.closed "
	                    "user=alice client=198.51.100.7:50111 dur=312.4 rx_bytes=9\n");
	assert_string_equal(formed(LOG_FORMAT_TEXT, body),
	                    "2026-01-02T03:04:05.678Z info  allocation.closed "
	                    "user=alice client=198.51.100.7:50111 dur=312.4 rx_bytes=9\n");
	assert_string_equal(formed(LOG_FORMAT_JSON, body),
	                    "{\"ts\":\"2026-01-02T03:04:05.678Z\",\"level\":\"info\","
	                    "\"event\":\"allocation.closed\",\"user\":\"alice\","
	                    "\"client\":\"198.51.100.7:50111\",\"dur\":312.4,\"rx_bytes\":9}\n");
}

static void
levels_have_names(void **state)
{
	(void)state;
	static const char *const heads[] = {"1970-01-01T00:00:00.000Z error e\n",
	                                    "1970-01-01T00:00:00.000Z warn  e\n",
	                                    "1970-01-01T00:00:00.000Z info  e\n",
	                                    "1970-01-01T00:00:00.000Z debug e\n"};
	for (enum log_level level = LOG_ERROR; level <= LOG_DEBUG; level++) {
		char text[ROOM + 1];
		struct logform line = {0, level, "e", BYTES_NONE};
		text[logform_line(&line, LOG_FORMAT_TEXT, text, ROOM)] = '\0';
		assert_string_equal(text, heads[level]);
	}
}

/* What follows ,"event":"allocation.closed" in the JSON form of a body. */
static const char *
members(const char *body)
{
	const char *text = formed(LOG_FORMAT_JSON, body);

	return strstr(text, "closed\"") + strlen("closed\"");
}

static void
pairs_become_members(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{"", "}\n"},
		{"a=1", ",\"a\":1}\n"},
		{"a=", ",\"a\":\"\"}\n"},
		{"a=\"\"", ",\"a\":\"\"}\n"},
		{"  a=x   b=y ", ",\"a\":\"x\",\"b\":\"y\"}\n"},
		{"a=\"two words\" b=2", ",\"a\":\"two words\",\"b\":2}\n"},
		{"a=\"12\" b=12", ",\"a\":\"12\",\"b\":12}\n"},
		{"a=\"say \\\"hi\\\"\" b=c\\\\d", ",\"a\":\"say \\\"hi\\\"\",\"b\":\"c\\\\d\"}\n"},
		{"a=\\x0d", ",\"a\":\"\\\\x0d\"}\n"},
		{"a=b=c", ",\"a\":\"b=c\"}\n"},
		{"a=\"open", ",\"a\":\"open\"}\n"},
		{"a=\"open\\", ",\"a\":\"open\\\\\"}\n"},
		{"a=\"", ",\"a\":\"\"}\n"},
		{"a=\"x\"b=y", ",\"a\":\"x\",\"b\":\"y\"}\n"},
		{"plain words, a=1", ",\"msg\":\"plain words, a=1\"}\n"},
		{"a=1 then words", ",\"a\":1,\"msg\":\"then words\"}\n"},
		{"=x", ",\"msg\":\"=x\"}\n"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(members(rows[i][0]), rows[i][1]);
}

/* Only what any reader takes for the same number is one; a session id never is. */
static void
numbers_are_numbers_only_when_safe(void **state)
{
	(void)state;
	static const char *const numbers[] = {
		"0", "-1", "0.5", "-0.25", "312.4", "999999999999999",
	};
	static const char *const texts[] = {
		"", "-", "01", "-01", "00", "1.", ".5", "1e5", "0x1", "+1", "1.2.3", "1,5", "inf",
		"nan", "1234567890123456", "0000000000000000", "1-1",
	};
	char body[64], expected[64];

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		snprintf(body, sizeof body, "a=%s", numbers[i]);
		snprintf(expected, sizeof expected, ",\"a\":%s}\n", numbers[i]);
		assert_string_equal(members(body), expected);
	}
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		snprintf(body, sizeof body, "a=%s", texts[i]);
		snprintf(expected, sizeof expected, ",\"a\":\"%s\"}\n", texts[i]);
		assert_string_equal(members(body), expected);
	}
}

/* A JSON reader, strict as RFC 8259; it takes one object of texts and numbers. */
static const uint8_t *
json_string(const uint8_t *p, const uint8_t *end)
{
	if (p == end || *p++ != '"')
		return NULL;
	while (p < end && *p != '"') {
		if (*p < 0x20)
			return NULL;
		if (*p++ != '\\')
			continue;
		if (p == end || strchr("\"\\/bfnrtu", *p) == NULL)
			return NULL;
		if (*p++ == 'u') {
			char hex[5] = {0};
			uint8_t two[2];
			if (end - p < 4)
				return NULL;
			memcpy(hex, p, 4);
			if (!text_unhex(hex, two, 2))
				return NULL;
			p += 4;
		}
	}
	return p < end ? p + 1 : NULL;
}

static const uint8_t *
json_number(const uint8_t *p, const uint8_t *end)
{
	const uint8_t *start;

	if (p < end && *p == '-')
		p++;
	start = p;
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	if (p == start || (*start == '0' && p - start > 1))
		return NULL;
	if (p == end || *p != '.')
		return p;
	start = ++p;
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p == start ? NULL : p;
}

static bool
is_json(const char *text, size_t n)
{
	const uint8_t *p = (const uint8_t *)text, *end = p + n;

	if (!text_utf8(bytes_view(text, n), NULL) || n < 3 || end[-1] != '\n' || *p++ != '{')
		return false;
	for (end--;; p++) {
		p = json_string(p, end);
		if (p == NULL || p == end || *p++ != ':' || p == end)
			return false;
		p = *p == '"' ? json_string(p, end) : json_number(p, end);
		if (p == NULL || p == end)
			return false;
		if (*p != ',')
			return *p == '}' && p + 1 == end;
	}
}

/* One line of printable UTF-8 without what a terminal obeys. */
static bool
is_clean(const char *text, size_t n)
{
	if (!text_utf8(bytes_view(text, n), NULL))
		return false;
	for (size_t i = 0; i < n; i++)
		if (((uint8_t)text[i] < 0x20 && i != n - 1) || text[i] == 0x7f)
			return false;
	return text[n - 1] == '\n' && memmem(text, n, "\xe2\x80\xa8", 3) == NULL &&
	       memmem(text, n, "\xc2\x9b", 2) == NULL && memmem(text, n, "\xe2\x80\xae", 3) == NULL;
}

/* In a buffer of exactly `room` bytes, so that ASan sees the first byte too many. */
static void
check_body(struct bytes body, size_t room)
{
	struct logform line = {stamp, LOG_WARN, "peer.denied", body};

	for (enum log_format format = LOG_FORMAT_TEXT; format <= LOG_FORMAT_JSON; format++) {
		char *text = malloc(room);
		size_t n = logform_line(&line, format, text, room);
		assert_in_range(n, 1, room);
		assert_true(is_clean(text, n));
		if (format == LOG_FORMAT_JSON)
			assert_true(is_json(text, n));
		free(text);
	}
}

/* security F10: every byte, raw, as key and as value. */
static void
any_byte_leaves_one_clean_record(void **state)
{
	(void)state;
	for (unsigned b = 0; b < 256; b++) {
		const uint8_t rows[][6] = {
			{'a', '=', (uint8_t)b, 'b', ' ', 'c'},
			{(uint8_t)b, 'a', '=', 'b', ' ', 'c'},
			{'a', '=', '"', (uint8_t)b, '"', ' '},
			{'a', '=', '"', '\\', (uint8_t)b, '"'},
			{'a', (uint8_t)b, '=', 'x', '=', 'y'},
			{(uint8_t)b, (uint8_t)b, 'm', '=', ' ', '"'},
		};
		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
			check_body(bytes_view(rows[i], sizeof rows[i]), 256);
	}
	static const char *const hostile[] = {
		"user=a\r\nlevel=crit msg=pwned", "user=\x1b[2J\x1b]0;x\x07",
		"user=a\xe2\x80\xa8" "b", "user=\xe2\x80\xae" "evil", "user=\xc2\x9b" "31m",
		"user=\xed\xa0\x80", "user=\xef\xbb\xbf",
	};
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++)
		check_body(bytes_text(hostile[i]), 256);
}

static void
random_bytes_leave_one_clean_record(void **state)
{
	(void)state;
	static const char letters[] = "ab= \"\\\n\x1b\xc3\xa9\xe2\x80\xa8\xff" "1.-";
	uint64_t seed = 77;
	uint8_t body[200];

	for (unsigned round = 0; round < 6000; round++) {
		size_t n = round % sizeof body;
		for (size_t i = 0; i < n; i++) {
			seed = seed * 6364136223846793005 + 1442695040888963407;
			unsigned r = (unsigned)(seed >> 40);
			body[i] = r % 4 == 0 ? (uint8_t)(r >> 8)
			                     : (uint8_t)letters[(r >> 8) % (sizeof letters - 1)];
		}
		check_body(bytes_view(body, n), LOGFORM_MIN + round % 300);
	}
}

/* At every room there is, the line ends properly and says that it was cut. */
static void
long_lines_are_cut_and_marked(void **state)
{
	(void)state;
	const char *bodies[] = {
		"user=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b=1",
		"first=123456789 second=\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\" "
		"third=12345 fourth=\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\" fifth=\x01\x01\x01\x01"};

	for (size_t i = 0; i < 2; i++)
		for (size_t room = LOGFORM_MIN; room < 300; room++) {
			check_body(bytes_text(bodies[i]), room);
			char text[300];
			struct logform line = {stamp, LOG_INFO, "e", bytes_text(bodies[i])};
			size_t whole = logform_line(&line, LOG_FORMAT_LOGFMT, text, sizeof text);
			size_t n = logform_line(&line, LOG_FORMAT_LOGFMT, text, room);
			if (n < whole)
				assert_memory_equal(text + n - 4, "...\n", 4);
		}
}

static const char *
value(const char *p, size_t n, size_t room)
{
	static char text[ROOM];
	char *exact = malloc(room);

	logform_value(bytes_view(p, n), exact, room);
	assert_true(strlen(exact) < room);
	memcpy(text, exact, strlen(exact) + 1);
	free(exact);
	return text;
}

static void
values_stand_for_themselves(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"alice", "alice"},
		{"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
		{"", "\"\""},
		{"two words", "\"two words\""},
		{"k=v", "\"k=v\""},
		{"say \"hi\"", "\"say \\\"hi\\\"\""},
		{"back\\slash", "back\\\\slash"},
		{"12", "\"12\""},
		{"12:bob", "12:bob"},
		{"a\r\nlevel=crit msg=pwned", "\"a\\x0d\\x0alevel=crit msg=pwned\""},
		{"\x1b[2J", "\\x1b[2J"},
		{"\xff\xfe", "\\xff\\xfe"},
		{"\xe2\x80\xa8", "\\xe2\\x80\\xa8"},
		{"\x7f\xc2\x80", "\\x7f\\xc2\\x80"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(value(rows[i].in, strlen(rows[i].in), 100), rows[i].out);
	assert_string_equal(value("a\0b", 3, 100), "a\\x00b");
}

static void
values_are_cut_at_whole_characters(void **state)
{
	(void)state;
	assert_string_equal(value("abcdefg", 7, 8), "abcdefg");
	assert_string_equal(value("abcdefgh", 8, 8), "abcd...");
	assert_string_equal(value("a bcdef", 7, 10), "\"a bcdef\"");
	assert_string_equal(value("a bcdefg", 8, 10), "\"a bc...\"");
	assert_string_equal(value("abc\xc3\xbc\xc3\xbc\xc3\xbc", 9, 8), "abc...");
	assert_string_equal(value("\x01\x01\x01", 3, 8), "\\x01...");
	for (size_t room = 8; room < 64; room++)
		value("a \"b\" \xc3\xbc = \x01 \\ \xff, and so on and so forth", 38, room);
}

/* A name cannot become anything but one value, also after the JSON form has read it again. */
static void
a_hostile_value_stays_one_member(void **state)
{
	(void)state;
	char escaped[256], body[300];
	uint64_t seed = 5;

	for (unsigned round = 0; round < 20000; round++) {
		static const char letters[] = "a= \"\\,:{}\n1\xff\xc3\xbc";
		char name[12];
		size_t n = round % sizeof name;
		for (size_t i = 0; i < n; i++) {
			seed = seed * 6364136223846793005 + 1442695040888963407;
			name[i] = letters[(seed >> 40) % (sizeof letters - 1)];
		}
		logform_value(bytes_view(name, n), escaped, sizeof escaped);
		snprintf(body, sizeof body, "user=%s end=0", escaped);
		const char *text = members(body);
		const uint8_t *end = (const uint8_t *)text + strlen(text);
		assert_memory_equal(text, ",\"user\":", 8);
		const uint8_t *after = json_string((const uint8_t *)text + 8, end);
		assert_non_null(after);
		assert_string_equal((const char *)after, ",\"end\":0}\n");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_format_has_its_shape),
		cmocka_unit_test(levels_have_names),
		cmocka_unit_test(pairs_become_members),
		cmocka_unit_test(numbers_are_numbers_only_when_safe),
		cmocka_unit_test(any_byte_leaves_one_clean_record),
		cmocka_unit_test(random_bytes_leave_one_clean_record),
		cmocka_unit_test(long_lines_are_cut_and_marked),
		cmocka_unit_test(values_stand_for_themselves),
		cmocka_unit_test(values_are_cut_at_whole_characters),
		cmocka_unit_test(a_hostile_value_stays_one_member),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
