#!/usr/bin/env bash
# Runs every command of the README's "A day with it", one after another in a copy of the experiments, and
# writes how long each took into the README's comments. Ten minutes.
#
#   experiments/durations.sh
set -euo pipefail
cd "$(dirname "$0")/.."
metarate=$(realpath "${METARATE:-$(swift build -c release --show-bin-path)/metarate}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -r experiments "$folder/"
mkdir -p "$folder/results"
# What the quickstart leaves, to which the day compares.
(cd "$folder" && "$metarate" run experiments/digits.yaml --quiet --output results/quickstart)
/usr/bin/env python3 - "$metarate" "$folder" <<'PYTHON'
import pathlib, re, subprocess, sys, time
metarate, folder = map(pathlib.Path, sys.argv[1:])
readme = pathlib.Path("README.md")
text = readme.read_text()
start = text.index("```sh\n", text.index("## A day with it")) + 6
end = text.index("```", start)
lines = []
for line in text[start:end].splitlines():
    command, said = re.split(r"\s+# ", line, maxsplit=1)
    began = time.monotonic()
    done = subprocess.run(["bash", "-c", f'PATH="{metarate.parent}:$PATH"; {command}'], cwd=folder,
                          capture_output=True, text=True)
    seconds = time.monotonic() - began
    if done.returncode:
        sys.exit(f"durations.sh: {command}: exit code {done.returncode}: {done.stderr[-500:]}")
    duration = ("under 1 s" if seconds < 1 else f"{seconds:.0f} s" if seconds < 99.5
                else f"{seconds / 60:.0f} min")
    print(f"{seconds:8.1f} s  {command}", flush=True)
    said = re.sub(r"^(under 1 s|\d+ s|\d+ min): ", "", said)
    lines.append((command, f"{duration}: {said}"))
width = max(len(command) for command, _ in lines if len(command) < 62)
readme.write_text(text[:start] + "".join(
    f"{command.ljust(width)}  # {said}\n" for command, said in lines) + text[end:])
PYTHON
