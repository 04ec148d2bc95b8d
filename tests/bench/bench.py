"""Runs natsrvd and coturn in turn on the same core under natload, and compares them.

See README.md. Standard library only.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import cells as menu
import picture
import profile
import servers

PROFILES = 6  # at most so many missed cells are looked into
OURS, THEIRS = "natsrvd", "coturn"


def arguments():
    p = argparse.ArgumentParser(prog="tests/bench/run", description=__doc__.splitlines()[0])
    p.add_argument("--natsrvd", default="./natsrvd", metavar="PROGRAM")
    p.add_argument("--natload", default="./natload", metavar="PROGRAM")
    p.add_argument("--coturn", default=shutil.which("turnserver"), metavar="PROGRAM")
    p.add_argument("--pairs", type=int, default=5, metavar="N", help="default 5")
    p.add_argument("--seconds", type=float, default=1.5, metavar="S",
                   help="measured span of each run; default 1.5")
    p.add_argument("--quick", action="store_true", help="few cells, two pairs")
    p.add_argument("--cells", default="", metavar="NAMES",
                   help="only cells whose name contains one of these, separated by commas")
    p.add_argument("--list", action="store_true", help="print the names of the cells")
    p.add_argument("--same", choices=(OURS, THEIRS), help="this server against itself: shows how "
                   "far the machine's noise alone moves the ratios")
    p.add_argument("--no-profile", action="store_true", help="do not look into missed bars")
    p.add_argument("--strict", action="store_true", help="exit 1 when a bar was missed")
    p.add_argument("--output", default="bench-results", metavar="FOLDER")
    return p.parse_args()


def chosen(args):
    names = [n for n in args.cells.split(",") if n]
    every = menu.all_cells()
    if names:
        picked = [c for c in every if any(n in c.name for n in names)]
        needed = {c.half_of for c in picked if c.half_of}
        return [c for c in every if c in picked or c.name in needed]
    return [c for c in every if c.quick] if args.quick else every


def cores():
    """(server's, generator's); None where there is nothing to choose."""
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        print("bench: one core only: server and generator share it, expect nonsense")
        return None, None
    return usable[-1], usable[0]


def idle_check():
    """Share of the machine that others use right now; says so when it is much."""
    def busy():
        with open("/proc/stat") as stat:
            v = [int(x) for x in stat.readline().split()[1:9]]
        return sum(v) - v[3] - v[4], sum(v)
    first = busy()
    time.sleep(1)
    last = busy()
    share = 100.0 * (last[0] - first[0]) / max(last[1] - first[1], 1)
    if share > 10:
        print("bench: %.0f %% of this machine is busy with something else: rates and latencies "
              "will be off; CPU per unit suffers less" % share)
    return round(share, 1)


class Bench:
    def __init__(self, args, folder):
        self.args, self.folder = args, folder
        self.server_core, self.load_core = cores()
        self.password_file = os.path.join(folder, "password")
        with open(self.password_file, "w") as f:
            f.write(servers.PASSWORD + "\n")
        ours = args.same or OURS
        theirs = args.same or THEIRS
        self.sides = {OURS: self._server(ours, 23478), THEIRS: self._server(theirs, 23479)}
        self.results = {}  # (cell name, side) -> list of natload's JSON, one per pair (or None)
        self.failures = []
        self.others_percent = idle_check()

    def _server(self, name, port):
        program = self.args.natsrvd if name == OURS else self.args.coturn
        if program is None or shutil.which(program) is None:
            sys.exit("bench: %s: %s is not there" % (name, program))
        return servers.Server(name, os.path.abspath(shutil.which(program)), port,
                              self.server_core, self.folder)

    def natload(self, side, argv, seconds):
        server = self.sides[side]
        command = [self.args.natload, "--json", "--user", servers.USER,
                   "--password-file", self.password_file, "--pid", str(server.pid())]
        if self.load_core is not None:
            command = ["taskset", "-c", str(self.load_core)] + command
        if "--seconds" not in argv:
            argv = argv + ["--seconds", "%dms" % (seconds * 1000)]
        return subprocess.Popen(command + argv + [server.target()], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def run_cell(self, cell, side):
        """natload's JSON, or None when there is no figure."""
        process = self.natload(side, self.argv(cell), self.args.seconds)
        try:
            out, err = process.communicate(timeout=30 + 3 * self.args.seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        if process.returncode not in (0, 1) or not out:
            self.failures.append("%s, %s: %s" % (
                cell.name, self.sides[side].name, err.strip() or "no answer"))
            return None
        result = json.loads(out)
        if not result["achieved"]:
            self.failures.append("%s, %s: %s" % (
                cell.name, self.sides[side].name, result.get("why_not")))
        return result

    def argv(self, cell):
        if cell.half_of is None:
            return cell.argv
        rates = [statistics.median(found) for found in
                 (self.values(cell.half_of, side, cell.rate_key) for side in self.sides) if found]
        half = int(min(rates) / 2) if rates else 1000
        return cell.argv + ["--rate", str(max(half, 100))]

    def values(self, cell_name, side, key):
        runs = self.results.get((cell_name, side), [])
        return [r[key] for r in runs if r is not None and key in r]

    def warm(self, side):
        """What a process does once (libraries, lazily made tables) is not an allocation's cost."""
        self.natload(side, ["hold", "-n", "20", "--seconds", "10ms"], 0).communicate(timeout=60)
        self.natload(side, ["binding"], 0.05).communicate(timeout=60)

    def pair(self, number, cells):
        """Both servers anew; every cell on both, who goes first changes; the other one is paused."""
        order = list(self.sides) if number % 2 == 0 else list(self.sides)[::-1]
        try:
            for side in order:
                self.sides[side].start()
                self.warm(side)
                self.sides[side].pause()
            for cell in cells:
                for side in order:
                    self.sides[side].go_on()
                    if cell.fresh:
                        time.sleep(0.2)
                    result = self.run_cell(cell, side)
                    self.results.setdefault((cell.name, side), []).append(result)
                    if not self.sides[side].alive():
                        sys.exit("bench: %s died in cell %s" % (side, cell.name))
                    self.sides[side].pause()
                self.progress(number, cell)
        finally:
            self.stop()

    def progress(self, number, cell):
        row = cell.rows[0]
        last = [self.results[(cell.name, side)][-1] for side in self.sides]
        figures = [r.get(row.key) if r else None for r in last]
        shown = ["-" if v is None else "%.4g" % v for v in figures]
        print("pair %d/%d  %-26s %-24s %10s : %-10s %s" % (
            number + 1, self.args.pairs, cell.name, row.label, shown[0], shown[1], row.unit),
            flush=True)

    def stop(self):
        for server in self.sides.values():
            server.stop()

    def profile(self, cell):
        """What our server does in a cell whose bar was missed."""
        server = self.sides[OURS]
        server.start()
        try:
            self.warm(OURS)
            load = self.natload(OURS, [a for a in self.argv(cell)], profile.SECONDS + 1.5)
            time.sleep(0.7)
            lines = profile.of(server.pid())
            load.communicate(timeout=60)
            return lines
        finally:
            server.stop()


def ratio_of(bench, cell, row):
    ours = bench.results.get((cell.name, OURS), [])
    theirs = bench.results.get((cell.name, THEIRS), [])
    ratios = [a[row.key] / b[row.key] for a, b in zip(ours, theirs)
              if a and b and row.key in a and row.key in b and b[row.key] > 0]
    return ratios


def judge(bench, cell, row):
    ratios = ratio_of(bench, cell, row)
    middle = statistics.median(ratios) if ratios else None

    def figure(side, key):
        found = bench.values(cell.name, side, key)
        return statistics.median(found) if found else None

    bar = None if bench.args.same else row.bar
    if bar is None:
        verdict = ""
    else:
        verdict = "pass" if middle is not None and round(middle, 3) <= round(bar, 3) else "MISS"
    return {
        "cell": cell.name, "title": cell.title, "key": row.key, "label": row.label,
        "unit": row.unit, "ours": figure(OURS, row.key), "theirs": figure(THEIRS, row.key),
        "ratio": middle, "ratios": ratios, "bar": bar, "verdict": verdict,
        "generator_busy": figure(OURS, "generator_busy_percent"),
        "more_is_better": row.more_is_better,
    }


def number(value):
    if value is None:
        return "-"
    return "%.0f" % value if abs(value) >= 1000 else "%.4g" % value


def table(rows, names):
    print("\n%-48s %-23s %10s %10s %-3s %7s %14s %6s" % (
        "", "", names[0], names[1], "", "ratio", "(range)", "bar"))
    title = None
    for r in rows:
        span = "(%.3g..%.3g)" % (min(r["ratios"]), max(r["ratios"])) if r["ratios"] else ""
        bound = r["more_is_better"] and (r["generator_busy"] or 0) > 95
        print("%-48s %-23s %10s %10s %-3s %7s %14s %6s %s%s" % (
            r["title"] if r["title"] != title else "", r["label"], number(r["ours"]),
            number(r["theirs"]), r["unit"], number(r["ratio"]), span,
            "" if r["bar"] is None else "%.3g" % r["bar"], r["verdict"],
            "generator at its limit" if bound else ""))
        title = r["title"]
    bars = [r for r in rows if r["bar"] is not None]
    passed = sum(r["verdict"] == "pass" for r in bars)
    if bars:
        print("\n%d of %d bars passed." % (passed, len(bars)))
    print("Ratio: %s : %s, median of pairs." % (names[0], names[1]))


def explain(bench, cells, rows):
    """Profiles of the cells with missed bars; {cell name: lines}."""
    missed = list(dict.fromkeys(r["cell"] for r in rows if r["verdict"] == "MISS"))
    missed.sort(key=lambda name: not name.endswith("-max"))  # those tell most
    found = {}
    for name in missed[:PROFILES]:
        cell = next(c for c in cells if c.name == name)
        print("\nmissed: %s. What natsrvd does there:" % cell.title)
        try:
            found[name] = bench.profile(cell)
        except (OSError, RuntimeError, subprocess.SubprocessError) as why:
            found[name] = ["no profile: %s" % why]
        print("\n".join("    " + line for line in found[name]))
    return found


def about(bench):
    cpu = ""
    with open("/proc/cpuinfo") as info:
        for line in info:
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    return {
        "ours": bench.sides[OURS].version(), "theirs": bench.sides[THEIRS].version(),
        "kernel": os.uname().release, "cpu": cpu, "server_core": bench.server_core,
        "load_core": bench.load_core, "pairs": bench.args.pairs, "seconds": bench.args.seconds,
        "others_percent": bench.others_percent,
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def save(bench, rows, head, profiles):
    os.makedirs(bench.args.output, exist_ok=True)
    base = os.path.join(bench.args.output, "bench")
    runs = {"%s/%s" % key: value for key, value in bench.results.items()}
    with open(base + ".json", "w") as f:
        json.dump({"schema": "natsrv-bench/1", "about": head, "rows": rows, "profiles": profiles,
                   "failures": bench.failures, "runs": runs}, f, indent=1)
        f.write("\n")
    picture.write(base + ".svg", rows, "%s : %s on %s" % (head["ours"], head["theirs"], head["cpu"]))
    print("saved %s.json and %s.svg" % (base, base))


def main():
    args = arguments()
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, lambda number, frame: sys.exit(128 + number))
    if args.quick:
        args.pairs = min(args.pairs, 2)
    cells = chosen(args)
    if args.list:
        print("\n".join("%-28s %s" % (c.name, c.title) for c in cells))
        return 0
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="natsrv-bench-") as folder:
        bench = Bench(args, folder)
        try:
            for i in range(args.pairs):
                bench.pair(i, cells)
            rows = [judge(bench, c, r) for c in cells for r in c.rows]
            head = about(bench)
            print("\n%s : %s, %s, Linux %s" % (
                head["ours"], head["theirs"], head["cpu"], head["kernel"]))
            table(rows, [s.name for s in bench.sides.values()])
            for line in dict.fromkeys(bench.failures):
                print("not achieved: " + line)
            wanted = not args.no_profile and not args.same
            profiles = explain(bench, cells, rows) if wanted else {}
            save(bench, rows, head, profiles)
        finally:
            bench.stop()
    print("%.0f s" % (time.monotonic() - begun))
    return 1 if args.strict and any(r["verdict"] == "MISS" for r in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
