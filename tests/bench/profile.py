"""Where a server's time goes while a cell runs: for the report on bars that were missed.

In this order, whatever works here: perf (samples of all threads), strace (system calls; it slows
the server down, so only its proportions count), and always the split of user and system time.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time

SECONDS = 2
LINES = 12


def of(pid):
    """A list of lines. Takes about SECONDS."""
    before = _times(pid)
    lines = _perf(pid) or _strace(pid) or _nothing()
    return _split(before, _times(pid)) + lines


def _times(pid):
    with open("/proc/%d/stat" % pid) as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return int(fields[11]), int(fields[12])


def _split(before, after):
    user, system = after[0] - before[0], after[1] - before[1]
    if user + system == 0:
        return ["no CPU time used"]
    return ["user %d %%, system %d %%" % (100 * user // (user + system),
                                          100 * system // (user + system))]


def _perf(pid):
    if shutil.which("perf") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "perf.data")
        record = ["perf", "record", "-q", "-e", "cpu-clock", "-F", "2000", "-o", data,
                  "-p", str(pid), "--", "sleep", str(SECONDS)]
        if subprocess.run(record, capture_output=True).returncode != 0:
            return None
        lines = _perf_report(data, "dso", 4) + _perf_report(data, "dso,symbol", LINES)
    return ["perf, share of CPU time:"] + lines if lines else None


def _perf_report(data, sort, most):
    done = subprocess.run(
        ["perf", "report", "-q", "-i", data, "--stdio", "--sort", sort],
        capture_output=True, text=True)
    found = [re.sub(r"\s+", " ", line).strip(" -") for line in done.stdout.splitlines()
             if re.match(r"\s*\d+\.\d+%", line)]
    return ["  " + line for line in found[:most]]


def _strace(pid):
    if shutil.which("strace") is None:
        return None
    trace = subprocess.Popen(["strace", "-c", "-f", "-p", str(pid)], stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True)
    time.sleep(SECONDS)
    trace.send_signal(2)
    _, text = trace.communicate(timeout=10)
    lines = [line for line in text.splitlines() if re.match(r"\s*\d+\.\d+\s", line)]
    return ["strace, share of time in system calls:"] + lines[:LINES] if lines else None


def _nothing():
    return ["(neither perf nor strace works here)"]
