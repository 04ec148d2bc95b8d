/*
 * natping: does this TURN server work, and if not, why? natping(1).
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "conf/cli.h"
#include "tools/natping_check.h"
#include "tools/natping_client.h"
#include "tools/natping_echo.h"
#include "tools/natping_proof.h"
#include "tools/natping_relay.h"
#include "tools/natping_show.h"
#include "tools/natping_state.h"
#include "tools/natping_steps.h"

enum { UNTESTED = 3 };

#define ROW(kind, field, long_name) \
	.type = CLI_##kind, .offset = offsetof(struct natping_wish, field), .name = long_name

static const struct cli_option rows[] = {
	{.type = CLI_TITLE, .help = "Credentials"},
	{ROW(STRING, secret_file, "secret-file"), .argument = "FILE",
	 .help = "file with the secret shared with the server; credentials are made from it"},
	{ROW(STRING, user, "user"), .letter = 'u', .argument = "NAME",
	 .help = "user name; with --secret-file the part behind the expiry (natping)"},
	{ROW(STRING, password_file, "password-file"), .argument = "FILE",
	 .help = "file with the password of --user"},
	{ROW(DURATION, ttl, "ttl"), .argument = "TIME", .min = 1000, .max = 365ull * 86400000,
	 .help = "how long credentials made from the secret are valid (10m; with --mint 12h)"},
	{.type = CLI_TITLE, .help = "What is done"},
	{ROW(INT, count, "count"), .letter = 'n', .argument = "N", .max = 1000000,
	 .help = "echoes after the checks (5); 0: checks only"},
	{ROW(SIZE, size, "size"), .letter = 's', .argument = "BYTES", .min = NATPING_STAMP,
	 .max = NATPING_SIZE_MAX, .help = "payload of an echo (64)"},
	{ROW(DURATION, interval, "interval"), .letter = 'i', .argument = "TIME", .min = 1,
	 .max = 3600000, .help = "time between echoes (200ms)"},
	{ROW(FLAG, proof, "proof"),
	 .help = "instead of safety checks and echoes: many datagrams through two relays, both "
	         "ways, each verified"},
	{ROW(INT, datagrams, "datagrams"), .argument = "N", .min = 1, .max = 10000000,
	 .help = "how many each way, for --proof (1000)"},
	{ROW(FLAG, mint, "mint"),
	 .help = "send nothing: print URI and time-limited credentials to paste into an ICE "
	         "configuration"},
	{ROW(DURATION, timeout, "timeout"), .letter = 't', .argument = "TIME", .min = 500,
	 .max = 60000, .help = "how long to wait for an answer (5s)"},
	{ROW(FLAG, ipv4, "ipv4"), .letter = '4', .help = "IPv4 only"},
	{ROW(FLAG, ipv6, "ipv6"), .letter = '6', .help = "IPv6 only, the relay too"},
	{.type = CLI_TITLE, .help = "What is printed"},
	{ROW(FLAG, json, "json"), .letter = 'j', .help = "one JSON object"},
	{ROW(FLAG, nagios, "nagios"), .help = "one line with performance data, for monitoring"},
	{ROW(FLAG, report, "report"), .help = "a Markdown table without names and addresses"},
	{.type = CLI_END},
};

static const struct cli cli = {
	.program = "natping",
	.usage = "[options] URL",
	.about = "Does this TURN server work, and if not, why?",
	.rows = rows,
	.version = "natping " PACKAGE_VERSION,
	.epilog = "Exit status: 0 works, 1 works with warnings, 2 does not work or is unsafe, "
	          "3 could not be tested, 64 wrong usage.",
};

static void
random_bytes(void *ctx, void *into, size_t n)
{
	entropy_take(ctx, into, n);
}

/* Sends at 0, 0.5, 1.5, 3.5 ... s while there is time for an answer; fails at `timeout`. */
static struct txn_policy
schedule(uint64_t timeout)
{
	uint64_t slots = timeout / 500, spent = 0;
	struct txn_policy policy = {.rto = 500, .rc = 1};

	while (spent + (1u << (policy.rc - 1)) <= slots / 2) {
		spent += 1u << (policy.rc - 1);
		policy.rc++;
	}
	policy.rm = (uint16_t)(slots - spent);
	return policy;
}

static int
take_secret(struct natping *p)
{
	const struct natping_wish *w = &p->wish;
	uint64_t ttl = w->ttl != 0 ? w->ttl : w->mint ? 12 * 3600 * 1000 : 600 * 1000;
	struct toolfile_secret secret;
	struct credential made;
	int wrong = toolfile_secret(w->secret_file, &secret);

	if (wrong != 0) {
		fprintf(stderr, "natping: %s: %s\n", w->secret_file, toolfile_complaint(wrong));
		return UNTESTED;
	}
	p->minted = true;
	p->expiry = clock_now().unix_s + (int64_t)(ttl / 1000);
	const char *why = credential_mint(p->digest, bytes_view(secret.b, secret.n),
	                                  w->user != NULL ? w->user : "natping", p->expiry, &made);
	digest_wipe(&secret, sizeof secret);
	if (why != NULL) {
		fprintf(stderr, "natping: %s\n", why);
		return UNTESTED;
	}
	snprintf(p->username, sizeof p->username, "%s", made.username);
	p->password.n = strlen(made.password);
	memcpy(p->password.b, made.password, p->password.n);
	credential_wipe(&made);
	return 0;
}

static int
take_password(struct natping *p)
{
	struct bytes user;
	int wrong = toolfile_secret(p->wish.password_file, &p->password);

	if (wrong != 0) {
		fprintf(stderr, "natping: %s: %s\n", p->wish.password_file,
		        toolfile_complaint(wrong));
		return UNTESTED;
	}
	size_t n = strlen(p->wish.user);
	if (n >= sizeof p->username) {
		fprintf(stderr, "natping: the user name is too long\n");
		return UNTESTED;
	}
	memcpy(p->username, p->wish.user, n + 1);
	/* a name made by somebody else from a secret tells when it ends */
	if (!key_rest_name(bytes_text(p->username), ':', &p->expiry, &user) || user.n == n)
		p->expiry = 0;
	return 0;
}

/* 0, or the exit status after a complaint. */
static int
prepare(struct natping *p, const char *url)
{
	const struct natping_wish *w = &p->wish;
	const char *why = uri_parse(url, &p->uri);

	if (why != NULL)
		return cli_usage(&cli, "%s: %s", url, why);
	if (w->ipv4 && w->ipv6)
		return cli_usage(&cli, "--ipv4 and --ipv6 exclude each other");
	if (w->json + w->nagios + w->report > 1)
		return cli_usage(&cli, "--json, --nagios and --report exclude each other");
	if ((w->secret_file != NULL && w->password_file != NULL) ||
	    (w->secret_file == NULL && (w->user == NULL) != (w->password_file == NULL)))
		return cli_usage(&cli, "give --secret-file, or --user with --password-file");
	if (w->mint && w->secret_file == NULL)
		return cli_usage(&cli, "--mint needs --secret-file");
	if ((why = uri_udp(&p->uri)) != NULL) {
		fprintf(stderr, "natping: %s: %s\n", url, why);
		return UNTESTED;
	}
	p->known = w->secret_file != NULL || w->user != NULL;
	int status = !p->known ? 0 : w->secret_file != NULL ? take_secret(p) : take_password(p);
	if (status != 0)
		return status;

	p->quiet = w->json || w->nagios || w->report;
	p->colour = !p->quiet && isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
	p->env = (struct turnc_env){p->digest, random_bytes, &p->entropy};
	p->stranger = (struct turnc_want){.txn = schedule(w->timeout)};
	p->want = p->stranger;
	p->want.family = w->ipv6 ? AF_INET6 : 0;
	p->want.username = bytes_text(p->username);
	p->want.password = bytes_view(p->password.b, p->password.n);
	entropy_fill(p->tag, sizeof p->tag);
	return 0;
}

/* Two allocations and a way between them. */
static bool
connect_relays(struct natping *p)
{
	if (!p->known)
		return natping_steps_add(p, "allocate", NATPING_UNTESTED,
			"No credentials were given (--secret-file, or --user and "
			"--password-file), so relaying was not tested.");
	return natping_check_allocate(p, &p->a, "allocate") && natping_relay_address(p) &&
	       natping_check_allocate(p, &p->b, "second") && natping_relay_permission(p) &&
	       natping_relay_channel(p);
}

static void
run(struct natping *p)
{
	bool on = natping_check_name(p) && natping_check_udp(p);

	if (!on || (!p->uri.turn && !p->wish.proof && !p->known))
		return;
	on = natping_check_stranger(p) && connect_relays(p);
	if (on && p->wish.proof)
		natping_proof_run(p);
	else if (on && natping_relay_data(p)) {
		natping_relay_safety(p);
		natping_relay_other_family(p);
		if (natping_relay_refresh(p))
			natping_echo_run(p);
	}
	if (addr_family(&p->a.turn.relayed) != 0 || addr_family(&p->b.turn.relayed) != 0)
		natping_relay_delete(p);
}

static int
checked(struct natping *p, const char *url)
{
	int status = prepare(p, url);

	if (status != 0)
		return status;
	if (p->wish.mint) {
		natping_show_mint(p);
		return 0;
	}
	natping_show_head(p);
	run(p);
	natping_show_result(p);
	return natping_steps_exit(p);
}

int
main(int argc, char **argv)
{
	struct natping *p = calloc(1, sizeof *p);
	int status = UNTESTED;

	if (p == NULL)
		return UNTESTED;
	p->a.fd = p->b.fd = -1;
	p->wish = (struct natping_wish){
		.count = 5, .datagrams = 1000, .interval = 200, .timeout = 5000
	};
	int at = cli_parse(&cli, argc, argv, &p->wish);
	p->digest = digest_new();
	if (at < 0)
		status = cli_status(at);
	else if (argc - at != 1)
		status = cli_usage(&cli, at == argc ? "the URL is missing" : "one URL only");
	else if (p->digest != NULL)
		status = checked(p, argv[at]);
	natping_client_close(&p->a);
	natping_client_close(&p->b);
	digest_free(p->digest);
	free(p->echo.rtt_ms);
	digest_wipe(&p->password, sizeof p->password);
	free(p);
	return status;
}
