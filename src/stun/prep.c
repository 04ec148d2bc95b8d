#include "stun/prep.h"

#include <stdlib.h>
#include <uninorm.h>
#include <unistr.h>
#include <unictype.h>

#include "common/text.h"

enum {
	POINTS_MAX = 1024, /* of a text that is not ASCII; the wire has at most 763 bytes */
	PASSES = 4,        /* RFC 8265, 4.2.2: once, and until stable at most three times more */
	VIRAMA = 9,        /* canonical combining class */
	REALM_POINTS = 127,
};

static const char complaint_empty[] = "is empty";
static const char complaint_utf8[] = "is not valid UTF-8";
static const char complaint_long[] = "is too long";
static const char complaint_point[] = "has a character that RFC 8265 does not allow";
static const char complaint_context[] =
	"has a character that RFC 8265 does not allow where it stands";
static const char complaint_stable[] = "does not settle under preparation (RFC 8265)";

struct points {
	uint32_t p[POINTS_MAX];
	size_t n;
};

/* Derived property of a code point for the class FreeformClass (RFC 8264, 8). */
enum property { ALLOWED, DISALLOWED, CONTEXT };

/* RFC 8264, 9.6: the exceptions that RFC 5892, 2.6 lists. */
static bool
exception(uint32_t c, enum property *is)
{
	static const struct {
		uint16_t first, last;
		uint8_t is;
	} list[] = {
		{0x00b7, 0x00b7, CONTEXT},    {0x00df, 0x00df, ALLOWED},
		{0x0375, 0x0375, CONTEXT},    {0x03c2, 0x03c2, ALLOWED},
		{0x05f3, 0x05f4, CONTEXT},    {0x0640, 0x0640, DISALLOWED},
		{0x0660, 0x0669, CONTEXT},    {0x06f0, 0x06f9, CONTEXT},
		{0x06fd, 0x06fe, ALLOWED},    {0x07fa, 0x07fa, DISALLOWED},
		{0x0f0b, 0x0f0b, ALLOWED},    {0x3007, 0x3007, ALLOWED},
		{0x302e, 0x302f, DISALLOWED}, {0x3031, 0x3035, DISALLOWED},
		{0x303b, 0x303b, DISALLOWED}, {0x30fb, 0x30fb, CONTEXT},
	};

	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
		if (c >= list[i].first && c <= list[i].last) {
			*is = (enum property)list[i].is;
			return true;
		}
	}
	return false;
}

/* RFC 8264, 9.9: what syllables are composed of, conjoining. */
static bool
old_hangul_jamo(uint32_t c)
{
	return (c >= 0x1100 && c <= 0x11ff) || (c >= 0xa960 && c <= 0xa97c) ||
	       (c >= 0xd7b0 && c <= 0xd7fb);
}

static enum property
property(uint32_t c)
{
	enum {
		LETTERS = UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M,
		NUMBERS = UC_CATEGORY_MASK_N,
		SIGNS = UC_CATEGORY_MASK_S | UC_CATEGORY_MASK_P | UC_CATEGORY_MASK_Zs,
	};
	enum property is;

	if (exception(c, &is))
		return is;
	if (uc_is_property_join_control(c))
		return CONTEXT;
	if (old_hangul_jamo(c) || uc_is_property_default_ignorable_code_point(c))
		return DISALLOWED;
	/* Unassigned, control, private and noncharacter code points are in none of these. */
	if (uc_is_general_category_withtable(c, LETTERS | NUMBERS | SIGNS))
		return ALLOWED;
	return DISALLOWED;
}

static bool
has_script(uint32_t c, const char *name)
{
	const uc_script_t *script = uc_script(c);

	return script != NULL && strcmp(script->name, name) == 0;
}

static bool
any_between(const struct points *t, uint32_t first, uint32_t last)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->p[i] >= first && t->p[i] <= last)
			return true;
	return false;
}

static bool
any_kana_or_han(const struct points *t)
{
	for (size_t i = 0; i < t->n; i++) {
		uint32_t c = t->p[i];
		if (has_script(c, "Hiragana") || has_script(c, "Katakana") || has_script(c, "Han"))
			return true;
	}
	return false;
}

/* RFC 5892, A.1: stands between letters that would join without it. */
static bool
parts_joined_letters(const struct points *t, size_t at)
{
	size_t before = at, after = at + 1;

	while (before > 0 && uc_joining_type(t->p[before - 1]) == UC_JOINING_TYPE_T)
		before--;
	while (after < t->n && uc_joining_type(t->p[after]) == UC_JOINING_TYPE_T)
		after++;
	if (before == 0 || after == t->n)
		return false;

	int left = uc_joining_type(t->p[before - 1]), right = uc_joining_type(t->p[after]);
	return (left == UC_JOINING_TYPE_L || left == UC_JOINING_TYPE_D) &&
	       (right == UC_JOINING_TYPE_R || right == UC_JOINING_TYPE_D);
}

/* The contextual rules, RFC 5892 appendix A. */
static bool
context_holds(const struct points *t, size_t at)
{
	/* U+0000 is of no script and joins nothing: it stands for the edge. */
	uint32_t c = t->p[at];
	uint32_t before = at > 0 ? t->p[at - 1] : 0;
	uint32_t after = at + 1 < t->n ? t->p[at + 1] : 0;

	switch (c) {
	case 0x200c: /* zero width non-joiner */
		return uc_combining_class(before) == VIRAMA || parts_joined_letters(t, at);
	case 0x200d: /* zero width joiner */
		return uc_combining_class(before) == VIRAMA;
	case 0x00b7: /* middle dot, as in Catalan */
		return before == 'l' && after == 'l';
	case 0x0375: /* Greek lower numeral sign */
		return has_script(after, "Greek");
	case 0x05f3: /* Hebrew geresh, gershayim */
	case 0x05f4:
		return has_script(before, "Hebrew");
	case 0x30fb: /* Katakana middle dot; is itself of no script */
		return any_kana_or_han(t);
	default: /* Arabic-Indic digits: of one kind only */
		if (c <= 0x0669)
			return !any_between(t, 0x06f0, 0x06f9);
		return !any_between(t, 0x0660, 0x0669);
	}
}

static const char *
judge(const struct points *t)
{
	for (size_t i = 0; i < t->n; i++) {
		enum property is = property(t->p[i]);
		if (is == DISALLOWED)
			return complaint_point;
		if (is == CONTEXT && !context_holds(t, i))
			return complaint_context;
	}
	return NULL;
}

/* Spaces to U+0020, then NFC (RFC 8265, 4.2.2); in place. */
static const char *
map(struct points *t)
{
	uint32_t normal[POINTS_MAX];
	size_t n = POINTS_MAX;

	for (size_t i = 0; i < t->n; i++)
		if (uc_is_general_category_withtable(t->p[i], UC_CATEGORY_MASK_Zs))
			t->p[i] = ' ';

	uint32_t *result = u32_normalize(UNINORM_NFC, t->p, t->n, normal, &n);
	if (result != normal) { /* took memory of its own, or found none */
		free(result);
		return complaint_long;
	}
	memcpy(t->p, normal, n * sizeof normal[0]);
	t->n = n;
	return NULL;
}

static const char *
enforce(struct points *t)
{
	struct points before;

	for (unsigned pass = 0; pass < PASSES; pass++) {
		before = *t;
		const char *complaint = judge(t);
		if (complaint == NULL)
			complaint = map(t);
		if (complaint != NULL)
			return complaint;
		if (t->n == before.n && memcmp(t->p, before.p, t->n * sizeof t->p[0]) == 0)
			return NULL;
	}
	return complaint_stable;
}

static bool
printable_ascii(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < 0x20 || text.p[i] > 0x7e)
			return false;
	return true;
}

const char *
prep_opaque(struct bytes text, uint8_t *into, size_t cap, size_t *n)
{
	struct points t = {.n = POINTS_MAX};

	*n = 0;
	if (text.n == 0)
		return complaint_empty;
	if (printable_ascii(text)) {
		if (text.n > cap)
			return complaint_long;
		memcpy(into, text.p, text.n);
		*n = text.n;
		return NULL;
	}
	if (text.n > POINTS_MAX)
		return complaint_long;
	if (!text_utf8(text, NULL) || u8_to_u32(text.p, text.n, t.p, &t.n) != t.p)
		return complaint_utf8;

	const char *complaint = enforce(&t);
	if (complaint != NULL)
		return complaint;

	size_t room = cap;
	uint8_t *result = u32_to_u8(t.p, t.n, into, &room);
	if (result != into) {
		free(result);
		return complaint_long;
	}
	*n = room;
	return NULL;
}

const char *
prep_realm(struct bytes realm)
{
	uint8_t prepared[4 * (REALM_POINTS + 1)];
	size_t n, points;

	if (realm.n == 0)
		return complaint_empty;
	if (!text_utf8(realm, &points))
		return complaint_utf8;
	if (points > REALM_POINTS)
		return "has more than 127 characters";
	for (size_t i = 0; i < realm.n; i++)
		if (realm.p[i] == '"' || realm.p[i] == '\\')
			return "has a quote or a backslash";

	const char *complaint = prep_opaque(realm, prepared, sizeof prepared, &n);
	if (complaint != NULL)
		return complaint;
	/* Clients hash what they are sent: it must be what they would prepare. */
	if (!bytes_equal(realm, bytes_view(prepared, n)))
		return "is not in its prepared form (RFC 8265)";
	return NULL;
}
