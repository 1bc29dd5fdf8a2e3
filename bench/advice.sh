#!/usr/bin/env bash
# Follows the advice of `charrnn explain`, "try --eta 0.05": three texts (the built-in tale, tinyshakespeare, the C# sources of this project), eta 0.1 and 0.05,
# seeds 1 to 4, 100,000 updates of the exercise's network. Fails unless the median of the last smooth loss is at least 3 % lower with 0.05 on every text, and
# unless the advice is given for some runs of 0.1, always as 0.05, and for no run of 0.05.
# usage: bench/advice.sh CHARRNN TINYSHAKESPEARE [FOLDER]     (some minutes; a folder that holds runs already goes on)
set -euo pipefail
export LC_ALL=C
charrnn=$(realpath "$1") shakespeare=$(realpath "$2") root=$(cd "$(dirname "$0")/.." && pwd)
folder=${3:-$(mktemp -d)}
mkdir -p "$folder"
cp "$root/src/Rnn/Text/BuiltIn/tale.txt" "$folder/tale.txt"
cp "$shakespeare" "$folder/tinyshakespeare.txt"
# A folder that goes on keeps its text: the sources may have changed since.
[ -f "$folder/sources.txt" ] || (cd "$root" && git ls-files 'src/*.cs' | sort | xargs cat) > "$folder/sources.txt"
status=0
for text in tale tinyshakespeare sources; do
  "$charrnn" sweep "$folder/$text.txt" --out "$folder/$text" --eta 0.1,0.05 --seed 1..4 --sample-every 0 > /dev/null 2>&1
  for eta in 0.1 0.05; do
    losses=() advised=0
    for seed in 1 2 3 4; do
      run=$folder/$text/eta-${eta}_seed-$seed
      losses+=("$(tail -n 1 "$run/metrics.jsonl" | sed -E 's/.*"smooth_loss":([0-9.]+).*/\1/')")
      advice=$("$charrnn" explain "$run" --json 2>/dev/null | sed -nE 's/.*"suggested_eta":([^,]+),.*/\1/p')
      case $advice in
        null) ;;
        0.05) advised=$((advised + 1)) ;;
        *) echo "$run: advice $advice"; status=1 ;;
      esac
    done
    median=$(printf '%s\n' "${losses[@]}" | sort -n | awk '{ v[NR] = $1 } END { print (v[2] + v[3]) / 2 }')
    printf '%-16s eta %-5s smooth loss %s, median %.2f; advised in %d of 4 runs\n' "$text" "$eta" "$(printf '%.2f ' "${losses[@]}")" "$median" "$advised"
    if [ "$eta" = 0.1 ]; then
      before=$median
      [ "$advised" -gt 0 ] || { echo "$text: no run of eta 0.1 was advised"; status=1; }
    else
      [ "$advised" -eq 0 ] || { echo "$text: a run of eta 0.05 was advised"; status=1; }
      awk -v text="$text" -v before="$before" -v after="$median" 'BEGIN { share = 100 * (1 - after / before); printf "%-16s lower by %.1f %%\n", text, share; exit share < 3 }' || { echo "$text: less than 3 % lower"; status=1; }
    fi
  done
done
exit $status
