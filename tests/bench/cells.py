"""What is measured: cells (one run of natload each) and rows (one figure of a cell, with its bar).

A bar is the largest ratio natsrvd : coturn that passes; None: for information.
"""

FIXED_RELAY = 100000  # packets per second, well below what one core of either server manages
FIXED_BINDING = 40000
FIXED_ALLOCATE = 1000
BURST = 16
HELD = 2000

JUDGE_FIXED = True  # do the bars hold at the fixed rates, too? (False: shown for information)

BAR_BINDING = 0.60
BAR_ALLOCATE = 1 / 3
BAR_MEMORY = 1 / 8
BAR_SINGLE = 0.95
BAR_BURST = {160: 0.25, 1200: 0.35}
BAR_CALL = 0.50
BAR_LATENCY = 1.00


class Row:
    def __init__(self, key, label, unit, bar=None, more_is_better=False):
        self.key, self.label, self.unit = key, label, unit
        self.bar, self.more_is_better = bar, more_is_better


class Cell:
    """`argv` for natload. `half_of`: run at half the rate that the slower server reached in that
    cell, `rate_key` being its figure. `fresh`: needs a server that has served nobody yet."""

    def __init__(self, name, title, argv, rows, half_of=None, rate_key=None, fresh=False, quick=False):
        self.name, self.title, self.argv, self.rows = name, title, argv, rows
        self.half_of, self.rate_key, self.fresh, self.quick = half_of, rate_key, fresh, quick


def _cpu(what, bar):
    return Row("cpu_us", "CPU per " + what, "us", bar)


def _fixed_cpu(what, bar):
    return _cpu(what, bar if JUDGE_FIXED else None)


def _rate(key, what):
    return Row(key, what + " per second", "/s", None, True)


def _latency():
    return [Row("latency_p50_us", "latency p50", "us"),
            Row("latency_p99_us", "latency p99", "us", BAR_LATENCY)]


def _basic():
    yield Cell("hold", "held allocations", ["hold", "-n", str(HELD), "--seconds", "10ms"],
               [Row("bytes_per_allocation", "RSS per held allocation", "B", BAR_MEMORY)],
               fresh=True, quick=True)
    yield Cell("binding-max", "Binding, 64 outstanding", ["binding"],
               [_cpu("Binding", BAR_BINDING), _rate("answers_per_second", "Bindings")], quick=True)
    yield Cell("binding-fixed", "Binding, %d/s" % FIXED_BINDING,
               ["binding", "--rate", str(FIXED_BINDING)], [_fixed_cpu("Binding", BAR_BINDING)])
    yield Cell("allocate-max", "whole allocation, 16 at once", ["allocate"],
               [_cpu("allocation", BAR_ALLOCATE), _rate("cycles_per_second", "allocations")],
               quick=True)
    yield Cell("allocate-fixed", "whole allocation, %d/s" % FIXED_ALLOCATE,
               ["allocate", "--rate", str(FIXED_ALLOCATE)],
               [_fixed_cpu("allocation", BAR_ALLOCATE)])


def _relay(direction, size, burst):
    """The same stream as fast as it goes, and at a fixed rate."""
    name = "%s-%d-%s" % (direction, size, "burst" if burst > 1 else "single")
    title = "%s, %d B, %s" % (
        {"up": "client to peer", "down": "peer to client", "call": "relay to relay"}[direction],
        size, "bursts of %d" % burst if burst > 1 else "single packets")
    bar = BAR_CALL if direction == "call" else BAR_BURST[size] if burst > 1 else BAR_SINGLE
    argv = ["relay", "-d", direction, "-s", str(size), "-b", str(burst)]
    quick = size == 160 and direction != "down"
    yield Cell(name + "-max", title, argv,
               [_cpu("packet", bar), _rate("packets_per_second", "packets")], quick=quick)
    yield Cell(name + "-fixed", title + ", %d/s" % FIXED_RELAY,
               argv + ["--rate", str(FIXED_RELAY)], [_fixed_cpu("packet", bar)])


def _half():
    for name, title, argv, key, of in (
            ("latency-binding", "Binding", ["binding"], "answers_per_second", "binding-max"),
            ("latency-up-160-single", "client to peer, 160 B, single packets",
             ["relay", "-d", "up"], "packets_per_second", "up-160-single-max"),
            ("latency-down-160-single", "peer to client, 160 B, single packets",
             ["relay", "-d", "down"], "packets_per_second", "down-160-single-max"),
            ("latency-up-1200-burst", "client to peer, 1200 B, bursts of %d" % BURST,
             ["relay", "-d", "up", "-s", "1200", "-b", str(BURST)], "packets_per_second",
             "up-1200-burst-max"),
            ("latency-call-160-single", "relay to relay, 160 B, single packets",
             ["relay", "-d", "call"], "packets_per_second", "call-160-single-max")):
        yield Cell(name, title + ", half load", argv, _latency(), half_of=of, rate_key=key,
                   quick=name == "latency-up-160-single")


def all_cells():
    cells = list(_basic())
    for size in (160, 1200):
        for burst in (1, BURST):
            for direction in ("up", "down", "call"):
                cells.extend(_relay(direction, size, burst))
    cells.extend(_half())
    return cells
