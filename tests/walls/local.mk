# The walls of the house: what the sources may look like and what the objects may ask for.
WALLS = \
	tests/walls/layers.sh \
	tests/walls/purity.sh \
	tests/walls/globals.sh \
	tests/walls/prefixes.sh \
	tests/walls/headers.sh \
	tests/walls/budgets.sh \
	tests/walls/forbidden.sh \
	tests/walls/tested.sh \
	tests/walls/generated.sh \
	tests/walls/manuals.sh

dist_check_SCRIPTS += $(WALLS) tests/walls/selftest.sh
EXTRA_DIST += \
	tests/walls/wall.sh \
	tests/walls/strip.awk \
	tests/walls/functions.awk \
	tests/walls/circles.awk \
	tests/walls/run.sh \
	tests/walls/untested

# Only what is broken, and a summary.
.PHONY: walls
walls: all
	@cd $(srcdir) && WALL_BUILD='$(abs_builddir)' CC='$(CC)' sh tests/walls/run.sh $(WALLS)
