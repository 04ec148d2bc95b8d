#include "server/events.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct siphash_key key = {5, 6};
static const struct instant now = {.mono = 1000, .unix_s = 1700000000};

static union addr
addr(const char *text, uint16_t port)
{
	union addr a;

	assert_null(addr_parse(text, port, &a));
	return a;
}

/* What one report writes; before log_open() the log goes to stderr, which is a file here. */
static void
report(const struct settings_log *log, const struct turn_event *event, char into[static 2000])
{
	FILE *file = tmpfile();
	int before = dup(STDERR_FILENO);
	struct events *e = events_new(log, &key);
	size_t n;

	assert_non_null(file);
	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	events_report(e, event, now);
	fflush(stderr);
	dup2(before, STDERR_FILENO);
	close(before);
	rewind(file);
	n = fread(into, 1, 1999, file);
	into[n] = '\0';
	fclose(file);
	events_free(e);
}

#define assert_contains(text, part)                                                                \
	do {                                                                                       \
		if (strstr(text, part) == NULL)                                                    \
			fail_msg("'%s' is not in '%s'", part, text);                               \
	} while (0)

static struct turn_event
failed_auth(const struct flow *flow, const char *user)
{
	return (struct turn_event){.kind = TURN_EVENT_AUTH_FAILED,
	                           .reason = TURN_REASON_BAD_INTEGRITY,
	                           .flow = flow,
	                           .user = bytes_text(user)};
}

static void
test_privacy(void **state)
{
	static const struct {
		int privacy;
		const char *v4, *v6;
	} want[] = {
		{SETTINGS_FULL, "client=198.51.100.77:4000", "client=[2001:db8:1:2::3]:4000"},
		{SETTINGS_TRUNCATE, "client=198.51.100.0/24", "client=2001:db8:1::/48"},
		{SETTINGS_HASH, "client=#", "client=#"},
		{SETTINGS_HIDE, "client=-", "client=-"},
	};
	struct flow four = {.client = addr("198.51.100.77", 4000)},
	            six = {.client = addr("2001:db8:1:2::3", 4000)};
	char text[2000];

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct settings_log log = {.abuse_addresses = want[i].privacy};
		struct turn_event event = failed_auth(&four, "ann");

		report(&log, &event, text);
		assert_contains(text, "auth.failed");
		assert_contains(text, "reason=bad_integrity user=ann");
		assert_contains(text, want[i].v4);
		if (want[i].privacy != SETTINGS_FULL)
			assert_null(strstr(text, "198.51.100.77"));
		event.flow = &six;
		report(&log, &event, text);
		assert_contains(text, want[i].v6);
	}
}

/* F10: what a stranger calls himself is one value on one line. */
static void
test_hostile_user(void **state)
{
	struct flow flow = {.client = addr("198.51.100.77", 4000)};
	struct turn_event event = failed_auth(&flow, "a\r\nlevel=crit msg=pwned \x1b[2J %n%s");
	struct settings_log log = {0};
	char text[2000];

	(void)state;
	report(&log, &event, text);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	assert_null(strchr(text, '\r'));
	assert_null(strchr(text, '\x1b'));
	log.usernames = SETTINGS_HIDE;
	report(&log, &event, text);
	assert_contains(text, "user=- ");
	log.usernames = SETTINGS_HASH;
	report(&log, &event, text);
	assert_contains(text, "user=#");
	assert_null(strstr(text, "pwned"));
}

static void
test_peer_denied_names_the_key(void **state)
{
	union addr peer = addr("10.9.9.9", 53);
	struct turn_event event = {.kind = TURN_EVENT_PEER_DENIED,
	                           .reason = TURN_REASON_PEER_ADDRESS,
	                           .peer = &peer,
	                           .rule = "recommended:10.0.0.0/8"};
	struct settings_log log = {.peer_addresses = SETTINGS_HIDE};
	char text[2000];

	(void)state;
	report(&log, &event, text);
	assert_contains(text, "rule=recommended:10.0.0.0/8 key=peers.allow");
	assert_null(strstr(text, "10.9.9.9")); /* H6: the default */
	event.reason = TURN_REASON_PEER_PORT;
	report(&log, &event, text);
	assert_contains(text, "key=peers.deny_ports");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_privacy),
	                                   cmocka_unit_test(test_hostile_user),
	                                   cmocka_unit_test(test_peer_denied_names_the_key)};

	return cmocka_run_group_tests_name("server/events", tests, NULL, NULL);
}
