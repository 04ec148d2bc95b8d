#include "tools/natload_options.h"

#include <stddef.h>
#include <string.h>

#include "conf/cli.h"
#include "tools/natload_stamp.h"
#include "tools/natload_wire.h"

enum { PACKET_ROOM = 64 /* channel header or head of a Send indication, and padding */ };

static const char *const modes[] = {"binding", "allocate", "hold", "relay", NULL};
static const char *const directions[] = {"up", "down", "both", "call", NULL};
static const unsigned number_default[] = {16, 16, 2000, 16};
static const unsigned window_default[] = {64, 0, 0, 512};

#define ROW(kind, field, long_name, short_name) \
	.type = CLI_##kind, .offset = offsetof(struct natload_options, field), \
	.name = long_name, .letter = short_name

static const struct cli_option rows[] = {
	{.type = CLI_TITLE, .help = "Server"},
	{ROW(STRING, user, "user", 'u'), .argument = "NAME", .help = "user name"},
	{ROW(STRING, password_file, "password-file", 0), .argument = "FILE",
	 .help = "file that holds the password, one line"},
	{ROW(STRING, secret_file, "secret-file", 0), .argument = "FILE",
	 .help = "file that holds the secret shared with the server; credentials are made "
	         "from it"},
	{ROW(FLAG, ipv4, "ipv4", '4'), .help = "IPv4 only"},
	{ROW(FLAG, ipv6, "ipv6", '6'), .help = "IPv6 only"},
	{ROW(FLAG, own, "i-own-this-server", 0), .help = "load a server that is not on this host"},
	{ROW(INT, pid, "pid", 'p'), .argument = "PID", .min = 1, .max = 1u << 22,
	 .help = "measure CPU time and memory of this process, the server's"},
	{.type = CLI_TITLE, .help = "Load"},
	{ROW(INT, number, "number", 'n'), .argument = "N", .min = 1, .max = 1000000,
	 .help = "binding: sockets (16); allocate: cycles at once (16); hold: allocations (2000); "
	         "relay: allocations (16)"},
	{ROW(INT, rate, "rate", 'r'), .argument = "N", .max = 100000000,
	 .help = "requests, cycles or packets per second in all; 0: as fast as the server answers "
	         "(default)"},
	{ROW(DURATION, seconds, "seconds", 't'), .argument = "TIME", .min = 10, .max = 86400000,
	 .help = "how long to measure (default 5)"},
	{ROW(DURATION, warmup, "warmup", 0), .argument = "TIME", .max = 60000,
	 .help = "load before the measuring begins (default 300ms)"},
	{ROW(INT, window, "window", 'w'), .argument = "N", .max = 65536,
	 .help = "without --rate: requests (64) or packets (512) under way at once"},
	{.type = CLI_TITLE, .help = "Relay"},
	{ROW(CHOICE, direction, "direction", 'd'), .argument = "WAY", .choices = directions,
	 .help = "up: client to peer (default); down: peer to client; both; call: between pairs of "
	         "allocations"},
	{ROW(INT, size, "size", 's'), .argument = "BYTES", .min = NATLOAD_STAMP, .max = 65000,
	 .help = "payload of a packet (default 160)"},
	{ROW(INT, burst, "burst", 'b'), .argument = "N", .min = 1, .max = NATLOAD_WIRE_SEGMENTS,
	 .help = "packets sent together (default 1)"},
	{ROW(FLAG, indications, "send-indications", 0),
	 .help = "Send and Data indications instead of channels"},
	{ROW(FLAG, plain, "no-gso", 0), .help = "hand bursts to the kernel as single packets"},
	{ROW(STRING, peer_address, "peer-address", 0), .argument = "IP",
	 .help = "where natload's own peers are bound (default: its address towards the server)"},
	{.type = CLI_TITLE, .help = "Other"},
	{ROW(FLAG, leave, "leave", 0), .help = "hold: end without releasing"},
	{ROW(FLAG, json, "json", 0), .help = "print JSON"},
	{.type = CLI_END},
};

static const struct cli cli = {
	.program = "natload",
	.usage = "[options] binding|allocate|hold|relay URL",
	.about = "Loads a STUN/TURN server over UDP and measures what it achieves and costs.",
	.rows = rows,
	.epilog = "Exit: 0 the load was achieved, 1 it was not, 3 error, 64 usage.",
};

const char *
natload_options_mode(enum natload_mode mode)
{
	return modes[mode];
}

const char *
natload_options_direction(enum natload_direction direction)
{
	return directions[direction];
}

static int
mode_read(const char *text, enum natload_mode *into)
{
	for (unsigned i = 0; modes[i] != NULL; i++) {
		if (strcmp(text, modes[i]) == 0) {
			*into = (enum natload_mode)i;
			return 0;
		}
	}
	return cli_usage(&cli, "'%s' is not one of binding, allocate, hold, relay", text);
}

/* What the rows cannot say: how the values go together. 0 or 64. */
static int
judge(struct natload_options *o)
{
	bool turn = o->mode != NATLOAD_BINDING;

	if (o->ipv4 && o->ipv6)
		return cli_usage(&cli, "--ipv4 and --ipv6 exclude each other");
	if (o->password_file != NULL && o->secret_file != NULL)
		return cli_usage(&cli, "--password-file and --secret-file exclude each other");
	if (turn && o->secret_file == NULL && (o->user == NULL || o->password_file == NULL))
		return cli_usage(&cli, "%s needs --secret-file, or --user and --password-file",
		                 modes[o->mode]);
	if (o->mode == NATLOAD_RELAY && o->direction == NATLOAD_CALL && o->number % 2 != 0)
		return cli_usage(&cli, "a call needs an even number of allocations");
	if (o->burst * (o->size + PACKET_ROOM) > NATLOAD_WIRE_DATAGRAM)
		return cli_usage(&cli, "a burst of %u packets of %u bytes does not fit into 64 KiB",
		                 o->burst, o->size);
	return 0;
}

int
natload_options_read(int argc, char **argv, struct natload_options *into, bool *ended)
{
	*into = (struct natload_options){.seconds = 5000, .warmup = 300, .size = 160, .burst = 1};
	*ended = false;
	int at = cli_parse(&cli, argc, argv, into);
	if (at < 0) {
		*ended = true;
		return cli_status(at);
	}
	if (argc - at != 2)
		return cli_usage(&cli, "give a mode and a server");
	int status = mode_read(argv[at], &into->mode);
	if (status != 0)
		return status;
	into->target = argv[at + 1];
	if (into->number == 0)
		into->number = number_default[into->mode];
	if (into->window == 0)
		into->window = window_default[into->mode];
	return judge(into);
}
