/*
 * natsrvd: the command line and the order of things. What the daemon does is in daemon.c.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/digest.h"
#include "common/log.h"
#include "conf/cli.h"
#include "conf/complaints.h"
#include "net/loop.h"
#include "server/build.h"
#include "server/daemon.h"
#include "server/privs.h"
#include "server/settings.h"

enum print { PRINT_NOTHING, PRINT_SAMPLE, PRINT_MAN };

struct wish {
	const char *file;
	bool check, strict, dump, open_relay, version;
	int print; /* enum print */
	struct cli_list set;
	unsigned louder, quieter;
};

static const char *const print_choices[] = {"nothing", "sample", "man", NULL};

static const struct cli_option rows[] = {
	{.name = "file", .letter = 'f', .argument = "FILE", .type = CLI_STRING,
	 .offset = offsetof(struct wish, file), .help = "configuration (default " NATSRV_CONF ")"},
	{.name = "set", .argument = "PATH=VALUE", .type = CLI_LIST,
	 .offset = offsetof(struct wish, set),
	 .help = "overlay one setting, e.g. --set relay.ports=50000-50999; may be repeated"},
	{.name = "check-config", .letter = 't', .type = CLI_FLAG,
	 .offset = offsetof(struct wish, check),
	 .help = "check the configuration and the files that it names, then exit"},
	{.name = "strict", .type = CLI_FLAG, .offset = offsetof(struct wish, strict),
	 .help = "let warnings about the configuration count as errors"},
	{.name = "dump-config", .type = CLI_FLAG, .offset = offsetof(struct wish, dump),
	 .help = "print the effective configuration with the origin of every value, "
	         "secrets masked"},
	{.name = "print", .argument = "WHAT", .type = CLI_CHOICE, .choices = print_choices,
	 .offset = offsetof(struct wish, print),
	 .help = "print generated text: a sample configuration, or the options of natsrv.conf(5)"},
	{.name = "i-know-this-is-an-open-relay", .type = CLI_FLAG,
	 .offset = offsetof(struct wish, open_relay),
	 .help = "allow auth.anonymous on addresses other than loopback"},
	{.name = "verbose", .letter = 'v', .type = CLI_COUNT,
	 .offset = offsetof(struct wish, louder), .help = "log more (debug)"},
	{.name = "quiet", .letter = 'q', .type = CLI_COUNT,
	 .offset = offsetof(struct wish, quieter),
	 .help = "log less: warnings and errors; twice: errors only"},
	{.name = "version", .type = CLI_FLAG, .offset = offsetof(struct wish, version),
	 .help = "print the version, the libraries' too"},
	{.type = CLI_END},
};

static const struct cli cli = {
	.program = "natsrvd",
	.usage = "[options]",
	.about = "A STUN and TURN server.  It stays in the foreground; SIGTERM stops it.",
	.rows = rows,
	.epilog = "Exit status: 0 ok, 64 usage, 69 an address cannot be used, 71 system error,\n"
	          "77 no permission, 78 configuration.  See natsrvd(8) and natsrv.conf(5).",
};

static int
print_version(void)
{
	printf("natsrvd %s\n%s\nlibevent %s\n", PACKAGE_VERSION, digest_library(), loop_library());
	return DAEMON_OK;
}

/* Prints what is wrong. Is the configuration fit for use? */
static bool
acceptable(struct complaints *c, const struct wish *wish)
{
	size_t errors = complaints_errors(c), warnings = complaints_warnings(c);
	char count[64];

	complaints_print(c, stderr);
	if (errors == 0 && !(wish->strict && warnings > 0))
		return true;
	fprintf(stderr, "natsrvd: %s; not starting (exit %d)\n", complaints_count(c, count),
	        DAEMON_CONFIG);
	return false;
}

static int
serve(const struct settings *settings, struct build *build, const struct wish *wish)
{
	struct log_policy policy = settings_log_policy(settings);
	struct daemon *daemon;
	int code, error;

	if (wish->louder > 0)
		policy.level = LOG_DEBUG;
	else if (wish->quieter > 0)
		policy.level = wish->quieter > 1 ? LOG_ERROR : LOG_WARN;
	error = log_open(&policy);
	if (error != 0) {
		fprintf(stderr, "natsrvd: cannot open the log: %s\n", strerror(-error));
		return DAEMON_UNAVAILABLE;
	}
	code = daemon_open(settings, build, &daemon);
	if (code == 0) {
		code = daemon_run(daemon);
		daemon_close(daemon);
	}
	log_close();
	return code;
}

static int
dump(const struct settings *settings)
{
	settings_print_effective(settings, stdout);
	return DAEMON_OK;
}

static int
configured(const struct settings *settings, const struct wish *wish, struct complaints *c)
{
	struct build build = {0};
	int code = DAEMON_OS;

	if (build_init(&build, settings, c) != 0)
		fprintf(stderr, "natsrvd: out of memory\n");
	else if (!acceptable(c, wish))
		code = DAEMON_CONFIG;
	else if (wish->dump)
		code = dump(settings);
	else if (wish->check)
		code = DAEMON_OK;
	else
		code = serve(settings, &build, wish);
	build_fini(&build);
	return code;
}

static int
run(const struct wish *wish)
{
	struct settings_ask ask = {
		.file = wish->file == NULL ? NATSRV_CONF : wish->file,
		.set = wish->set.v,
		.set_n = wish->set.n,
		.open_relay = wish->open_relay,
	};
	struct complaints *c = complaints_new();
	struct settings *settings;
	int code = DAEMON_CONFIG;

	if (c == NULL)
		return DAEMON_OS;
	settings = settings_load(&ask, c);
	if (settings == NULL)
		acceptable(c, wish);
	else
		code = configured(settings, wish, c);
	complaints_free(c);
	settings_free(settings);
	return code;
}

/* The loop of daemon_run() takes these; no thread may be interrupted by them. */
static void
block_signals(void)
{
	static const int taken[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR2};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
		sigaddset(&set, taken[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int
main(int argc, char **argv)
{
	struct wish wish = {0};
	int code, at = cli_parse(&cli, argc, argv, &wish);

	if (at < 0)
		return cli_status(at);
	if (at < argc)
		return cli_usage(&cli, "natsrvd takes no operands: '%s'", argv[at]);
	if (wish.version) {
		code = print_version();
	} else if (wish.print == PRINT_SAMPLE) {
		settings_print_sample(stdout);
		code = DAEMON_OK;
	} else if (wish.print == PRINT_MAN) {
		settings_print_man(stdout);
		code = DAEMON_OK;
	} else {
		block_signals();
		privs_lock();
		code = run(&wish);
	}
	cli_fini(&cli, &wish);
	return code;
}
