/*
 * Plays scenarios on the pure machine; README.md tells the language. Each file is one line of
 * TAP; it is played twice, with headers written into the headroom and into scratch memory.
 *
 *	run_scn [FILE.scn ...]    without arguments: all of tests/scn
 */
#include "scn.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

/* One of A to O. */
static struct client *
named_client(struct stage *s, const struct word *w)
{
	if (w->name == NULL || w->name[0] < 'A' || w->name[0] >= 'P' || w->name[1] != '\0')
		return NULL;
	return &s->clients[w->name[0] - 'A'];
}

static bool
play_actor(struct stage *s, const char *head, const struct words *ws)
{
	unsigned who = (unsigned)(head[0] - 'A');
	bool client = head[0] < 'P';
	const struct client *c;

	if (head[1] == '<')
		return client ? expect_client(s, &s->clients[who], ws) : expect_peer(s, who, ws);
	if (client)
		return request_send(s, &s->clients[who], ws);

	/* P> A "text" [port=1234] */
	static struct buffer payload;
	union addr from = s->peers_at[who];
	const char *port = words_value(ws, "port", NULL);

	if (ws->n < 3 || (c = named_client(s, &ws->w[1])) == NULL || ws->w[2].name != NULL ||
	    !words_bytes(&ws->w[2], &payload))
		return stage_fail(s, "P> A \"text\" is wanted");
	if (port != NULL)
		addr_set_port(&from, (uint16_t)strtoul(port, NULL, 10));
	return stage_from_peer(s, &from, &c->relayed, bytes_view(payload.p, payload.n));
}

/* client A 198.51.100.7:4000 transport=tcp server=192.0.2.1:3478 socket=2 */
static bool
play_client(struct stage *s, struct client *c, const struct words *ws)
{
	struct flow *f = &c->flow;
	const char *via = words_value(ws, "transport", flow_transport_name(f->transport));

	if (ws->n > 2 && ws->w[2].name != NULL && ws->w[2].value == NULL &&
	    !stage_addr(s, ws->w[2].name, &f->client))
		return false;
	for (unsigned t = 0; t < FLOW_TRANSPORTS; t++)
		if (strcmp(flow_transport_name((enum flow_transport)t), via) == 0)
			f->transport = (enum flow_transport)t;
	if (words_find(ws, "socket") != NULL)
		f->socket = (uint32_t)strtoul(words_value(ws, "socket", "0"), NULL, 0);
	const char *server = words_value(ws, "server", NULL);
	return server == NULL || stage_addr(s, server, &f->local);
}

static bool
play_words(struct stage *s, const struct words *ws)
{
	const char *head = ws->w[0].name;
	struct client *c;

	if (head == NULL)
		return stage_fail(s, "a line begins with a word");
	if (head[0] >= 'A' && head[0] <= 'Z' && (head[1] == '<' || head[1] == '>') &&
	    head[2] == '\0')
		return play_actor(s, head, ws);
	if (strcmp(head, "proves") == 0)
		return ws->n > 1 || stage_fail(s, "proves what?");
	if (strcmp(head, "policy") == 0)
		return policy_line(s, ws);
	if (strcmp(head, "world") == 0)
		return policy_world(s, ws);
	if (ws->n < 2 || ws->w[1].name == NULL)
		return stage_fail(s, "too few words");
	if (strcmp(head, "time") == 0 || strcmp(head, "late") == 0)
		return stage_time(s, ws->w[1].name, head[0] == 't');
	if (strcmp(head, "event") == 0)
		return expect_event(s, ws);
	if (strcmp(head, "counter") == 0)
		return expect_counter(s, ws);
	if (strcmp(head, "peer") == 0 && ws->n > 2 && ws->w[2].name != NULL &&
	    ws->w[1].name[0] >= 'P' && ws->w[1].name[0] <= 'Z')
		return stage_addr(s, ws->w[2].name, &s->peers_at[ws->w[1].name[0] - 'A']);
	if ((c = named_client(s, &ws->w[1])) == NULL)
		return stage_fail(s, "what is %s?", head);
	if (strcmp(head, "client") == 0)
		return play_client(s, c, ws);
	if (strcmp(head, "allocation") == 0)
		return expect_allocation(s, c, ws);
	return stage_fail(s, "what is %s?", head);
}

/* One line. "A> X / A< Y / ..." is several of them. */
static bool
play_line(struct stage *s, char *line)
{
	static struct words ws;
	char *part = line, *next;

	for (; part != NULL; part = next) {
		const char *wrong;

		next = strstr(part, " / ");
		if (next != NULL) {
			*next = '\0';
			next += 3;
		}
		if ((wrong = words_split(&ws, part)) != NULL)
			return stage_fail(s, "%s", wrong);
		if (ws.n > 0 && !play_words(s, &ws))
			return stage_fail(s, "this does not hold");
	}
	return true;
}

static void
complain(const struct stage *s, const char *line)
{
	char dump[4096];

	expect_dump((struct stage *)(uintptr_t)s, dump, sizeof dump);
	printf("# %s:%u: %s\n#   %s", s->file, s->line, s->why, line);
	printf("#   the machine said: %s\n", dump);
	for (unsigned i = 0; i < s->io.events_n; i++)
		printf("#   event %s reason=%s user=%s\n", turn_event_name(s->io.events[i].kind),
		       turn_reason_name(s->io.events[i].reason), s->io.events[i].user);
}

static bool
play(const char *path, bool scratch)
{
	static struct stage s;
	static char line[PACKET_MAX], copy[PACKET_MAX];
	FILE *f = fopen(path, "r");
	bool good = f != NULL;

	if (f == NULL) {
		printf("# %s cannot be opened\n", path);
		return false;
	}
	stage_init(&s, scratch);
	s.file = path;
	while (good && fgets(line, sizeof line, f) != NULL) {
		s.line++;
		snprintf(copy, sizeof copy, "%s", line);
		good = play_line(&s, copy);
		if (!good)
			complain(&s, line);
	}
	if (good && s.fresh && s.out.verdict != TURN_DROP) {
		good = stage_fail(&s, "nobody looked at what came last");
		complain(&s, "(end)\n");
	}
	stage_fini(&s);
	if (good && s.why[0] != '\0') {
		good = false;
		printf("# %s: at the end: %s\n", path, s.why);
	}
	fclose(f);
	return good;
}

/* A file is called by its name and what its lines "proves T-091 ..." tell. */
static void
print_name(const char *path)
{
	static char line[PACKET_MAX];
	FILE *f = fopen(path, "r");
	const char *base = strrchr(path, '/');

	printf("%s", base == NULL ? path : base + 1);
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, "proves ", 7) == 0) {
			line[strcspn(line, "\n")] = '\0';
			printf(" %s", line + 7);
		}
	if (f != NULL)
		fclose(f);
	putchar('\n');
}

/* All of tests/scn, wherever the build tree is. */
static bool
find_all(glob_t *found)
{
	const char *top = getenv("top_srcdir");
	char pattern[4096];

	if (top == NULL)
		top = getenv("srcdir");
	snprintf(pattern, sizeof pattern, "%s/tests/scn/*.scn", top == NULL ? "." : top);
	if (glob(pattern, 0, NULL, found) == 0)
		return true;
	printf("Bail out! no scenarios: %s\n", pattern);
	return false;
}

int
main(int argc, char **argv)
{
	glob_t found = {.gl_pathc = (size_t)argc - 1, .gl_pathv = argv + 1};
	unsigned bad = 0;

	if (argc < 2 && !find_all(&found))
		return 1;
	printf("1..%zu\n", found.gl_pathc);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		bool good = play(path, false) && play(path, true);

		bad += !good;
		printf("%s %zu - ", good ? "ok" : "not ok", i + 1);
		print_name(path);
	}
	if (argc < 2)
		globfree(&found);
	return bad == 0 ? 0 : 1;
}
