#!/usr/bin/env bash
# Does with charrnn for Windows, under wine, what a student does with it. Wine is not Windows: its file system is that of Linux below, AVX-512
# is hidden, and no native program can be built for it here. Prints a line for each thing that holds, and at last that everything does.
#   dotnet publish src/AotCli -c Release -r win-x64 --self-contained -p:PublishAot=false -o PROGRAM
#   tests/Platforms.Tests/windows.sh PROGRAM [arithmetic|runs|names|stopping ...]
set -uo pipefail
root=$(realpath "$(dirname "$0")/../..")
program=$(realpath "${1:?"usage: windows.sh PROGRAM [PART...]"}")/charrnn.exe
shift
work=$(mktemp -d)
export WINEPREFIX=${WINEPREFIX:-"$work/wine"} WINEDEBUG=-all DISPLAY=
trap 'wineserver -k 2>/dev/null || /usr/lib/wine/wineserver -k 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
# What wine says of a folder of its own when it makes one is nothing of ours.
[ -d "$WINEPREFIX" ] || timeout 120 wine wineboot --init >/dev/null 2>&1

fail() { echo "not so: $1"; cat stdout stderr; exit 1; }
charrnn() { timeout 240 wine "$program" "$@" >stdout 2>stderr </dev/null; }
holds() { local what=$1; shift; "$@" || fail "$what"; echo "holds: $what ($SECONDS s)"; }
refused() { # refused TEXT ARGUMENTS: one line on standard error, exit code 2, nothing on standard output
  local text=$1; shift
  charrnn "$@"; [ $? -eq 2 ] && [ "$(wc -l <stderr)" -eq 1 ] && grep -q -- "$text" stderr && [ ! -s stdout ]
}

arithmetic() {
  holds "it starts" charrnn --version
  holds "it has AVX2 and FMA and says where" grep -q "AVX2.*, win-x64)" stdout
  holds "its kernels agree with scalar loops" charrnn bench --verify
  holds "its gradients are right" charrnn gradcheck --hidden 5 --vocabulary 8 --seq-length 3 --cases 3
}

runs() {
  # The README's lines for PowerShell, but for the first, which publishes for the Windows in which it is typed, and the last, which opens a browser.
  local line lines=0 words
  while IFS= read -r line; do
    read -ra words <<<"$line"
    holds "$line" charrnn "${words[@]:1}"
    lines=$((lines + 1))
  done < <(awk '/^```powershell$/ { inside = 1; next } /^```$/ { inside = 0 } inside && /^out\\charrnn /' "$root/README.md")
  holds "the README has such lines" test "$lines" -ge 2
  holds "the page that writes is there" test -s runs/tale/write.html

  holds "it trains" charrnn train --out 'runs\whole' --steps 400 --quiet
  holds "a run is half done" charrnn train --out runs/half --steps 150 --quiet
  holds "and goes on" charrnn train --resume runs/half --steps 400 --quiet
  holds "to the same bytes" cmp runs/whole/last.safetensors runs/half/last.safetensors
  holds "it writes" charrnn sample 'runs\whole' --length 100 --temperature 0
  holds "with line feeds alone" bash -c "! grep -q $'\r' stdout runs/whole/*.json* runs/whole/*.csv"
  holds "a lab is done" charrnn lab --out runs/lab --hidden 10 --epochs 1 --quiet
}

names() {
  holds "devices are no names for runs" refused "'con' is the name of a device in Windows" train --out con
  holds "nor in the midst of a path" refused "'aux' is the name of a device in Windows" train --out 'runs\aux\one'
  local deep
  deep=runs/$(printf 'a-folder-of-a-long-name/%.0s' {1..12})run
  holds "a path of 300 letters is no trouble" charrnn train --out "$deep" --steps 50 --quiet
  holds "nor to read" charrnn sample "$deep" --length 20
  holds "devices are no names for files" refused "'nul.html' is the name of a device in Windows" report "$deep" --out nul.html
}

stopping() {
  timeout --foreground 120 wine "$program" train --out runs/stopped --steps 100000000 >stopped.stdout 2>stopped.stderr </dev/null &
  local training=$! code
  for _ in {1..60}; do sleep 1; [ -s runs/stopped/metrics.jsonl ] && break; done
  holds "a folder in which one trains is locked" refused "another process is training" train --resume runs/stopped --steps 200000000
  kill -INT "$training"
  wait "$training"; code=$?
  holds "Ctrl-C stops it, with 130" test "$code" -eq 130
  holds "the run is saved" test -s runs/stopped/last.safetensors
}

if [ $# -eq 0 ]; then set -- arithmetic runs names stopping; fi
for part in "$@"; do "$part"; done
echo "everything holds"
