"""`yimen --help` beside a bare click program, and a cold `yimen query` on the demo county."""

from __future__ import annotations

import sys
import tempfile

from county import YIMEN, loaded_county
from side_by_side import medians, show

BARE = """
import click
@click.group()
def cli(): pass
for n in range(18):
    cli.add_command(click.Command(f"c{n}", help="A command."))
cli()
"""
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 15


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        truth = loaded_county(folder, 300)
        person, household = truth["stories"][0]["id_number"], truth["stories"][0]["household_no"]
        found = medians(
            {
                "python -c pass": [sys.executable, "-c", "pass"],
                "bare click --help": [sys.executable, "-c", BARE, "--help"],
                "yimen --help": [YIMEN, "--help"],
                "yimen query ID": [YIMEN, "query", person],
                "yimen check --household": [YIMEN, "check", "--household", household],
            },
            ROUNDS,
        )
    kept = show(found, "bare click --help", {"yimen --help": 2.0})
    slow = found["yimen query ID"] > 0.5
    print(f"a cold query answers in {found['yimen query ID']:.2f} s (bar 0.5 s)")
    return 0 if kept and not slow else 1


if __name__ == "__main__":
    sys.exit(main())
