#include "conf/veil.h"

#include <stdlib.h>
#include <strings.h>

#include "common/text.h"

enum { NAME = 64, NEAR_AUTH = 2 };

/* Parts of names, misspelt ones included: pasword, secrts, sekret, hmackey, ky. */
static const char *const parts[] = {"auth", "cred", "key",   "ky",  "pas", "pw",
                                    "sec",  "sek",  "token", "usrs", "users"};
static const char *const heads[] = {"user", "usr", "tok"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Settings of ours that are no credentials, though their names sound like some. */
static const struct {
	const char *group, *name;
} harmless[] = {{"server", "user"}, {"log", "usernames"}};

static bool
is_harmless(struct bytes group, struct bytes name)
{
	for (size_t i = 0; i < COUNT(harmless); i++)
		if (bytes_equal(group, bytes_text(harmless[i].group)) &&
		    bytes_equal(name, bytes_text(harmless[i].name)))
			return true;
	return false;
}

static void
lower(struct bytes name, char into[static NAME])
{
	size_t n = name.n < NAME - 1 ? name.n : NAME - 1;

	for (size_t i = 0; i < n; i++)
		into[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] + 32 : name.p[i]);
	into[n] = '\0';
}

bool
veil_sounds_secret(struct bytes name)
{
	char text[NAME];

	lower(name, text);
	for (size_t i = 0; i < COUNT(parts); i++)
		if (strstr(text, parts[i]) != NULL)
			return true;
	for (size_t i = 0; i < COUNT(heads); i++)
		if (strncmp(text, heads[i], strlen(heads[i])) == 0)
			return true;
	return false;
}

static bool
is_like_auth(struct bytes name)
{
	char text[NAME];

	lower(name, text);
	return text_distance(text, "auth", NEAR_AUTH) <= NEAR_AUTH;
}

bool
veil_needed(const char *text)
{
	for (size_t i = 0; i < COUNT(parts); i++)
		if (strcasestr(text, parts[i]) != NULL)
			return true;
	for (size_t i = 0; i < COUNT(heads); i++)
		if (strcasestr(text, heads[i]) != NULL)
			return true;
	return false;
}

static bool
assigns(const struct token *t)
{
	return scan_is_mark(t, '=') || scan_is_mark(t, ':');
}

static bool
opens(const struct token *t)
{
	return scan_is_mark(t, '{') || scan_is_mark(t, '(') || scan_is_mark(t, '[');
}

static bool
is_dot(const struct token *t)
{
	return t->kind == SCAN_JUNK && t->text.p[0] == '.';
}

static bool
is_boolean(const struct token *t)
{
	const char *text = (const char *)t->text.p;

	return t->kind == SCAN_NAME && ((t->text.n == 4 && strncasecmp(text, "true", 4) == 0) ||
	                                (t->text.n == 5 && strncasecmp(text, "false", 5) == 0));
}

static bool
first_on_line(const struct veil *v)
{
	return v->t.line > v->prev.line + v->prev.lines;
}

/* A closing bracket of the wrong kind closes nothing: rather too much is veiled than too little. */
static void
count_bracket(struct veil *v, const struct token *t)
{
	static const char pairs[3][2] = {{'{', '}'}, {'(', ')'}, {'[', ']'}};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		if (scan_is_mark(t, pairs[i][0]) && v->depth < VEIL_DEPTH)
			v->open[v->depth++] = pairs[i][0];
		else if (scan_is_mark(t, pairs[i][1]) && v->depth > 0 &&
		         v->open[v->depth - 1] == pairs[i][0])
			v->depth--;
	}
}

/* Semicolons are optional, and other servers' files know none. */
static bool
starts_setting(const struct veil *v)
{
	if (v->depth > 0 || v->t.kind != SCAN_NAME || assigns(&v->prev) || is_dot(&v->prev))
		return false;
	return first_on_line(v) || assigns(&v->next) || scan_is_mark(&v->next, '{');
}

/* One word further; all but `veiled` is brought up to date. */
static bool
step(struct veil *v)
{
	bool first = v->prev.text.p == NULL && v->t.text.p == NULL;

	count_bracket(v, &v->t);
	v->prev = v->t;
	v->t = v->next;
	v->next = scan_next(&v->scan);
	if (v->t.kind == SCAN_END)
		return false;
	v->starts = first || starts_setting(v);
	if (v->starts) {
		v->group = v->t.text;
		v->head = v->t.kind == SCAN_NAME;
	} else if (assigns(&v->t) || opens(&v->t)) {
		v->head = false;
	}
	return true;
}

/* JSON puts names into quotes, and so does a stray quote: a"uth = { users = ( "... */
static bool
names_in_quotes(const struct veil *v)
{
	char text[256];
	size_t n = v->t.text.n - 1 < sizeof text ? v->t.text.n - 1 : sizeof text - 1;

	memcpy(text, v->t.text.p + 1, n);
	text[n] = '\0';
	return (assigns(&v->next) || strpbrk(text, "={(") != NULL) && veil_needed(text);
}

static bool
names_credential(const struct veil *v)
{
	struct bytes name = v->t.text;

	if (v->t.kind == SCAN_STRING)
		return names_in_quotes(v);
	if (v->t.kind != SCAN_NAME || is_harmless(v->group, name))
		return false;
	return veil_sounds_secret(name) ||
	       ((v->starts || assigns(&v->next)) && is_like_auth(name));
}

/* From the first word of a setting on: is any of its names one of a credential? */
static bool
holds_credentials(const struct veil *from)
{
	struct veil v = *from;

	do {
		if (names_credential(&v))
			return true;
	} while (step(&v) && !v.starts);
	return false;
}

struct veil
veil_over(struct bytes text)
{
	struct veil v = {.scan = scan_over(text)};

	v.next = scan_next(&v.scan);
	return v;
}

bool
veil_next(struct veil *v)
{
	if (!step(v))
		return false;
	/* behind a stray '}' the old setting may go on */
	bool astray = v->veiled && scan_is_mark(&v->prev, '}') && !first_on_line(v);
	if (v->starts)
		v->veiled = astray || holds_credentials(v);
	return true;
}

static bool
ends_setting(const struct token *t)
{
	static const char marks[] = "{;,})]";

	return t->kind == SCAN_MARK && strchr(marks, t->text.p[0]) != NULL;
}

/*
 * Is the word the name of a setting, and surely no piece of a secret that lost its quotes? In a
 * list there are no names: "[ c2VjcmV0== ]".
 */
static bool
is_key(const struct veil *v)
{
	const struct token *next = &v->next;

	if (v->head)
		return v->starts || is_dot(&v->prev);
	if (v->depth == 0 || v->open[v->depth - 1] != '{')
		return false;
	if (!ends_setting(&v->prev) && !first_on_line(v))
		return false;
	if (assigns(&v->prev))
		return false;
	if (next->kind == SCAN_STRING) /* '=' is missing; or that quote closes what did not open */
		return !next->unclosed && next->lines == 0 &&
		       next->text.p > v->t.text.p + v->t.text.n;
	return assigns(next) || opens(next);
}

enum veil_verdict
veil_judge(const struct veil *v)
{
	if (!v->veiled || v->t.kind == SCAN_MARK)
		return VEIL_SHOW;
	if (v->t.kind == SCAN_STRING)
		return v->t.unclosed || v->t.lines > 0 ? VEIL_HIDE_REST : VEIL_HIDE;
	if (v->t.kind == SCAN_NAME && (is_key(v) || (is_boolean(&v->t) && assigns(&v->prev))))
		return VEIL_SHOW;
	return v->head && is_dot(&v->t) ? VEIL_SHOW : VEIL_HIDE_REST;
}
