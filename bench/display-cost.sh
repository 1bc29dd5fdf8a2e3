#!/usr/bin/env bash
# What the live display of `charrnn train` costs: the same training with --quiet and on a terminal of 80 x 24 (script(1) makes one), in turns.
# Processor time counts the thread that draws too.
# usage: bench/display-cost.sh [charrnn] [updates] [runs]
set -euo pipefail
charrnn=$(realpath "${1:-out/charrnn}") updates=${2:-300000} runs=${3:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export TERM=xterm TIMEFORMAT='%U %S'

# Prints wall microseconds an update, as the training itself measures them, and processor seconds in all.
run() {
  rm -rf run
  { time "$@" >output 2>errors </dev/null; } 2>times
  echo "$(sed -nE 's/.*"microseconds_per_update":([0-9.]+).*/\1/p' output) $(awk '{ print $1 + $2 }' times)"
}
train="$charrnn train --out run --steps $updates --json"
for ((i = 1; i <= runs; i++)); do
  read -r wall processor < <(run $train --quiet)
  echo "quiet $wall $processor"
  read -r wall processor < <(run script -qec "stty rows 24 cols 80; $train" /dev/null)
  echo "live $wall $processor"
done | tee results
awk '
  function median(values, n,   i, j, t) {
    for (i = 2; i <= n; i++) for (j = i; j > 1 && values[j] < values[j - 1]; j--) { t = values[j]; values[j] = values[j - 1]; values[j - 1] = t }
    return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
  }
  $1 == "quiet" { qw[++q] = $2 + 0; qc[q] = $3 + 0 }
  $1 == "live" { lw[++l] = $2 + 0; lc[l] = $3 + 0 }
  END {
    a = median(qw, q); b = median(lw, l); c = median(qc, q); d = median(lc, l)
    printf "microseconds an update: quiet min %.2f median %.2f, live min %.2f median %.2f: %+.2f %% (min), %+.2f %% (median)\n", qw[1], a, lw[1], b, 100 * (lw[1] / qw[1] - 1), 100 * (b / a - 1)
    printf "processor seconds: quiet min %.3f median %.3f, live min %.3f median %.3f: %+.2f %% (min), %+.2f %% (median)\n", qc[1], c, lc[1], d, 100 * (lc[1] / qc[1] - 1), 100 * (d / c - 1)
  }' results
