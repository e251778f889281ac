"""What the kernel knows of processes: their CPU time and memory, and that of everybody else."""

import os
import platform
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def family(root: int) -> list[int]:
    """A process and all that came of it and still live."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            children.setdefault(int(stat[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def cpu(*roots: int) -> float:
    """CPU seconds of these processes and their families, the dead children that were waited for included."""
    return sum(_on_cpu(pid) + _of_dead_children(pid) for root in roots for pid in family(root))


def cpu_of_one(pid: int) -> float:
    """CPU seconds of one process, to the nanosecond where the kernel keeps them."""
    return _on_cpu(pid)


def busy() -> float:
    """CPU seconds that this machine has spent on anything since it started."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    user, nice, system, _idle, _iowait, irq, softirq, _steal = fields
    return (user + nice + system + irq + softirq) / TICK


def memory(root: int) -> int:
    """Bytes that a process and its family hold now: proportional where the kernel tells it, so that shared
    pages count once."""
    return sum(_memory_of(pid) for pid in family(root))


def parent(pid: int) -> int:
    stat = _stat(pid)
    if not stat:
        raise ProcessLookupError(pid)
    return int(stat[1])


def described() -> dict[str, str]:
    """The machine in words, without its name."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in _read("/proc/cpuinfo").splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    total = next(
        line.split()[1] for line in _read("/proc/meminfo").splitlines() if line.startswith("MemTotal")
    )
    return {
        "processors": f"{os.cpu_count()} × {model}",
        "memory": f"{int(total) / 1024 / 1024:.0f} GiB",
        "Python": platform.python_version(),
    }


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name (which may hold anything): state, parent, …"""
    return _read(f"/proc/{pid}/stat").rpartition(")")[2].split()


def _on_cpu(pid: int) -> float:
    threads = [int(text.split()[0]) for text in (_read(path / "schedstat") for path in _threads(pid)) if text]
    if any(threads):
        return sum(threads) / 1e9
    stat = _stat(pid)
    return (int(stat[11]) + int(stat[12])) / TICK if stat else 0.0


def _of_dead_children(pid: int) -> float:
    stat = _stat(pid)
    return (int(stat[13]) + int(stat[14])) / TICK if stat else 0.0


def _threads(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []  # it has just ended


def _memory_of(pid: int) -> int:
    for name, word in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        for line in _read(f"/proc/{pid}/{name}").splitlines():
            if line.startswith(word):
                return int(line.split()[1]) * 1024
    return 0


def _read(path: str | Path) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
