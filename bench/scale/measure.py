"""Runs a command: its CPU time, and the most memory that it and all that it started had at once."""

import json
import os
import resource
import subprocess
import sys
import threading
import time

PAGE = os.sysconf("SC_PAGE_SIZE")


def tree_bytes(root):
    parents, sizes = {}, {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(name)] = int(fields[1])
        sizes[int(name)] = int(fields[21]) * PAGE
    total = 0
    for pid in parents:
        above = pid
        while above not in (0, root):
            above = parents.get(above, 0)
        total += sizes[pid] if above == root else 0
    return total


child = subprocess.Popen(sys.argv[2:])
peak = 0


def watch():
    global peak
    while child.poll() is None:
        peak = max(peak, tree_bytes(child.pid))
        time.sleep(0.2)


started = time.monotonic()
thread = threading.Thread(target=watch, daemon=True)
thread.start()
code = child.wait()
seconds = time.monotonic() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as result:
    json.dump({"seconds": seconds, "cpuSeconds": used.ru_utime + used.ru_stime, "mebibytes": peak / 2**20}, result)
sys.exit(code)
