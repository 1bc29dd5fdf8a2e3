#!/usr/bin/env bash
# charrnn beside libtorch through TorchSharp, the strongest thing that a .NET user has: LSTMs of many streams, 50 characters a chunk, K = 80, Adam, nothing
# clipped, single precision. Both run in turn, several rounds; of each the fastest update counts.
# usage: bench/peers/torch.sh [CASE...]
#   CASE    hidden size:layers:streams:threads; without any, the table of docs/benchmarks.md
# environment: CHARRNN_BINARY  the published binary (default out/charrnn)
#              CHARRNN_ROUNDS  rounds, at least 3 (default 3)
#              CHARRNN_SECONDS  how long libtorch runs in a round (default 3)
# needs the .NET SDK, 300 MB for libtorch, and on a system whose libstdc++ is older than GCC 13's gcc and python3.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rounds=${CHARRNN_ROUNDS:-3}; seconds=${CHARRNN_SECONDS:-3}
[ "$rounds" -ge 3 ] || { echo "CHARRNN_ROUNDS is $rounds: at least 3 rounds say something" >&2; exit 2; }
charrnn=$(realpath "${CHARRNN_BINARY:-$here/../../out/charrnn}")
[ -x "$charrnn" ] || { echo "$charrnn is not there: publish it, or name another with CHARRNN_BINARY" >&2; exit 2; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
dotnet build "$here/torch" -c Release -o "$work/torch" > "$work/log" || { tail -n 5 "$work/log" >&2; exit 1; }
preload=
torch() { LD_PRELOAD=$preload dotnet "$work/torch/Torch.Benchmarks.dll" "$@"; }
if ! torch 8 1 1 1 1 0 > "$work/try" 2> "$work/why"; then
    # An older libstdc++ lacks one symbol of GCC 13's, which does nothing in a shared library.
    echo 'void _ZSt21ios_base_library_initv(void) {}' > "$work/new.c"
    preload=$work/new.so
    gcc -shared -fPIC -o "$preload" "$work/new.c"
    python3 "$here/torch/weaken.py" "$(find "$work/torch" -name libLibTorchSharp.so | head -n 1)" GLIBCXX_3.4.32
    torch 8 1 1 1 1 0 > "$work/try" 2> "$work/why" || { head -n 3 "$work/why" >&2; exit 1; }
fi

[ $# -gt 0 ] || set -- 128:1:1:1 128:1:16:1 128:1:50:1 256:1:1:1 256:1:16:1 256:1:50:1 512:1:1:1 512:1:16:1 512:1:50:1 128:2:50:1 128:1:16:2 256:1:16:2 512:1:16:2
number() { sed -n "/\"$1\"/{s/.*: *\([0-9.eE+-]*\).*/\1/p;q}" "$2"; }
"$charrnn" info --json | sed -n 's/.*"processor": *"\([^"]*\)".*/\1/p' | head -n 1
echo "Characters a second by the fastest update of $rounds interleaved rounds."
echo
echo "| m | layers | streams | threads | charrnn | of one core's peak | libtorch | times libtorch |"
echo "|---|---|---|---|---|---|---|---|"
for case in "$@"; do
    IFS=: read -r hidden layers streams threads <<< "$case"
    ours=; theirs=; share=
    for ((round = 0; round < rounds; round++)); do
        "$charrnn" bench --cell lstm --hidden "$hidden" --layers "$layers" --streams "$streams" --threads "$threads" --vocabulary 80 --seq-length 50 --json > "$work/own"
        ours+=" $(number min_microseconds "$work/own")"; share+=" $(number share_of_peak "$work/own")"
        theirs+=" $(torch "$hidden" "$layers" "$streams" 50 "$threads" "$seconds")"
    done
    awk -v ours="$ours" -v theirs="$theirs" -v share="$share" -v case="$hidden | $layers | $streams | $threads" -v characters=$((50 * streams)) '
        function best(list, greatest,    n, i, value, parts) { n = split(list, parts, " "); value = parts[1]; for (i = 2; i <= n; i++) if (greatest ? parts[i] > value : parts[i] < value) value = parts[i]; return value }
        BEGIN { own = characters * 1e6 / best(ours, 0); other = characters * 1e3 / best(theirs, 0); printf "| %s | %d | %.0f %% | %d | %.2f |\n", case, own, 100 * best(share, 1), other, own / other }'
done
