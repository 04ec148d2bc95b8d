/*
 * A deadline and the present, written in base 64, agree in their upper digits; the highest digit
 * in which they differ names the level, and the deadline's digit there names the slot. The place
 * of a timer is thus a function of (deadline, now) alone, which is what keeps the order of
 * insertion: timers of one deadline always share a slot. When time enters a slot of a level
 * above 0, its timers are dealt out to the levels below, in order.
 */
#include "common/wheel.h"

#include <string.h>

enum { DIGIT = 6 };

struct place {
	unsigned level, slot;
};

/* The level's digit of `at`. */
static inline unsigned
digit(msec at, unsigned level)
{
	return (unsigned)(at >> (level * DIGIT)) & (WHEEL_SLOTS - 1);
}

static struct place
place_of(const struct wheel *w, const struct timer *t)
{
	msec at = t->at < w->now ? w->now : t->at; /* the past is due now */
	msec differ = (at ^ w->now) | 1;
	unsigned level = (63 - (unsigned)__builtin_clzll(differ)) / DIGIT;

	return (struct place){level, digit(at, level)};
}

static void
put(struct wheel *w, struct timer *t)
{
	struct place to = place_of(w, t);

	list_push(&w->slot[to.level][to.slot], &t->link);
	w->filled[to.level] |= (uint64_t)1 << to.slot;
}

static void
take(struct wheel *w, struct timer *t)
{
	struct place from = place_of(w, t);

	list_remove(&t->link);
	if (list_empty(&w->slot[from.level][from.slot]))
		w->filled[from.level] &= ~((uint64_t)1 << from.slot);
}

void
wheel_init(struct wheel *w, msec now)
{
	memset(w, 0, sizeof *w);
	w->now = now;
	for (unsigned level = 0; level < WHEEL_LEVELS; level++)
		for (unsigned slot = 0; slot < WHEEL_SLOTS; slot++)
			list_init(&w->slot[level][slot]);
}

void
timer_init(struct timer *t)
{
	list_init(&t->link);
	t->at = MSEC_NEVER;
}

void
wheel_set(struct wheel *w, struct timer *t, msec at)
{
	wheel_cancel(w, t);
	t->at = at;
	if (at != MSEC_NEVER)
		put(w, t);
}

void
wheel_cancel(struct wheel *w, struct timer *t)
{
	if (t->at == MSEC_NEVER)
		return;
	take(w, t);
	t->at = MSEC_NEVER;
}

/*
 * The nearest slot that holds something, and when it begins. Whatever stands on a level comes
 * before everything on the levels above. False when the wheel is empty.
 */
static bool
nearest(const struct wheel *w, struct place *at, msec *begins)
{
	for (unsigned level = 0; level < WHEEL_LEVELS; level++) {
		uint64_t bits = w->filled[level]; /* slots behind us are empty by construction */
		if (bits == 0)
			continue;
		*at = (struct place){level, (unsigned)__builtin_ctzll(bits)};
		msec digits = (msec)(digit(w->now, level) ^ at->slot) << (level * DIGIT);
		msec below = ((msec)1 << (level * DIGIT)) - 1;
		*begins = (w->now ^ digits) & ~below;
		return true;
	}
	return false;
}

/* Time has reached this slot: its timers go to the levels below. */
static void
deal_out(struct wheel *w, struct place from)
{
	struct list *head = &w->slot[from.level][from.slot], *link;

	w->filled[from.level] &= ~((uint64_t)1 << from.slot);
	while ((link = list_shift(head)) != NULL)
		put(w, LIST_ITEM(link, struct timer, link));
}

struct timer *
wheel_pop(struct wheel *w, msec now)
{
	struct place at;
	msec begins;

	while (nearest(w, &at, &begins) && begins <= (now > w->now ? now : w->now)) {
		w->now = begins;
		if (at.level > 0) {
			deal_out(w, at);
			continue;
		}
		struct list *first = w->slot[0][at.slot].next;
		struct timer *t = LIST_ITEM(first, struct timer, link);
		wheel_cancel(w, t);
		return t;
	}
	if (now > w->now)
		w->now = now;
	return NULL;
}

msec
wheel_next(const struct wheel *w)
{
	struct place at;
	msec begins;

	return nearest(w, &at, &begins) ? begins : MSEC_NEVER;
}
