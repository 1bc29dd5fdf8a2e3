#!/usr/bin/env bash
# The smooth losses of `charrnn train --preset adam` for five seeds, at the updates for which docs/exercise.md gives them, and how far each is from
# what an independent program has; exits 1 where one is more than 1.5 % off. On Karpathy's tinyshakespeare the numbers are those below.
# usage: bench/preset-seeds.sh TEXT [charrnn]
set -euo pipefail
text=$(realpath "$1") charrnn=$(realpath "${2:-out/charrnn}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for seed in 1 2 3 4 5; do
  "$charrnn" train "$text" --preset adam --seed $seed --steps 150000 --sample-every 0 --quiet --out $seed >/dev/null
  awk -F, -v seed=$seed '$1 == 1 || $1 == 1000 || $1 == 4000 || $1 == 10000 || $1 == 30000 || $1 == 100000 || $1 == 150000 { printf "%d %d %.6f\n", seed, $1, $4 }' $seed/metrics.csv
done | tee results >/dev/null
awk '
  BEGIN { expected[4000] = 2.173; expected[30000] = 1.860; expected[100000] = 1.626; expected[150000] = 1.646 }
  { loss[$1, $2] = $3; if ($1 == 1) { step[++n] = $2 } }
  END {
    print "| update | seed 1 | seed 2 | seed 3 | seed 4 | seed 5 | independent | farthest |"
    print "|---|---|---|---|---|---|---|---|"
    for (i = 1; i <= n; i++) {
      s = step[i]; row = "| " s " |"; far = 0
      for (seed = 1; seed <= 5; seed++) {
        row = row sprintf(" %.3f |", loss[seed, s])
        if (s in expected) { off = loss[seed, s] / expected[s] - 1; if (off < 0) { off = -off } if (off > far) { far = off } }
      }
      print row (s in expected ? sprintf(" %.3f | %.2f %% |", expected[s], 100 * far) : " | |")
      if (far > 0.015) { bad = 1 }
    }
    exit bad
  }' results
