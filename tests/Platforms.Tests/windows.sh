#!/usr/bin/env bash
# Publishes charrnn for Windows and does with it under wine what a student does with it. Wine is not Windows: its file system is that of
# Linux below, AVX-512 is hidden, and there is no native AOT here. Ends with a line of its own for each thing that holds.
#   tests/Platforms.Tests/windows.sh [SOURCES]
set -uo pipefail
sources=$(realpath "${1:-"$(dirname "$0")/../.."}")
work=$(mktemp -d)
export WINEPREFIX="$work/wine" WINEDEBUG=-all DISPLAY=
trap 'wineserver -k 2>/dev/null || /usr/lib/wine/wineserver -k 2>/dev/null; rm -rf "$work"' EXIT

fail() { echo "not so: $1"; [ -f "$work/out" ] && cat "$work/out" "$work/err"; exit 1; }
charrnn() { wine "$work/charrnn/charrnn.exe" "$@" >"$work/out" 2>"$work/err" </dev/null; }
holds() { local what=$1; shift; "$@" || fail "$what"; echo "holds: $what"; }
refused() { # refused CODE TEXT ARGUMENTS: one line on standard error, that exit code, nothing on standard output
  local code=$1 text=$2; shift 2
  charrnn "$@"; [ $? -eq "$code" ] && [ "$(wc -l <"$work/err")" -eq 1 ] && grep -q -- "$text" "$work/err" && [ ! -s "$work/out" ]
}

dotnet publish "$sources/src/AotCli" -c Release -r win-x64 --self-contained -p:PublishAot=false -o "$work/charrnn" -v q -nologo || fail "it is published for Windows"
cd "$work" || exit 1

holds "it starts and says where" charrnn --version
holds "it has AVX2 and FMA" grep -q "AVX2.*, win-x64)" out
holds "its kernels agree with scalar loops" charrnn bench --verify
holds "its gradients are right" charrnn gradcheck --hidden 5 --vocabulary 8 --seq-length 3 --cases 3
holds "it trains" charrnn train --out 'runs\whole' --steps 400 --quiet
holds "a run is half done" charrnn train --out runs/half --steps 150 --quiet
holds "and goes on" charrnn train --resume runs/half --steps 400 --quiet
holds "to the same bytes" cmp runs/whole/last.safetensors runs/half/last.safetensors
holds "it writes" charrnn sample 'runs\whole' --length 100 --temperature 0
holds "with line feeds alone" bash -c "! grep -q $'\r' out runs/whole/*.json* runs/whole/*.csv"
holds "a lab is done" charrnn lab --out runs/lab --epochs 1 --quiet
holds "a page that writes is exported" charrnn export runs/whole
holds "devices are no names for runs" refused 2 "'con' is the name of a device in Windows" train --out con
holds "nor for files" refused 2 "'nul.html' is the name of a device in Windows" report runs/whole --out nul.html
deep=runs/$(printf 'a-folder-of-a-long-name/%.0s' {1..12})run
holds "a path of 300 letters is no trouble" charrnn train --out "$deep" --steps 50 --quiet
holds "nor to read" charrnn sample "$deep" --length 20

# Ctrl-C: stops after the update, saves, and can be gone on from.
wine charrnn/charrnn.exe train --out runs/stopped --steps 100000000 >out 2>err </dev/null &
for _ in {1..60}; do sleep 1; [ -s runs/stopped/metrics.jsonl ] && break; done
kill -INT $!
wait $!; code=$?
holds "Ctrl-C stops it, with 130" test "$code" -eq 130
holds "the run is saved" test -s runs/stopped/last.safetensors
echo "everything holds"
