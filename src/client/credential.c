#include "client/credential.h"

#include <string.h>

static void
put_number(struct pen *pen, uint64_t n)
{
	char digits[20];
	size_t at = sizeof digits;

	do
		digits[--at] = (char)('0' + n % 10);
	while ((n /= 10) != 0);
	pen_put(pen, digits + at, sizeof digits - at);
}

const char *
credential_mint(struct digest *d, struct bytes secret, const char *user, int64_t expiry,
                struct credential *into)
{
	*into = (struct credential){{0}, {0}};
	if (secret.n == 0)
		return "the secret is empty";
	if (expiry < 0)
		return "the expiry lies before 1970";

	struct pen pen = pen_over(into->username, sizeof into->username - 1);
	put_number(&pen, (uint64_t)expiry);
	if (user != NULL && user[0] != '\0') {
		pen_u8(&pen, ':');
		pen_put(&pen, user, strlen(user));
	}
	if (pen.full) {
		*into = (struct credential){{0}, {0}};
		return "the user name is too long";
	}
	if (!key_rest_password(d, secret, bytes_text(into->username), into->password))
		return "the digest failed";
	return NULL;
}

void
credential_wipe(struct credential *c)
{
	if (c != NULL)
		digest_wipe(c, sizeof *c);
}
