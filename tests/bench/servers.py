"""The two servers of the benchmark: how they are configured, started, paused and stopped.

Both get one core, one relay thread, one UDP listener on 127.0.0.1, one user, no other transport,
no logging, no quota, and leave to relay to loopback peers.
"""

import ctypes
import os
import resource
import signal
import socket
import subprocess
import time

HOST = "127.0.0.1"
REALM = "bench.test"
USER = "load"
PASSWORD = "a-password-for-the-benchmark-only"
RELAY_PORTS = (49152, 65535)

NATSRV_CONF = """
server = { name = "%(realm)s"; realm = "%(realm)s"; workers = 1; user = ""; group = ""; };
listeners = ( { name = "bench"; address = [ "%(host)s" ]; port = %(port)d; transport = [ "udp" ]; } );
relay = { ipv4 = "%(host)s"; ipv6 = "none"; ports = "%(lo)d-%(hi)d"; };
auth = { secret_files = [ ]; users = ( { name = "%(user)s"; password = "%(password)s"; } ); };
peers = { allow = [ "127.0.0.0/8" ]; };
limits = { allocations_per_user = 0;%(limits)s };
log = { target = "stderr"; level = "error"; };
"""

# Rate limits that a version may or may not have; a benchmark comes from one address and one user.
NATSRV_LIMITS = [
    "allocations_per_ip", "unauthenticated_per_ip", "unauthenticated_per_net",
    "unauthenticated_total", "binding_per_ip", "allocate_per_ip", "requests_per_allocation",
]


class Server:
    """One server process on one core. `name` is natsrvd or coturn."""

    def __init__(self, name, program, port, core, folder):
        self.name, self.program, self.port = name, program, port
        self.core, self.folder = core, folder
        self.process = None

    def target(self):
        return "%s:%d" % (HOST, self.port)

    def start(self):
        argv = self._natsrvd() if self.name == "natsrvd" else self._coturn()
        if self.core is not None:
            argv = ["taskset", "-c", str(self.core)] + argv
        path = os.path.join(self.folder, "%s-%d.log" % (self.name, self.port))
        with open(path, "wb") as log:
            self.process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                preexec_fn=_prepare)
        self._wait(path)

    def pid(self):
        return self.process.pid

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
        try:
            self.process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def version(self):
        if self.name == "natsrvd":
            text = _output([self.program, "--version"])
            return text.splitlines()[0] if text else "natsrvd"
        return "coturn " + (_output(["dpkg-query", "-W", "-f", "${Version}", "coturn"]) or "?")

    def _natsrvd(self):
        known = _output([self.program, "--print", "sample"])
        limits = "".join(" %s = \"0\";" % k for k in NATSRV_LIMITS if k in known)
        path = os.path.join(self.folder, "natsrvd-%d.conf" % self.port)
        with open(path, "w", opener=lambda p, f: os.open(p, f, 0o600)) as conf:
            conf.write(NATSRV_CONF % {
                "realm": REALM, "host": HOST, "port": self.port, "user": USER,
                "password": PASSWORD, "lo": RELAY_PORTS[0], "hi": RELAY_PORTS[1],
                "limits": limits})
        return [self.program, "-f", path]

    def _coturn(self):
        return [
            self.program, "-n", "-L", HOST, "-E", HOST, "-p", str(self.port), "-m", "1",
            "--no-tls", "--no-dtls", "--no-tcp", "--no-cli", "--no-software-attribute",
            "-a", "-u", "%s:%s" % (USER, PASSWORD), "-r", REALM, "--allow-loopback-peers",
            "--min-port", str(RELAY_PORTS[0]), "--max-port", str(RELAY_PORTS[1]),
            "--log-file", "/dev/null", "--no-stdout-log",
            "--pidfile", os.path.join(self.folder, "coturn-%d.pid" % self.port)]

    def _wait(self, log):
        """Until it answers a Binding request."""
        request = bytes.fromhex("000100002112a442") + os.urandom(12)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.1)
            probe.connect((HOST, self.port))
            for _ in range(100):
                if self.process.poll() is not None:
                    break
                try:
                    probe.send(request)
                    if probe.recv(2048)[8:20] == request[8:20]:
                        return
                except OSError:
                    time.sleep(0.05)
        with open(log, errors="replace") as text:
            raise RuntimeError("%s does not answer on %s\n%s" % (
                self.name, self.target(), text.read()[-2000:]))


def _prepare():
    """In the child: as many descriptors as it may have, for thousands of allocations; and it ends
    with the benchmark, however that ends (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _output(argv):
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=10)
        return done.stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
