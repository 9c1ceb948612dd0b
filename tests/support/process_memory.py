"""Memory of a process, as Linux tells it."""

from pathlib import Path


def memory_mb(pid: int, name: str = "VmRSS") -> float:
    """Resident memory of a process, in MB; "VmHWM" is the most that it had."""
    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    line = next(line for line in status.splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024 / 1e6
