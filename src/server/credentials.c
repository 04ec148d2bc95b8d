#include "server/credentials.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/entropy.h"
#include "common/text.h"
#include "stun/name.h"
#include "stun/prep.h"
#include "server/book.h"
#include "server/checks.h"
#include "server/lines.h"

enum { NONCE_KEY_MIN = 16 };

/* A ready key that was taken: its user may turn out to have no other. */
struct taken {
	struct taken *next;
	struct origin at;
	bool is_md5;
	size_t n;
	uint8_t name[]; /* prepared */
};

struct filling {
	const struct settings *s;
	struct keyring *keys;
	struct digest *d;
	struct complaints *c;
	const char *missing; /* the default secret file, when it is not there */
	struct taken *taken;
	struct lines users; /* auth.users_file; open as long as origins point into it */
};

static void
complain_unreadable(struct complaints *c, struct origin at, const char *key, const char *path,
                    int error)
{
	/* what was written may be the secret itself, in the place of a file's name */
	complaints_error(c, at, "%s: cannot read %s: %s", key,
	                 at.source == NULL ? path : "this file", strerror(-error));
	if (error == -EACCES)
		complaints_hint(c, "natsrvd must be able to read it: chgrp natsrv and chmod 0640");
}

static void
warn_if_public(struct lines *l, struct complaints *c)
{
	l->line = 0;
	if (!l->public)
		return;
	complaints_warning(c, lines_origin(l), "everybody on this host can read this file");
	complaints_hint(c, "chmod o= %s", l->veil->name);
}

static void
add_secret(struct filling *f, const struct lines *l, struct bytes secret)
{
	const char *why = checks_secret(secret);

	if (why == NULL)
		why = keyring_add_secret(f->keys, secret);
	if (why == NULL)
		return;
	complaints_error(f->c, lines_origin(l), "%s", why);
	if (secret.n < 64)
		complaints_hint(f->c, "a good one: openssl rand -hex 32");
}

/* One secret on each line. 0, or -errno when the file cannot be read. */
static int
read_secrets(struct filling *f, const char *path)
{
	struct lines l;
	struct bytes secret;
	unsigned n = 0;
	int error = lines_open(&l, path);

	if (error != 0)
		return error;
	warn_if_public(&l, f->c);
	for (; lines_next(&l, &secret); n++)
		add_secret(f, &l, secret);
	l.line = 0;
	if (n == 0)
		complaints_error(f->c, lines_origin(&l), "the file holds no secret");
	lines_close(&l);
	return 0;
}

/* A default that is not there is a mistake only if nothing else is there either. */
static void
read_secret_files(struct filling *f)
{
	const struct words *files = &f->s->auth.secret_files;

	for (size_t i = 0; i < files->n; i++) {
		const struct word *file = &files->v[i];
		int error = read_secrets(f, file->text);

		if (error == 0)
			continue;
		if (file->at.source == NULL && error != -ENOMEM)
			f->missing = file->text;
		else
			complain_unreadable(f->c, file->at, "auth.secret_files", file->text, error);
	}
}

/* What the service manager or the caller hands in. */
static void
read_secrets_around(struct filling *f)
{
	const char *named = getenv("NATSRV_SECRET_FILE"),
		   *directory = getenv("CREDENTIALS_DIRECTORY");
	char *path;
	int error;

	if (named != NULL && named[0] != '\0') {
		error = read_secrets(f, named);
		if (error != 0)
			complain_unreadable(f->c, (struct origin){0}, "NATSRV_SECRET_FILE", named,
			                    error);
	}
	if (directory == NULL || directory[0] == '\0')
		return;
	if (asprintf(&path, "%s/turn-secret", directory) < 0) {
		complaints_error(f->c, (struct origin){0}, "out of memory");
		return;
	}
	error = read_secrets(f, path);
	if (error != 0 && error != -ENOENT)
		complain_unreadable(f->c, (struct origin){0}, "CREDENTIALS_DIRECTORY", path, error);
	free(path);
}

static void
add_inline_secrets(struct filling *f)
{
	const struct secrets *list = &f->s->auth.secrets;

	for (size_t i = 0; i < list->n; i++) {
		struct bytes secret = bytes_view(list->v[i].p, list->v[i].n);
		if (checks_secret(secret) != NULL)
			continue; /* checks_run() has said it */
		const char *why = keyring_add_secret(f->keys, secret);
		if (why != NULL)
			complaints_error(f->c, list->v[i].at, "auth.secrets: %s", why);
	}
}

static bool
offers(const struct settings *s, int algorithm)
{
	for (size_t i = 0; i < s->auth.algorithms.n; i++)
		if (s->auth.algorithms.v[i] == algorithm)
			return true;
	return false;
}

/* NULL or a static complaint. */
static const char *
remember(struct filling *f, struct bytes name, bool is_md5, struct origin at)
{
	struct taken *one = malloc(sizeof *one + STUN_TEXT_MAX);
	const char *why = "out of memory";

	if (one == NULL)
		return why;
	*one = (struct taken){.next = f->taken, .at = at, .is_md5 = is_md5};
	why = prep_opaque(name, one->name, STUN_TEXT_MAX, &one->n);
	if (why == NULL)
		f->taken = one;
	else
		free(one);
	return why;
}

/* Adds a ready key in hexadecimal. NULL or a static complaint. */
static const char *
add_key(struct filling *f, struct bytes name, struct bytes hex, struct origin at)
{
	char text[2 * KEY_MAX + 1];
	struct key key = {.n = (uint8_t)(hex.n / 2)};
	const char *why;

	if (hex.n != 32 && hex.n != 64)
		return "the key must have 32 (MD5) or 64 (SHA-256) hexadecimal digits";
	memcpy(text, hex.p, hex.n);
	text[hex.n] = '\0';
	if (!text_unhex(text, key.b, key.n))
		why = "the key is not hexadecimal";
	else if (!offers(f->s, key.n == 16 ? KEY_MD5 : KEY_SHA256))
		why = key.n == 16
		              ? "the key is MD5, but auth.algorithms does not offer \"md5\""
		              : "the key is SHA-256, but auth.algorithms does not offer \"sha256\"";
	else
		why = keyring_add_key(f->keys, f->d, name, &key);
	if (why == NULL)
		why = remember(f, name, key.n == 16, at);
	digest_wipe(text, sizeof text);
	digest_wipe(&key, sizeof key);
	return why;
}

static void
add_users(struct filling *f)
{
	const struct settings_users *users = &f->s->auth.users;

	for (size_t i = 0; i < users->n; i++) {
		const struct settings_user *u = &users->v[i];
		struct bytes name = bytes_text(u->name);
		const char *why;

		if (name.n == 0)
			continue; /* that the name is missing has been said */
		if ((u->password.n == 0) == (u->key.n == 0))
			why = "give either password or key";
		else if (u->key.n > 0)
			why = add_key(f, name, bytes_view(u->key.p, u->key.n), u->origin);
		else if (checks_password(bytes_view(u->password.p, u->password.n)) != NULL)
			why = NULL; /* checks_run() has said it */
		else
			why = keyring_add_password(f->keys, f->d, name,
			                           bytes_view(u->password.p, u->password.n));
		if (why != NULL)
			complaints_error(f->c, u->origin, "auth.users: %s", why);
	}
}

/* "name:realm:key"; a realm may hold colons, names and keys do not. */
static const char *
add_user_line(struct filling *f, struct bytes entry)
{
	const uint8_t *first = memchr(entry.p, ':', entry.n);
	const uint8_t *last = memrchr(entry.p, ':', entry.n);
	const uint8_t *end = entry.p + entry.n;

	if (first == NULL || first == last)
		return "name:realm:key is expected";
	struct bytes name = bytes_view(entry.p, (size_t)(first - entry.p));
	struct bytes realm = bytes_view(first + 1, (size_t)(last - first) - 1);
	if (name.n == 0)
		return "the name is empty";
	if (!bytes_equal(realm, bytes_text(f->s->server.realm)))
		return "the entry is for another realm than server.realm";
	return add_key(f, name, bytes_view(last + 1, (size_t)(end - last) - 1),
	               lines_origin(&f->users));
}

static void
read_users_file(struct filling *f)
{
	const char *path = f->s->auth.users_file;
	struct lines *l = &f->users;
	struct bytes entry;
	int error;

	if (path[0] == '\0')
		return;
	error = lines_open(l, path);
	if (error != 0) {
		complain_unreadable(f->c, book_origin(f->s->book, "auth.users_file"),
		                    "auth.users_file", path, error);
		return;
	}
	warn_if_public(l, f->c);
	while (lines_next(l, &entry)) {
		const char *why = entry.p[0] == '#' ? NULL : add_user_line(f, entry);
		if (why != NULL)
			complaints_error(f->c, lines_origin(l), "%s", why);
	}
}

static bool
has_key(const struct filling *f, const struct taken *of, enum key_algorithm algorithm)
{
	struct keyring_match m;
	bool found = keyring_find(f->keys, f->d, algorithm, bytes_view(of->name, of->n), 0, &m);

	digest_wipe(&m, sizeof m);
	return found;
}

/* The key because of which SHA-256 is not offered: its user has no other. */
static const struct taken *
find_md5_only(const struct filling *f)
{
	const struct taken *first = NULL; /* the list is in reverse */

	for (const struct taken *t = f->taken; t != NULL; t = t->next)
		if (t->is_md5 && !has_key(f, t, KEY_SHA256))
			first = t;
	return first;
}

/* Algorithms are offered to all users alike, as far as every key can serve them. */
static void
demand_common_algorithm(const struct filling *f)
{
	const struct taken *md5 = find_md5_only(f);

	for (const struct taken *t = md5 == NULL ? NULL : f->taken; t != NULL; t = t->next) {
		if (t->is_md5 || has_key(f, t, KEY_MD5))
			continue;
		complaints_error(f->c, t->at,
		                 "this user can never log in: the only key is SHA-256, but the "
		                 "MD5 key in line %u of %s makes the realm MD5 only",
		                 md5->at.line, md5->at.source->name);
		complaints_hint(f->c,
		                "give this user a password or also an MD5 key, or the other one a "
		                "password or also a SHA-256 key");
	}
}

static void
forget(struct filling *f)
{
	for (struct taken *t = f->taken, *next; t != NULL; t = next) {
		next = t->next;
		free(t);
	}
	if (f->users.source != NULL)
		lines_close(&f->users);
}

/* Without credentials nobody could use the relay; that is never what was meant. */
static void
demand_a_source(const struct filling *f)
{
	const struct settings *s = f->s;
	bool relay = s->relay.enabled && !s->auth.anonymous;

	if (!keyring_empty(f->keys) || !(relay || s->auth.stun_auth))
		return;
	complaints_error(f->c, book_origin(s->book, "auth"),
	                 "no credentials: %s, but nobody could log in",
	                 relay ? "relay.enabled is true" : "auth.stun_auth is true");
	if (f->missing != NULL)
		complaints_hint(
			f->c, "%s is not there or not readable; make it: openssl rand -hex 32 > %s",
			f->missing, f->missing);
	else
		complaints_hint(f->c, "give auth.secret_files, auth.users or auth.users_file");
}

void
credentials_load(const struct settings *s, struct keyring *k, struct digest *d,
                 struct complaints *c)
{
	struct filling f = {.s = s, .keys = k, .d = d, .c = c};
	size_t before = complaints_errors(c);

	add_inline_secrets(&f);
	read_secret_files(&f);
	read_secrets_around(&f);
	add_users(&f);
	read_users_file(&f);
	demand_common_algorithm(&f);
	/* a source that was there and was wrong is one complaint, not two */
	if (complaints_errors(c) == before && s->auth.secrets.n == 0)
		demand_a_source(&f);
	forget(&f);
}

static void
random_nonce_key(struct nonce_keys *into)
{
	into->n = 1;
	entropy_fill(into->key[0], NONCE_KEY);
}

/* A line of any spelling becomes a key by hashing, the same for all who share the file. */
static const char *
add_nonce_key(struct nonce_keys *into, struct digest *d, struct bytes line)
{
	uint8_t hash[DIGEST_MAX];

	if (into->n == NONCE_KEYS)
		return "more than 4 keys";
	if (line.n < NONCE_KEY_MIN)
		return "the key is shorter than 16 bytes";
	if (!digest_hash(d, DIGEST_SHA256, &line, 1, hash))
		return "the digest fails";
	memcpy(into->key[into->n++], hash, NONCE_KEY);
	digest_wipe(hash, sizeof hash);
	return NULL;
}

void
credentials_nonce_keys(const struct settings *s, struct digest *d, struct nonce_keys *into,
                       struct complaints *c)
{
	const char *path = s->auth.nonce_key_file;
	struct lines l;
	struct bytes line;
	unsigned n = 0;
	int error;

	*into = (struct nonce_keys){0};
	if (path[0] == '\0') {
		random_nonce_key(into);
		return;
	}
	error = lines_open(&l, path);
	if (error != 0) {
		complain_unreadable(c, book_origin(s->book, "auth.nonce_key_file"),
		                    "auth.nonce_key_file", path, error);
		random_nonce_key(into);
		return;
	}
	warn_if_public(&l, c);
	for (; lines_next(&l, &line); n++) {
		const char *why = add_nonce_key(into, d, line);
		if (why != NULL)
			complaints_error(c, lines_origin(&l), "%s", why);
	}
	l.line = 0;
	if (n == 0)
		complaints_error(c, lines_origin(&l), "the file holds no key");
	if (into->n == 0)
		random_nonce_key(into);
	lines_close(&l);
}
