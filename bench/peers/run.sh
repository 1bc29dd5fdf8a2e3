#!/usr/bin/env bash
# charrnn beside what else one could train this network with, on the same work: 25 characters an update, AdaGrad, clipping,
# single precision, one thread. The programs run in turn, several rounds, so that a busy machine disturbs all of them alike.
# usage: bench/peers/run.sh TEXT [HIDDEN]
#   TEXT    a text in ASCII, such as src/Rnn/Text/BuiltIn/tale.txt
#   HIDDEN  hidden size m; 100 without it
# environment: CHARRNN_BINARY  the published binary (default out/charrnn; publish with -p:HiddenSize= and -p:Corpus=TEXT)
#              CHARRNN_ROUNDS  rounds, at least 5 (default 5)
#              CHARRNN_MILLISECONDS  how long a peer runs in a round (default 300)
# needs gcc; g++ with Eigen (libeigen3-dev), OpenBLAS (libopenblas-dev) and numpy where they are to be compared: what is
# missing is skipped and named.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { sed -n '2,11s/^# \?//p' "$0" >&2; exit 2; }
[ -r "$1" ] || { echo "$1 is not a file: give a text" >&2; exit 2; }
CHARRNN_TEXT=$(realpath "$1"); export CHARRNN_TEXT
hidden=${2:-100}; export CHARRNN_HIDDEN=$hidden
rounds=${CHARRNN_ROUNDS:-5}; milliseconds=${CHARRNN_MILLISECONDS:-300}
[ "$rounds" -ge 5 ] || { echo "CHARRNN_ROUNDS is $rounds: at least 5 rounds say something" >&2; exit 2; }
! LC_ALL=C grep -q '[^ -~[:space:]]' "$CHARRNN_TEXT" || { echo "$1 has characters of several bytes, which the peers do not read: give a text in ASCII" >&2; exit 2; }
charrnn=$(realpath "${CHARRNN_BINARY:-$here/../../out/charrnn}")
[ -x "$charrnn" ] || { echo "$charrnn is not there: publish it, or name another with CHARRNN_BINARY" >&2; exit 2; }
vocabulary=$(od -An -v -tu1 -w1 "$CHARRNN_TEXT" | sort -u | wc -l)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
sizes=(-DHIDDEN="$hidden" -DVOCABULARY="$vocabulary")
flags=(-O3 -march=native -ffast-math -Wall -Wno-unused-function "${sizes[@]}")

names=(); commands=(); skipped=()
# peer NAME COMMAND...: one more line of the table, if the command runs.
peer() {
    local name=$1; shift
    if "$@" 2 > "$work/try" 2> "$work/why"; then names+=("$name"); commands+=("$*"); else skipped+=("$name: $(tail -n 1 "$work/why")"); fi
}

gcc "${flags[@]}" "$here/loops.c" -o "$work/loops" -lm && peer "C loops, gcc -O3 -ffast-math" "$work/loops"
if g++ -E -x c++ - < <(echo '#include <Eigen/Dense>') -I/usr/include/eigen3 > /dev/null 2>&1; then
    eigen=(g++ "${flags[@]}" -w -DEIGEN_STACK_ALLOCATION_LIMIT=0 -I/usr/include/eigen3 "$here/eigen.cpp")
    if grep -qm1 avx512f /proc/cpuinfo; then
        "${eigen[@]}" -o "$work/eigen512" && peer "Eigen, fixed sizes, AVX-512" "$work/eigen512"
    fi
    "${eigen[@]}" -mno-avx512f -o "$work/eigen256" && peer "Eigen, fixed sizes, AVX2" "$work/eigen256"
else
    skipped+=("Eigen: no libeigen3-dev")
fi
if gcc "${flags[@]}" "$here/openblas.c" -o "$work/openblas" -lopenblas -lm 2> /dev/null; then
    peer "OpenBLAS, batched products, its own choice of core" "$work/openblas"
    ! grep -qm1 avx512f /proc/cpuinfo || peer "OpenBLAS, batched products, SkylakeX" env OPENBLAS_CORETYPE=SkylakeX "$work/openblas"
    peer "OpenBLAS, batched products, Haswell" env OPENBLAS_CORETYPE=Haswell "$work/openblas"
else
    skipped+=("OpenBLAS: no libopenblas-dev")
fi
python=""
for candidate in python3 /usr/bin/python3; do
    [ -n "$python" ] || ! "$candidate" -c 'import numpy' 2> /dev/null || python=$candidate
done
if [ -n "$python" ]; then cp "$here/numpy_update.py" "$work" && peer "numpy" "$python" "$work/numpy_update.py"; else skipped+=("numpy: no python3 with numpy"); fi

# The same work? While rounding errors have not grown yet, at a small learning rate, all losses agree.
expected=""
for i in "${!names[@]}"; do
    loss=$(${commands[$i]} 30 check)
    expected=${expected:-$loss}
    awk -v a="$loss" -v b="$expected" 'BEGIN { d = (a - b) / b; exit !(d < 1e-4 && d > -1e-4) }' ||
        { echo "${names[$i]}: loss $loss after 30 updates, ${names[0]}: $expected" >&2; exit 1; }
done

# charrnn as users run it: logs, samples and checkpoints are written; its own clock, from the first update to the last file.
train() {
    "$charrnn" train "$CHARRNN_TEXT" --hidden "$hidden" --steps "$1" --out "$work/run$RANDOM$RANDOM" --quiet --json |
        sed -n 's/.*"microseconds_per_update":\([0-9.]*\).*/\1/p'
}

names=("charrnn train" "${names[@]}"); commands=(train "${commands[@]}"); counts=()
for i in "${!names[@]}"; do
    trial=$(awk -v m="$hidden" 'BEGIN { n = int(2e6 / m / m); print (n < 3 ? 3 : n > 50 ? 50 : n) }')
    # charrnn runs five times as long: opening and closing a run's files is part of its time, and users train for seconds.
    counts+=("$(awk -v ms="$((i == 0 ? 5 * milliseconds : milliseconds))" -v us="$(${commands[$i]} "$trial")" 'BEGIN { n = int(1000 * ms / us); print (n < 3 ? 3 : n) }')")
done
for ((round = 0; round < rounds; round++)); do
    for i in "${!names[@]}"; do ${commands[$i]} "${counts[$i]}" >> "$work/times$i"; done
done

processor=$("$charrnn" info --json | sed -n 's/.*"processor": *"\([^"]*\)".*/\1/p' | head -n 1)
kernels=$("$charrnn" train "$CHARRNN_TEXT" --hidden "$hidden" --steps 1 --out "$work/kernels" --quiet --json | sed -n 's/.*"kernel_path":"\([^"]*\)".*/\1/p')
echo "${processor:-$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)}; hidden size $hidden, vocabulary size $vocabulary; charrnn's kernels: $kernels"
echo "Microseconds an update, $rounds interleaved rounds."
echo
echo "| | min | median | min / charrnn | median / charrnn |"
echo "|---|---|---|---|---|"
for i in "${!names[@]}"; do
    sort -n "$work/times$i" | awk -v name="${names[$i]}" -v own="$(sort -n "$work/times0" | awk '{ t[NR] = $1 } END { print t[1], t[int((NR + 1) / 2)] }')" '
        { t[NR] = $1 } END { split(own, c, " "); median = t[int((NR + 1) / 2)]; printf "| %s | %.2f | %.2f | %.2f | %.2f |\n", name, t[1], median, t[1] / c[1], median / c[2] }'
done
for line in "${skipped[@]:-}"; do [ -z "$line" ] || echo "skipped: $line"; done
