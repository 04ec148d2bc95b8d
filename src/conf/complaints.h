/*
 * conf/complaints.h -- start-up and reload, one owner: everything that is wrong with the
 * configuration, collected first and printed in one go.
 *
 *	/etc/natsrv.conf:14: error: unknown setting 'relay.external_ip'
 *	   14 |   external_ip = "203.0.113.7";
 *	      |   ^ did you mean 'external_ipv4'?
 *
 * The words of the room: a *source* is a text that settings came from (a file, the command line);
 * an *origin* is a place in one; a *complaint* is an error or a warning about a place.
 */
#ifndef NATSRV_CONF_COMPLAINTS_H
#define NATSRV_CONF_COMPLAINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct source;

struct origin {
	const struct source *source; /* NULL: a built-in default */
	unsigned line;               /* from 1; 0 = the source as a whole */
	unsigned column;             /* from 1; 0 = not known */
};

struct complaints;

/* NULL when memory is short. */
struct complaints *complaints_new(void);
void complaints_free(struct complaints *c);

/*
 * Add one; the text is "what is wrong", without place and without a full stop. A complaint that
 * cannot be kept for want of memory still counts. Each hint belongs to the complaint added last:
 * it is printed beside the caret; further ones below it.
 */
void complaints_error(struct complaints *c, struct origin at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void complaints_warning(struct complaints *c, struct origin at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void complaints_hint(struct complaints *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

size_t complaints_errors(const struct complaints *c);
size_t complaints_warnings(const struct complaints *c);

/* All of them by place, in the shape above. Secrets in the quoted lines are masked. */
void complaints_print(struct complaints *c, FILE *to);

/* "3 errors, 1 warning"; the room is 64 bytes. Returns `into`. */
const char *complaints_count(const struct complaints *c, char into[static 64]);

#endif
